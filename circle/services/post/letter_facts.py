"""What letters are made of: plain facts about their readers and about rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from circle.extensions import db
from circle.models import (
    Circle,
    Commitment,
    Contact,
    Introduction,
    Membership,
    Person,
    RosterMember,
    Round,
)
from circle.models.base import UtcDateTime, as_row
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, RoundState

_person, _circle, _membership = as_row(Person), as_row(Circle), as_row(Membership)
_round, _roster, _commitment = as_row(Round), as_row(RosterMember), as_row(Commitment)
_introduction, _contact = as_row(Introduction), as_row(Contact)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """One round and its circle."""

    id: int
    circle_id: int
    circle_ref: str
    circle_name: str
    zone: str
    number: int
    state: RoundState
    theme: str
    due_at: datetime
    closing_made: int | None
    closing_counted: int | None
    closing_passed: int | None


@dataclass(frozen=True, slots=True)
class CircleLeft:
    """A circle its reader is no longer in; `ended` when it has come to rest meanwhile."""

    ref: str
    name: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as its giver reads it; `asked` is the contact they ask, or wrote a draft to."""

    id: int
    receiver_id: int
    name: str
    ref: str
    does: str
    wish: str
    state: CommitmentState
    asked: str
    asked_at: datetime | None
    drafted_at: datetime | None
    asks_member: bool


@dataclass(frozen=True, slots=True)
class SharedThanks:
    """A thank-you its writer shared with the circle."""

    giver: str
    receiver: str
    text: str


def reader(person_id: int) -> Person | None:
    """Return the person a letter is for, as they are now."""
    return db.session.execute(_READER, {"person_id": person_id}).scalar_one_or_none()


def is_member(person_id: int, circle_id: int) -> bool:
    """Say whether a person is in a circle that has not been archived."""
    whose = {"person_id": person_id, "circle_id": circle_id}
    row = db.session.connection().execute(_MEMBER, whose).first()
    return row is not None


def circle_left(person_id: int, circle_id: int) -> CircleLeft | None:
    """Return a circle that a person is no longer in, None while they are in it."""
    row = db.session.execute(
        select(_circle.c.public_id, _circle.c.name, _circle.c.archived_at.is_not(None))
        .join(_membership, _membership.c.circle_id == _circle.c.id)
        .where(
            _circle.c.id == circle_id,
            _membership.c.person_id == person_id,
            _membership.c.left_at.is_not(None),
        )
    ).one_or_none()
    return CircleLeft(*row) if row else None


def round_facts(round_id: int) -> RoundFacts:
    """Return one round with its circle."""
    row: Any = db.session.connection().execute(_ROUND_FACTS, {"round_id": round_id}).one()
    return RoundFacts(*row)


def reminded_rounds(person_id: int, at: datetime) -> list[RoundFacts]:
    """Return the open rounds whose reminder was written at this very moment, in circles still theirs."""
    when = {"person_id": person_id, "at": at}
    rows: Sequence[Any] = db.session.connection().execute(_REMINDED, when).all()
    return [RoundFacts(*row) for row in rows]


def promises(round_id: int, giver_id: int) -> list[Promise]:
    """Return all a giver promised in a round, in seat order."""
    whose = {"round_id": round_id, "giver_id": giver_id}
    rows: Sequence[Any] = db.session.connection().execute(_PROMISES, whose).all()
    return [Promise(*row) for row in rows]


def left_to_make(round_id: int) -> list[tuple[int, str, int]]:
    """Return who has something outstanding in a round, with how many, in seat order."""
    rows = db.session.execute(
        select(_person.c.id, _person.c.name, func.count())
        .join(_person, _person.c.id == _commitment.c.giver_id)
        .join(
            _roster,
            (_roster.c.round_id == _commitment.c.round_id) & (_roster.c.person_id == _person.c.id),
        )
        .where(_commitment.c.round_id == round_id, _commitment.c.state.in_(OUTSTANDING))
        .group_by(_person.c.id, _person.c.name, _roster.c.seat)
        .order_by(_roster.c.seat)
    ).all()
    return [(person_id, name, count) for person_id, name, count in rows]


def shared_thanks(round_id: int) -> list[SharedThanks]:
    """Return the thanks of a round that were shared with the circle, oldest first."""
    giver, receiver = _person.alias(), _person.alias()
    rows = db.session.execute(
        select(giver.c.name, receiver.c.name, _introduction.c.thanks)
        .join(giver, giver.c.id == _introduction.c.giver_id)
        .join(receiver, receiver.c.id == _introduction.c.receiver_id)
        .where(
            _introduction.c.round_id == round_id,
            _introduction.c.thanks_shared,
            _introduction.c.thanks != "",
            _introduction.c.withdrawn_at.is_(None),
        )
        .order_by(_introduction.c.thanks_at, _introduction.c.id)
    ).all()
    return [SharedThanks(*row) for row in rows]


_ROUND = select(
    _round.c.id,
    _round.c.circle_id,
    _circle.c.public_id,
    _circle.c.name,
    _circle.c.zone,
    _round.c.number,
    _round.c.state,
    _round.c.theme,
    _round.c.due_at,
    _round.c.closing_made,
    _round.c.closing_counted,
    _round.c.closing_passed,
).join(_circle, _circle.c.id == _round.c.circle_id)
_READER = select(Person).where(Person.id == bindparam("person_id")).execution_options(populate_existing=True)
"""This and the others are made once: to make a statement takes longer than to run it."""
_MEMBER = (
    select(_membership.c.id)
    .join(_circle, _circle.c.id == _membership.c.circle_id)
    .where(
        _membership.c.person_id == bindparam("person_id"),
        _membership.c.circle_id == bindparam("circle_id"),
        _membership.c.left_at.is_(None),
        _circle.c.archived_at.is_(None),
    )
)
_ROUND_FACTS = _ROUND.where(_round.c.id == bindparam("round_id"))
_REMINDED = (
    _ROUND.join(_roster, _roster.c.round_id == _round.c.id)
    .join(_membership, _membership.c.id == _roster.c.membership_id)
    .where(
        _roster.c.person_id == bindparam("person_id"),
        _roster.c.last_reminder_at == bindparam("at", type_=UtcDateTime),
        _round.c.state == RoundState.OPEN,
        _membership.c.left_at.is_(None),
        _circle.c.archived_at.is_(None),
    )
    .order_by(_round.c.due_at, _round.c.id)
)
_PROMISES = (
    select(
        _commitment.c.id,
        _person.c.id,
        _person.c.name,
        _membership.c.public_id,
        _person.c.does,
        _person.c.wish,
        _commitment.c.state,
        func.coalesce(_contact.c.name, ""),
        _commitment.c.asked_at,
        _commitment.c.drafted_at,
        _commitment.c.asks_member,
    )
    .join(_person, _person.c.id == _commitment.c.receiver_id)
    .join(
        _roster,
        (_roster.c.round_id == _commitment.c.round_id) & (_roster.c.person_id == _commitment.c.receiver_id),
    )
    .join(_membership, _membership.c.id == _roster.c.membership_id)
    .join(
        _contact,
        (_contact.c.id == _commitment.c.contact_id) & _commitment.c.state.in_(OUTSTANDING),
        isouter=True,
    )
    .where(_commitment.c.round_id == bindparam("round_id"), _commitment.c.giver_id == bindparam("giver_id"))
    .order_by(_roster.c.seat, _roster.c.id)
)
