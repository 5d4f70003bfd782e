"""Capabilities: what the link in a letter may do, for one person and one promise or introduction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction, Membership, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules.capability import Ending, Life, ending_for_giver, ending_for_receiver, ending_for_wish
from circle.rules.names import name_key
from circle.rules.states import Synergy
from circle.services.knowing.suggestions import Suggested

PROMISE, INTRODUCED, WISH = "promise", "introduced", "wish"
"""What the kinds of link are signed for."""
MOST_NAMES = 12

_person, _circle, _round = as_row(Person), as_row(Circle), as_row(Round)
_commitment, _introduction = as_row(Commitment), as_row(Introduction)
_membership, _to = as_row(Membership), as_row(Membership).alias()
_roster = as_row(RosterMember)


@dataclass(frozen=True, slots=True)
class HeldPromise:
    """A giver's link: whose it is, which promise it is about, and the names its letter held."""

    person_id: int
    person_ref: str
    epoch: int
    giver: str
    commitment_id: int
    circle_id: int
    circle_ref: str
    circle_name: str
    number: int
    receiver_ref: str
    names: tuple[str, ...]
    suggested: tuple[Suggested, ...]
    """Who stood in the letter because they fit; without the sentences, which may have changed since."""
    ending: Ending | None

    @property
    def facts(self) -> list[Any]:
        return _facts(self.person_ref, self.epoch, self.commitment_id, self.names, self.suggested)

    def naming(self, name: str) -> "HeldPromise":
        """Return the same for a link that also holds a name its reader has typed."""
        others = [known for known in self.names if name_key(known) != name_key(name)]
        return replace(self, names=(*others, name)[-MOST_NAMES:]) if name else self

    def may_show(self, name: str) -> bool:
        """Say whether a contact's name stood in the letter."""
        suggested = (one.name for one in self.suggested)
        return name_key(name) in {name_key(known) for known in (*self.names, *suggested)}


@dataclass(frozen=True, slots=True)
class HeldIntroduction:
    """A receiver's link: whose it is, and which introduction it is about."""

    person_id: int
    receiver: str
    circle_ref: str
    ref: str
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class HeldWish:
    """A link to say whom one would like to meet: whose it is, what they said last, and in which round."""

    person_id: int
    name: str
    wish: str
    circle_ref: str
    circle_name: str
    number: int
    ending: Ending | None


def promise_facts(
    person: Person, commitment_id: int, names: Iterable[str], suggested: Iterable[Suggested] = ()
) -> list[Any]:
    """Return what a giver's link holds."""
    return _facts(person.public_id, person.link_epoch, commitment_id, names, suggested)


def introduction_facts(person: Person, ref: str) -> list[Any]:
    """Return what a receiver's link holds."""
    return [person.public_id, person.link_epoch, ref]


def wish_facts(person: Person, round_id: int) -> list[Any]:
    """Return what a link to say one's wish holds."""
    return [person.public_id, person.link_epoch, round_id]


def held_promise(facts: Sequence[Any]) -> HeldPromise | None:
    """Read a giver's link back, None when what it is about is not here any more."""
    person_ref, written_in, commitment_id, names, *fitting = facts
    found = _PROMISES.where(_person.c.public_id == person_ref, _commitment.c.id == commitment_id)
    row: Any = db.session.connection().execute(found).one_or_none()
    if row is None:
        return None
    life = _life(row[2], written_in, *row[-3:])
    return HeldPromise(*(*row[:-3], tuple(names), _suggested(fitting), ending_for_giver(life)))


def held_introduction(facts: Sequence[Any], now: datetime) -> HeldIntroduction | None:
    """Read a receiver's link back, None when what it is about is not here any more."""
    person_ref, written_in, ref = facts
    found = _INTRODUCTIONS.where(_person.c.public_id == person_ref, _introduction.c.public_id == ref)
    row: Any = db.session.connection().execute(found).one_or_none()
    if row is None:
        return None
    life = _life(row[3], written_in, *row[-3:])
    return HeldIntroduction(*(*row[:3], ref, ending_for_receiver(life, now)))


def held_wish(facts: Sequence[Any]) -> HeldWish | None:
    """Read such a link back, None when what it is about is not here any more."""
    person_ref, written_in, round_id = facts
    found = _WISHES.where(_person.c.public_id == person_ref, _round.c.id == round_id)
    row: Any = db.session.connection().execute(found).one_or_none()
    if row is None:
        return None
    return HeldWish(*(*row[:6], ending_for_wish(_life(row[6], written_in, *row[-3:]))))


def _facts(
    person_ref: str, epoch: int, commitment_id: int, names: Iterable[str], suggested: Iterable[Suggested]
) -> list[Any]:
    facts = [person_ref, epoch, commitment_id, [name for name in names if name]]
    fitting = [[one.name, one.synergy or ""] for one in suggested]
    return [*facts, fitting] if fitting else facts


def _suggested(fitting: Sequence[Any]) -> tuple[Suggested, ...]:
    """Read back who was suggested; links of older letters hold nobody."""
    [named] = fitting or [[]]
    return tuple(
        Suggested(str(at), name, "", next((one for one in Synergy if one.value == synergy), None))
        for at, (name, synergy) in enumerate(named)
    )


def _life(
    epoch: int,
    written_in: int,
    left_at: datetime | None,
    archived_at: datetime | None,
    sealed_at: datetime | None,
) -> Life:
    return Life(
        epoch=epoch,
        written_in=written_in,
        seated=left_at is None,
        archived=archived_at is not None,
        sealed_at=sealed_at,
    )


_ENDED_BY = (_membership.c.left_at, _circle.c.archived_at, _round.c.sealed_at)

_PROMISES: Select[Any] = (
    select(
        _person.c.id,
        _person.c.public_id,
        _person.c.link_epoch,
        _person.c.name,
        _commitment.c.id,
        _circle.c.id,
        _circle.c.public_id,
        _circle.c.name,
        _round.c.number,
        _to.c.public_id,
        *_ENDED_BY,
    )
    .select_from(_commitment)
    .join(_person, _person.c.id == _commitment.c.giver_id)
    .join(_circle, _circle.c.id == _commitment.c.circle_id)
    .join(_round, _round.c.id == _commitment.c.round_id)
    .join(
        _membership,
        and_(_membership.c.circle_id == _circle.c.id, _membership.c.person_id == _commitment.c.giver_id),
    )
    .join(
        _to,
        and_(_to.c.circle_id == _circle.c.id, _to.c.person_id == _commitment.c.receiver_id),
    )
)

_INTRODUCTIONS: Select[Any] = (
    select(_person.c.id, _person.c.name, _circle.c.public_id, _person.c.link_epoch, *_ENDED_BY)
    .select_from(_introduction)
    .join(_person, _person.c.id == _introduction.c.receiver_id)
    .join(_circle, _circle.c.id == _introduction.c.circle_id)
    .join(
        _membership,
        and_(_membership.c.circle_id == _circle.c.id, _membership.c.person_id == _introduction.c.receiver_id),
    )
    .outerjoin(_round, _round.c.id == _introduction.c.round_id)
)

_WISHES: Select[Any] = (
    select(
        _person.c.id,
        _person.c.name,
        _person.c.wish,
        _circle.c.public_id,
        _circle.c.name,
        _round.c.number,
        _person.c.link_epoch,
        *_ENDED_BY,
    )
    .select_from(_roster)
    .join(_person, _person.c.id == _roster.c.person_id)
    .join(_membership, _membership.c.id == _roster.c.membership_id)
    .join(_circle, _circle.c.id == _roster.c.circle_id)
    .join(_round, _round.c.id == _roster.c.round_id)
)
