"""The past: whom a giver introduced to whom, has in hand just now, and has set aside."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from circle.extensions import db
from circle.models import Commitment, Dismissal, Introduction, Round
from circle.models.base import as_row
from circle.rules.commitments import OUTSTANDING
from circle.rules.matching import sparing
from circle.rules.names import name_key
from circle.rules.states import RoundState

_dismissal, _introduction = as_row(Dismissal), as_row(Introduction)
_commitment, _round = as_row(Commitment), as_row(Round)


# Built once: every page of a giver asks these.
_MEMBERS: BindParameter[Any] = bindparam("members", expanding=True)
_INTRODUCTIONS = select(
    _introduction.c.receiver_id,
    _introduction.c.contact_id,
    _introduction.c.other_contact_id,
    _introduction.c.contact_name,
    _introduction.c.made_on,
).where(
    _introduction.c.giver_id == bindparam("giver_id"),
    _introduction.c.withdrawn_at.is_(None),
    or_(_introduction.c.receiver_id.in_(_MEMBERS), _introduction.c.made_on > bindparam("since")),
)
_IN_HAND = (
    select(_commitment.c.contact_id, _commitment.c.receiver_id)
    .join(_round, _round.c.id == _commitment.c.round_id)
    .where(
        _commitment.c.giver_id == bindparam("giver_id"),
        _commitment.c.state.in_(OUTSTANDING),
        _commitment.c.contact_id.is_not(None),
        _round.c.state.in_((RoundState.OPEN, RoundState.CLOSED)),
    )
)
_SET_ASIDE = select(_dismissal.c.member_id, _dismissal.c.contact_id).where(
    _dismissal.c.person_id == bindparam("giver_id"),
    _dismissal.c.member_id.in_(_MEMBERS),
    or_(_dismissal.c.until.is_(None), _dismissal.c.until > bindparam("now")),
)


@dataclass(frozen=True, slots=True)
class Past:
    """Whom the giver introduced to whom, and who was introduced lately, as of a day."""

    today: date
    met: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By member."""
    names: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The same by name: who was a fellow member then, and is put down since, is one person."""
    days: dict[int, list[date]] = field(default_factory=lambda: defaultdict(list))
    """By contact."""
    aside: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Who is not to be suggested just now, by member."""
    in_hand: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """For which members a contact is being asked, or written to."""

    def spared(self, contact: int, member: int) -> str:
        """Say why a contact should rather be spared, "" when they need not be."""
        for_others = self.in_hand.get(contact, set()) - {member}
        return sparing.spared(self.days.get(contact, ()), self.today, in_hand=bool(for_others))


def read(giver_id: int, members: Collection[int], now: datetime) -> Past:
    """Read what a giver's past says of these members, in three statements."""
    past = Past(now.date())
    _read_introductions(past, giver_id, members)
    _read_in_hand(past, giver_id)
    _read_set_aside(past, giver_id, members, now)
    return past


def _read_introductions(past: Past, giver_id: int, members: Collection[int]) -> None:
    about = {"giver_id": giver_id, "members": list(members), "since": past.today - sparing.LATELY}
    rows = db.session.connection().execute(_INTRODUCTIONS, about)
    for receiver, contact, other, name, made_on in rows.all():
        past.names[receiver].add(name_key(name))
        for introduced in {contact, other} - {None}:
            past.met[receiver].add(introduced)
            past.days[introduced].append(made_on)


def _read_in_hand(past: Past, giver_id: int) -> None:
    rows = db.session.connection().execute(_IN_HAND, {"giver_id": giver_id})
    for contact, member in rows.all():
        past.in_hand[contact].add(member)


def _read_set_aside(past: Past, giver_id: int, members: Collection[int], now: datetime) -> None:
    about = {"giver_id": giver_id, "members": list(members), "now": now}
    rows = db.session.connection().execute(_SET_ASIDE, about)
    for member, contact in rows.all():
        past.aside[member].add(contact)
