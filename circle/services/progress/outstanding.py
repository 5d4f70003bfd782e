"""Outstanding: who has what open in the running round, in words, and whether they can be reminded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Membership, Person, RosterMember, Round
from circle.rules import zones
from circle.rules.absence import in_words
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name, initials
from circle.rules.states import CommitmentState
from circle.rules.wording import apart, count_word, listed
from circle.services.membership import absences
from circle.services.post import nudges
from circle.services.rounds import openings


@dataclass(frozen=True, slots=True)
class OutstandingRow:
    """One member of the roster: what they have open, and why they cannot be nudged (empty when they can)."""

    ref: str
    person_id: int
    name: str
    initials: str
    words: str
    open: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Outstanding:
    """The running round as its organiser sees it, in seat order."""

    round_id: int
    number: int
    rows: tuple[OutstandingRow, ...]

    @property
    def reachable(self) -> tuple[OutstandingRow, ...]:
        return tuple(row for row in self.rows if row.open and not row.why_not)


def read(circle_id: int, now: datetime) -> Outstanding | None:
    """Return who has what outstanding in the open round, None when no round is open."""
    round_ = openings.open_round_of(circle_id)
    if round_ is None:
        return None
    waiting, gone = _waiting(round_.id), away(circle_id, now, only_now=True)
    rows = tuple(
        OutstandingRow(
            membership.public_id,
            person.id,
            person.name,
            initials(person.name),
            _words(waiting[person.id], gone[person.id]),
            bool(waiting[person.id]),
            nudges.why_not(round_, member, person, now) if waiting[person.id] else "",
        )
        for member, person, membership in _roster(round_)
    )
    return Outstanding(round_.id, round_.number or 0, rows)


def away(circle_id: int, now: datetime, *, only_now: bool = False) -> dict[int, str]:
    """Say of each member by id when they are away, "Away until 28 Nov"; empty for who is not.

    An absence still to come is named as well, unless `only_now` leaves it out.
    """
    said: dict[int, str] = defaultdict(str)
    for person in _members(circle_id):
        known, today = absences.absence_of(person), zones.local_day(now, zones.zone(person.zone))
        if known and not known.is_over(today) and (known.holds(today) or not only_now):
            said[person.id] = f"Away {in_words(known, today)}"
    return said


def _members(circle_id: int) -> Sequence[Person]:
    sitting = select(Person).join(Membership, Membership.person_id == Person.id)
    here = (Membership.circle_id == circle_id, Membership.left_at.is_(None), Person.away_from.is_not(None))
    return db.session.scalars(sitting.where(*here)).all()


def _roster(round_: Round) -> list[tuple[RosterMember, Person, Membership]]:
    rows = db.session.execute(
        select(RosterMember, Person, Membership)
        .join(Person, Person.id == RosterMember.person_id)
        .join(Membership, Membership.id == RosterMember.membership_id)
        .where(RosterMember.round_id == round_.id, RosterMember.gone.is_(False))
        .order_by(RosterMember.seat, RosterMember.id)
    )
    return [(member, person, membership) for member, person, membership in rows]


def _waiting(round_id: int) -> dict[int, list[tuple[str, CommitmentState]]]:
    rows = db.session.execute(
        select(Commitment.giver_id, Person.name, Commitment.state)
        .join(Person, Person.id == Commitment.receiver_id)
        .where(Commitment.round_id == round_id, Commitment.state.in_(OUTSTANDING))
        .order_by(Commitment.id)
    )
    waiting: dict[int, list[tuple[str, CommitmentState]]] = defaultdict(list)
    for giver_id, name, state in rows:
        waiting[giver_id].append((apart(first_name(name)), state))
    return waiting


def _words(waiting: list[tuple[str, CommitmentState]], away: str) -> str:
    to_make = [name for name, state in waiting if state is CommitmentState.OPEN]
    asking = [name for name, state in waiting if state is CommitmentState.ASKING]
    parts = [away] if away else []
    if to_make:
        parts.append(f"{count_word(len(to_make))} to make, for {listed(to_make)}")
    if asking:
        parts.append(f"{count_word(len(asking))} waiting for a yes, for {listed(asking)}")
    said = "; ".join(parts) or "nothing open"
    return said[0].upper() + said[1:]
