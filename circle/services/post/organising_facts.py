"""What letters about organising are made of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Circle, Membership, Person
from circle.rules.states import Role
from circle.services.membership import seats


@dataclass(frozen=True, slots=True)
class Held:
    """A circle whose next round waits for members."""

    circle_ref: str
    circle_name: str
    members: int
    present: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A circle whose organising somebody took on, and why: mail to one comes back, or one has left."""

    circle_ref: str
    circle_name: str
    taker: str
    reader_organises: bool
    out_of_reach: str
    handed_on: bool
    """Who organised before has left, and the taker was there longest."""


def held(circle_id: int, person_id: int, now: datetime) -> Held | None:
    """Return what an organiser is told of a round held back; None when it waits no more."""
    circle = _circle(circle_id)
    if circle is None or circle.held_at is None or _role(circle_id, person_id) is not Role.ORGANISER:
        return None
    sitting = select(Membership.person_id).where(
        Membership.circle_id == circle_id, Membership.left_at.is_(None)
    )
    members = set(db.session.scalars(sitting))
    return Held(circle.public_id, circle.name, len(members), len(members - seats.away_ids(members, now)))


def taken(circle_id: int, person_id: int, taker_id: int) -> Taken | None:
    """Return what a member is told of a job that was taken; None when that is not so any more."""
    circle, role = _circle(circle_id), _role(circle_id, person_id)
    taker = db.session.scalar(select(Person.name).where(Person.id == taker_id))
    if circle is None or role is None or taker is None or _role(circle_id, taker_id) is not Role.ORGANISER:
        return None
    silent = _out_of_reach(circle_id, taker_id)
    return Taken(
        circle.public_id, circle.name, taker, role is Role.ORGANISER, silent, _handed_on(circle_id, taker_id)
    )


def _out_of_reach(circle_id: int, taker_id: int) -> str:
    organisers = (
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.circle_id == circle_id, Membership.left_at.is_(None))
        .where(Membership.role == Role.ORGANISER, Person.id != taker_id)
        .where(Person.mail_refused_at.is_not(None))
        .order_by(Membership.seat)
    )
    return db.session.scalar(organisers.limit(1)) or ""


def _handed_on(circle_id: int, taker_id: int) -> bool:
    left, taker = aliased(Membership), aliased(Membership)
    at_once = select(left.id).join(taker, taker.took_over_at == left.left_at)
    same = (left.circle_id == circle_id, taker.circle_id == circle_id, taker.person_id == taker_id)
    return db.session.scalar(at_once.where(*same, left.role == Role.ORGANISER).limit(1)) is not None


def _circle(circle_id: int) -> Circle | None:
    found = select(Circle).where(Circle.id == circle_id, Circle.archived_at.is_(None))
    return db.session.scalar(found.execution_options(populate_existing=True))


def _role(circle_id: int, person_id: int) -> Role | None:
    return db.session.scalar(
        select(Membership.role).where(
            Membership.circle_id == circle_id,
            Membership.person_id == person_id,
            Membership.left_at.is_(None),
        )
    )
