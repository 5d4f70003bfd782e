"""Between rounds: what was made there, or kept outside rounds, and is offered to the round that takes it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from circle.extensions import db
from circle.models import Commitment, Introduction, Person, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.errors import CommitmentCannotMove, StalePage
from circle.rules.rounds import is_late, made_on_bounds
from circle.rules.wording import day_words
from circle.services.giving import made_days, standing
from circle.services.giving.settling import settle
from circle.services.giving.standing import ANSWERABLE, LONGEST_REF
from circle.services.knowing import contacts
from circle.services.rounds import closings
from circle.services.work import writing

MOST = 50
"""Introductions outside rounds that are looked at, the newest of a circle first."""

_introduction, _commitment, _round = as_row(Introduction), as_row(Commitment), as_row(Round)
_person, _before = as_row(Person), as_row(Round).alias()

_outside = (
    _introduction.c.giver_id == bindparam("giver"),
    _introduction.c.circle_id == bindparam("circle"),
    _introduction.c.round_id.is_(None),
    _introduction.c.withdrawn_at.is_(None),
    _introduction.c.fills,
)
MADE_OUTSIDE = select(_introduction.c.id).where(*_outside).exists()
"""Whether a giver made anything in a circle that belongs to no round: mostly not, and no more is asked."""
_UNCOUNTED: Select[Any] = (
    select(
        _introduction.c.receiver_id,
        _introduction.c.public_id,
        _introduction.c.contact_name,
        _introduction.c.made_on,
        _before.c.due_at,
        _round.c.opened_at,
        _person.c.zone,
    )
    .join(_person, _person.c.id == _introduction.c.giver_id)
    .join(_round, _round.c.circle_id == _introduction.c.circle_id)
    .join(
        _commitment,
        and_(
            _commitment.c.round_id == _round.c.id,
            _commitment.c.giver_id == _introduction.c.giver_id,
            _commitment.c.receiver_id == _introduction.c.receiver_id,
            _commitment.c.state.in_(OUTSTANDING),
        ),
    )
    .outerjoin(
        _before,
        and_(_before.c.circle_id == _round.c.circle_id, _before.c.number == _round.c.number - 1),
    )
    .where(
        *_outside,
        _round.c.number == bindparam("number"),
        _round.c.state.in_(ANSWERABLE),
    )
    .order_by(_introduction.c.made_on.desc(), _introduction.c.id.desc())
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An introduction that belongs to no round and may fill a promise that is outstanding."""

    ref: str
    contact_name: str
    day: str


def offered(giver_id: int, circle_id: int, number: int, now: datetime) -> Mapping[int, list[Uncounted]]:
    """Return by receiver what the giver made that may count in this round, newest first. One statement."""
    about = {"giver": giver_id, "circle": circle_id, "number": number}
    found: defaultdict[int, list[Uncounted]] = defaultdict(list)
    for receiver_id, ref, name, made_on, due_before, opened_at, zone in db.session.connection().execute(
        _UNCOUNTED, about
    ):
        if made_on >= _earliest(due_before, opened_at, zone, now):
            found[receiver_id].append(Uncounted(ref, name, day_words(made_on)))
    return found


def count(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    ref: str,
    now: datetime,
    *,
    by_link: bool = False,
) -> None:
    """Let an introduction outside rounds fill this promise; the same press again changes nothing.

    Its receiver was told when it was logged. Raise StalePage, BadDate, CommitmentCannotMove or RoundIsSealed.
    """
    with writing():
        round_ = standing.in_round(circle_id, number, giver_id)
        promise = standing.promise(round_, giver_id, receiver_ref)
        introduction = _made_for(promise, ref)
        if introduction.commitment_id == promise.id:
            return
        if introduction.round_id is not None or contacts.is_fellow_member(
            circle_id, introduction.contact_name
        ):
            raise StalePage("This introduction cannot count here any more.")
        if promise.state not in OUTSTANDING:
            raise CommitmentCannotMove("Nothing is outstanding here, so there is nothing to count it for.")
        days = made_days.of_round(round_, giver_id, now)
        days.refuse_outside(introduction.made_on)
        introduction.round_id, introduction.commitment_id = round_.id, promise.id
        introduction.late = is_late(introduction.made_on, days.due)
        settle(introduction, now, by_link=by_link)
        closings.tell_when_all_done(round_, now)


def _made_for(promise: Commitment, ref: str) -> Introduction:
    """Return an introduction of the same two people in the same circle, as it is now; raise StalePage."""
    found = select(Introduction).where(
        Introduction.public_id == ref.replace("\0", "")[:LONGEST_REF],
        Introduction.giver_id == promise.giver_id,
        Introduction.receiver_id == promise.receiver_id,
        Introduction.circle_id == promise.circle_id,
        Introduction.withdrawn_at.is_(None),
    )
    introduction = db.session.scalar(found.execution_options(populate_existing=True))
    if introduction is None:
        raise StalePage("There is no such introduction of yours any more.")
    return introduction


def _earliest(due_before: datetime | None, opened_at: datetime | None, zone: str, now: datetime) -> date:
    own = zones.zone(zone)
    return made_on_bounds(
        zones.local_day(due_before, own) if due_before else None,
        zones.local_day(opened_at or now, own),
        zones.local_day(now, own),
    )[0]
