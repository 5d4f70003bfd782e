"""Sessions: who is signed in where, and how that ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update

from circle.extensions import db
from circle.models import Circle, Membership, Person, Session
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.names import initials
from circle.services.running import site
from circle.services.tokens import hashed
from circle.services.work import writing

IDLE = timedelta(days=90)
ABSOLUTE = timedelta(days=365)
CONFIRMED_FOR = timedelta(minutes=15)


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
    mail_refused_at: datetime | None = None
    erase_at: datetime | None = None

    @property
    def erase_on(self) -> date | None:
        """The day on which this person is erased, as they asked."""
        return zones.local_day(self.erase_at, zones.zone(self.zone)) if self.erase_at else None

    @property
    def initials(self) -> str:
        return initials(self.name)


@dataclass(frozen=True, slots=True)
class Listed:
    """One browser in which a person is signed in."""

    session_id: int
    ref: str
    device: str
    created_at: datetime
    used_at: datetime


_session, _person = as_row(Session), as_row(Person)
_circle, _membership = as_row(Circle), as_row(Membership)

VIEWER: Select[*tuple[Any, ...]] = (
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
        _person.c.mail_refused_at,
        _person.c.erase_at,
    )
    .join(_person, _person.c.id == _session.c.person_id)
    .where(
        _session.c.sid_hash == bindparam("sid_hash"),
        _session.c.used_at > bindparam("used_after"),
        _session.c.created_at > bindparam("created_after"),
    )
)

LISTING = (
    select(
        _session.c.id,
        _session.c.public_id,
        _session.c.device,
        _session.c.created_at,
        _session.c.used_at,
    )
    .where(
        _session.c.person_id == bindparam("person"),
        _session.c.used_at > bindparam("used_after"),
        _session.c.created_at > bindparam("created_after"),
    )
    .order_by(_session.c.used_at.desc(), _session.c.id.desc())
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
        _circle.c.erase_at,
        site.PAUSED_AT.scalar_subquery(),
        site.DUE_AT.scalar_subquery(),
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
    """Return the person's seat in the circle with this public id, None when they have none.

    Its last two columns say since when mail is paused, and since when the next one could have gone.
    """
    return (
        db.session.connection().execute(SEAT, {"circle_ref": circle_ref, "person": person_id}).one_or_none()
    )


def listing(person_id: int, now: datetime) -> list[Listed]:
    """List the browsers in which a person is signed in, the last used first."""
    bounds = {"person": person_id, "used_after": now - IDLE, "created_after": now - ABSOLUTE}
    return [Listed(*row) for row in db.session.connection().execute(LISTING, bounds)]


def recently_confirmed(confirmed_at: datetime, now: datetime) -> bool:
    """Say whether a mailed code was given within the last 15 minutes."""
    return now - confirmed_at <= CONFIRMED_FOR


def touch(session_id: int, now: datetime) -> None:
    """Remember that a session was used."""
    with writing() as session:
        used = update(Session).where(Session.id == session_id).values(used_at=now)
        person_id = session.scalar(used.returning(Session.person_id))
        session.execute(update(Person).where(Person.id == person_id).values(seen_at=now))


def sign_out(sid: str) -> None:
    """End the session whose cookie holds this."""
    with writing() as session:
        session.execute(delete(Session).where(Session.sid_hash == hashed(sid)))


def end(person_id: int, ref: str) -> None:
    """End one of a person's own sessions; one that has ended already stays ended."""
    with writing() as session:
        session.execute(delete(Session).where(Session.person_id == person_id, Session.public_id == ref))


def end_all(person_id: int) -> None:
    """Sign a person out everywhere; links in their letters end too."""
    with writing():
        end_others(person_id, None)


def end_others(person_id: int, kept_id: int | None) -> None:
    """End a person's sessions but one, and every link that works signed out, inside a unit of work."""
    others = delete(Session).where(Session.person_id == person_id)
    db.session.execute(others if kept_id is None else others.where(Session.id != kept_id))
    epoch = {"link_epoch": Person.link_epoch + 1}
    db.session.execute(update(Person).where(Person.id == person_id).values(epoch))
