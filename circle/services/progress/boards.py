"""Boards: who sits in a circle, and every promise of one round as a reader may see it; plain rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, or_, select

from circle.extensions import db
from circle.models import Commitment, Contact, Introduction, Membership, Person, RosterMember
from circle.models.base import as_row
from circle.rules import board, zones
from circle.rules.board import Board, Cell, Seat
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name, initials
from circle.rules.states import CommitmentState, Outcome, Shape, Synergy
from circle.rules.wording import day_words
from circle.services.giving import second_looks

_person, _membership = as_row(Person), as_row(Membership)
_commitment, _roster = as_row(Commitment), as_row(RosterMember)
_contact, _introduction = as_row(Contact), as_row(Introduction)
_receiver = _person.alias()

PEOPLE = (
    _person.c.id,
    _membership.c.public_id,
    _person.c.name,
    _person.c.does,
    _person.c.wish,
    _membership.c.left_at,
)
PEOPLE_OF_CIRCLE = (
    select(*PEOPLE)
    .join(_membership, _membership.c.person_id == _person.c.id)
    .where(_membership.c.circle_id == bindparam("circle"))
    .order_by(_membership.c.seat, _membership.c.id)
)

# A contact, a reason and thanks are seen by giver and receiver alone: the joins leave others' out.
PROMISES = (
    select(
        _commitment.c.giver_id,
        _commitment.c.receiver_id,
        _commitment.c.state,
        _commitment.c.late,
        _commitment.c.asked_at,
        _contact.c.name,
        _commitment.c.passed_line,
        _introduction.c.public_id,
        _introduction.c.contact_name,
        _introduction.c.made_on,
        _introduction.c.synergy,
        _introduction.c.reason,
        _introduction.c.outcome,
        _introduction.c.thanks,
        _introduction.c.thanks_shared,
        _introduction.c.fills,
        _commitment.c.drafted_at,
        second_looks.wanted(_commitment, _receiver),
        _roster.c.wish_said_at,
        _introduction.c.outcome_note,
        or_(_commitment.c.asks_member, _commitment.c.draft_shape == Shape.ASK_MEMBER),
    )
    .join(_receiver, _receiver.c.id == _commitment.c.receiver_id)
    .join(
        _roster,
        and_(_roster.c.round_id == _commitment.c.round_id, _roster.c.person_id == _commitment.c.giver_id),
    )
    .outerjoin(
        _contact,
        and_(
            _contact.c.id == _commitment.c.contact_id,
            _contact.c.person_id == bindparam("me"),
            _commitment.c.state.in_(OUTSTANDING),
        ),
    )
    .outerjoin(
        _introduction,
        and_(
            _introduction.c.commitment_id == _commitment.c.id,
            _introduction.c.withdrawn_at.is_(None),
            or_(_introduction.c.giver_id == bindparam("me"), _introduction.c.receiver_id == bindparam("me")),
        ),
    )
    .where(_commitment.c.round_id == bindparam("round"))
    .order_by(_roster.c.seat, _roster.c.id, _commitment.c.id, _introduction.c.id)
)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as their circle sees them; `ref` is the public id of the membership."""

    person_id: int
    ref: str
    name: str
    does: str
    wish: str
    left_at: datetime | None
    first_name: str
    initials: str


@dataclass(frozen=True, slots=True)
class Introduced:
    """One introduction as giver and receiver see it."""

    ref: str
    contact_name: str
    made_on: date
    synergy: Synergy | None
    reason: str
    outcome: Outcome | None
    thanks: str
    thanks_shared: bool
    fills: bool
    note: str
    """What the receiver wrote to the giver about it."""

    @property
    def day(self) -> str:
        return day_words(self.made_on)

    @property
    def answered(self) -> bool:
        return self.outcome is not None or bool(self.thanks)


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment the reader gives or receives, with its introductions."""

    giver: Someone
    receiver: Someone
    state: CommitmentState
    late: bool
    asked: str
    asked_day: str
    passed_line: str
    introductions: tuple[Introduced, ...]
    draft_day: str = ""
    look_again: bool = False
    """Passed, and the receiver says more exactly whom to meet since then."""
    asks_member: bool = False
    """The giver asks the receiver about the contact, or has written to do so."""
    none_yet: bool = False
    """Outstanding, and nobody has introduced the receiver in this round, while others have had theirs."""


@dataclass(frozen=True, slots=True)
class RoundRead:
    """One round as one reader sees it: the board, what they give, what they receive.

    Given first is what is outstanding for those who have had none yet; otherwise it is in seat order.
    """

    board: Board
    given: tuple[Promise, ...]
    received: tuple[Promise, ...]
    heard: bool
    """The reader has said whom they would like to meet in this round."""


def someone(row: Sequence[Any]) -> Someone:
    """Return a person from a row of PEOPLE."""
    person_id, ref, name, does, wish, left_at = row
    return Someone(person_id, ref, name, does, wish, left_at, first_name(name) or "Somebody", initials(name))


def people_of(circle_id: int) -> dict[int, Someone]:
    """Return everybody who sits or sat in a circle by person id, those who sit there in seat order."""
    rows = db.session.connection().execute(PEOPLE_OF_CIRCLE, {"circle": circle_id}).all()
    return {row[0]: someone(row) for row in rows}


def read_round(round_id: int, me: int, people: dict[int, Someone], zone: ZoneInfo) -> RoundRead:
    """Read every promise of a round as this person may see it, with days in their zone."""
    rows = db.session.connection().execute(PROMISES, {"round": round_id, "me": me}).all()
    # A late joiner may have the seat of somebody who left: who was on the roster first comes first.
    order = {person_id: place for place, person_id in enumerate(dict.fromkeys(row[0] for row in rows))}
    cells = {(row[0], row[1]): Cell(row[0], row[1], row[2], row[3]) for row in rows}
    laid = board.board([_seat(people[person_id], me) for person_id in order], cells.values())
    mine = _promises([row for row in rows if me in (row[0], row[1])], people, zone)
    mine.sort(key=lambda promise: (order[promise.giver.person_id], order[promise.receiver.person_id]))
    waiting = board.without_any(laid)
    given = [_waited_for(promise, waiting) for promise in mine if promise.giver.person_id == me]
    return RoundRead(
        laid,
        tuple(sorted(given, key=lambda promise: not promise.none_yet)),
        tuple(promise for promise in mine if promise.receiver.person_id == me),
        any(row[0] == me and row[18] for row in rows),
    )


def _waited_for(promise: Promise, waiting: frozenset[int]) -> Promise:
    none_yet = promise.state in OUTSTANDING and promise.receiver.person_id in waiting
    return replace(promise, none_yet=True) if none_yet else promise


def _seat(person: Someone, me: int) -> Seat:
    return Seat(
        person.person_id,
        person.ref,
        person.name,
        person.first_name,
        person.initials,
        person.person_id == me,
    )


def _promises(rows: Sequence[Any], people: dict[int, Someone], zone: ZoneInfo) -> list[Promise]:
    by_pair: dict[tuple[int, int], list[Any]] = {}
    for row in rows:
        by_pair.setdefault((row[0], row[1]), []).append(row)
    return [_promise(same, people, zone) for same in by_pair.values()]


def _promise(rows: list[Any], people: dict[int, Someone], zone: ZoneInfo) -> Promise:
    giver, receiver, state, late, asked_at, asked, line = rows[0][:7]
    drafted_at = rows[0][16]
    return Promise(
        people[giver],
        people[receiver],
        state,
        late,
        asked or "",
        day_words(zones.local_day(asked_at, zone)) if asked_at and state in OUTSTANDING else "",
        line,
        tuple(Introduced(*(*row[7:16], row[19])) for row in rows if row[7]),
        # Whoever may not read the contact's name knows nothing of a draft either.
        day_words(zones.local_day(drafted_at, zone)) if asked and drafted_at else "",
        bool(rows[0][17]),
        bool(rows[0][20]),
    )
