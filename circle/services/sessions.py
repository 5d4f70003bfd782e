"""Sessions: who is signed in where, and how that ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from circle.extensions import db
from circle.models import Circle, Membership, Person, Session
from circle.models.base import as_row
from circle.rules.names import initials
from circle.services.tokens import hashed

IDLE = timedelta(days=90)
ABSOLUTE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind a request, and the session they came with."""

    person_id: int
    public_id: str
    name: str
    email: str
    zone: str
    demo: bool
    session_id: int
    confirmed_at: datetime
    used_at: datetime

    @property
    def initials(self) -> str:
        return initials(self.name)


_session, _person = as_row(Session), as_row(Person)
_circle, _membership = as_row(Circle), as_row(Membership)

VIEWER = (
    select(
        _person.c.id,
        _person.c.public_id,
        _person.c.name,
        _person.c.email,
        _person.c.zone,
        _person.c.demo,
        _session.c.id,
        _session.c.confirmed_at,
        _session.c.used_at,
    )
    .join(_person, _person.c.id == _session.c.person_id)
    .where(
        _session.c.sid_hash == bindparam("sid_hash"),
        _session.c.used_at > bindparam("used_after"),
        _session.c.created_at > bindparam("created_after"),
    )
)

SEAT = (
    select(
        _circle.c.id,
        _circle.c.public_id,
        _circle.c.name,
        _circle.c.zone,
        _membership.c.role,
        _membership.c.id,
        _membership.c.public_id,
        _circle.c.archived_at,
    )
    .join(_membership, _membership.c.circle_id == _circle.c.id)
    .where(
        _circle.c.public_id == bindparam("circle_ref"),
        _membership.c.person_id == bindparam("person"),
        _membership.c.left_at.is_(None),
    )
)


def viewer(sid: str, now: datetime) -> Viewer | None:
    """Return who is signed in with this session id, None when it has ended or run out."""
    row = (
        db.session.connection()
        .execute(VIEWER, {"sid_hash": hashed(sid), "used_after": now - IDLE, "created_after": now - ABSOLUTE})
        .one_or_none()
    )
    return Viewer(*row) if row else None


def seat_in(circle_ref: str, person_id: int) -> Any:
    """Return the person's seat in the circle with this public id, None when they have none."""
    return (
        db.session.connection().execute(SEAT, {"circle_ref": circle_ref, "person": person_id}).one_or_none()
    )
