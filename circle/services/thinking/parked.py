"""Parked ideas as their owner meets them again: for a round, for one promise, or all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, select

from circle.extensions import db
from circle.models import Circle, Commitment, Contact, Idea, Membership, Person, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.names import first_name
from circle.rules.states import CommitmentState, RoundState
from circle.rules.wording import day_words
from circle.services.giving.standing import LONGEST_REF

_idea, _person, _contact = as_row(Idea), as_row(Person), as_row(Contact)
_circle, _membership = as_row(Circle), as_row(Membership)
_round, _commitment = as_row(Round), as_row(Commitment)

PARKED: Select[Any] = (
    select(
        _idea.c.public_id,
        _idea.c.words,
        _idea.c.parked_at,
        _contact.c.name,
        _person.c.name,
        _membership.c.public_id,
        _circle.c.public_id,
        _circle.c.name,
        _round.c.number,
        _idea.c.circle_id,
        _commitment.c.id,
        _commitment.c.state,
    )
    .outerjoin(_contact, and_(_contact.c.id == _idea.c.contact_id, _contact.c.person_id == bindparam("me")))
    .outerjoin(_person, _person.c.id == _idea.c.member_id)
    .outerjoin(
        _membership,
        and_(
            _membership.c.circle_id == _idea.c.circle_id,
            _membership.c.person_id == _idea.c.member_id,
            _membership.c.left_at.is_(None),
        ),
    )
    .outerjoin(_circle, _circle.c.id == _idea.c.circle_id)
    .outerjoin(_round, and_(_round.c.circle_id == _idea.c.circle_id, _round.c.state == RoundState.OPEN))
    .outerjoin(
        _commitment,
        and_(
            _commitment.c.round_id == _round.c.id,
            _commitment.c.giver_id == bindparam("me"),
            _commitment.c.receiver_id == _idea.c.member_id,
        ),
    )
    .where(_idea.c.person_id == bindparam("me"), _idea.c.settled_at.is_(None))
    .order_by(_idea.c.parked_at, _idea.c.id)
)
IN_CIRCLE = PARKED.where(_idea.c.circle_id == bindparam("circle"))
ONE = PARKED.where(_idea.c.public_id == bindparam("idea"))
ANY_IN_CIRCLE = (
    select(_idea.c.id)
    .where(
        _idea.c.person_id == bindparam("giver"),
        _idea.c.circle_id == bindparam("circle"),
        _idea.c.settled_at.is_(None),
    )
    .exists()
)
"""Whether a giver parked anything for a circle: mostly not, and no more is asked."""
FOR_MEMBER = IN_CIRCLE.where(_membership.c.public_id == bindparam("ref"))


@dataclass(frozen=True, slots=True)
class Parked:
    """An idea that waits; `contact` and `member` are empty where it has none."""

    ref: str
    words: str
    parked_at: datetime
    contact: str
    member: str
    member_ref: str
    circle_ref: str
    circle: str
    number: int | None
    circle_id: int | None
    commitment_id: int | None
    state: CommitmentState | None

    @property
    def first_name(self) -> str:
        return first_name(self.member)

    @property
    def is_open(self) -> bool:
        """The round is open and its owner has still to introduce somebody to this member."""
        return self.state is CommitmentState.OPEN and bool(self.member_ref)

    def day(self, zone: ZoneInfo) -> str:
        """Return when it was parked, in words."""
        return day_words(zones.local_day(self.parked_at, zone))


def all_of(person_id: int) -> tuple[Parked, ...]:
    """Return every idea of a person that waits, the oldest first."""
    return _read(PARKED, me=person_id)


def one(person_id: int, ref: str) -> Parked | None:
    """Return one idea of a person that waits, None for any other."""
    return next(iter(_read(ONE, me=person_id, idea=ref.replace("\0", "")[:LONGEST_REF])), None)


def in_circle(person_id: int, circle_id: int) -> tuple[Parked, ...]:
    """Return the ideas about members of a circle whom a person has still to introduce."""
    return tuple(one for one in _read(IN_CIRCLE, me=person_id, circle=circle_id) if one.is_open)


def for_member(person_id: int, circle_id: int, ref: str) -> tuple[Parked, ...]:
    """Return the ideas about one member."""
    return _read(FOR_MEMBER, me=person_id, circle=circle_id, ref=ref)


def _read(query: Select[Any], **values: object) -> tuple[Parked, ...]:
    rows: Sequence[Any] = db.session.connection().execute(query, values).all()
    return tuple(Parked(*row[:3], *((one or "") for one in row[3:8]), *row[8:]) for row in rows)
