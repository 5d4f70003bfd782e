"""Erasing oneself: asked for with a fresh code, undone for seven days, then done by the worker."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Circle, Membership, Person
from circle.rules.errors import StalePage
from circle.rules.states import ChangeKind, MailKind, Role
from circle.services import changes
from circle.services.door import sessions
from circle.services.farewell import remains
from circle.services.membership import archiving, handing_on, handing_over, memberships, seats
from circle.services.post import outbox
from circle.services.rounds import excusal
from circle.services.work import NOT_THE_KEY, end_reading, lock_circle, writing

UNDO = timedelta(days=7)


def ask(person_id: int, confirmed_at: datetime, now: datetime) -> datetime:
    """Sign somebody out everywhere and erase them in seven days; return when. Raise StalePage.

    Until then their circles notice nothing, so that all of it can be undone. One mail says how, others rest.
    """
    if not sessions.recently_confirmed(confirmed_at, now):
        raise StalePage("Please confirm once more that it is you, then erase yourself.")
    with writing():
        person = _locked(person_id)
        if person is None:
            raise StalePage("You are erased already.")
        if person.erase_at is None:
            person.erase_at = now + UNDO
            sessions.end_others(person_id, None)
            key = f"{MailKind.TO_BE_ERASED.key}:{person_id}:{now.isoformat()}"
            outbox.queue(MailKind.TO_BE_ERASED, key=key, now=now, person_id=person_id)
        return person.erase_at


def keep(person_id: int) -> None:
    """Stop the erasure; everything is as it was."""
    with writing():
        person = _locked(person_id)
        if person:
            person.erase_at = None


def organised_alone(person_id: int) -> list[tuple[str, str]]:
    """List public id and name of the circles in which others would be left without an organiser."""
    own, other = aliased(Membership), aliased(Membership)
    sits = (other.circle_id == own.circle_id, other.person_id != person_id, other.left_at.is_(None))
    others = select(other.id).where(*sits)
    found = (
        select(Circle.public_id, Circle.name)
        .join(own, own.circle_id == Circle.id)
        .where(own.person_id == person_id, own.left_at.is_(None), own.role == Role.ORGANISER)
        .where(others.exists(), ~others.where(other.role == Role.ORGANISER).exists())
        .order_by(own.id)
    )
    return [(ref, name) for ref, name in db.session.execute(found)]


def people_to_erase(now: datetime) -> list[int]:
    """List those whose seven days are over."""
    found = list(db.session.scalars(select(Person.id).where(Person.erase_at <= now)))
    end_reading()
    return found


def erase(person_id: int, now: datetime) -> str:
    """Erase somebody once their days are over; say in words what was done.

    They leave their circles as one leaves, and whoever is there longest organises where nobody else does.
    """
    circles = _circles_of(person_id)
    with writing():
        locked = [lock_circle(circle_id, archived_too=True) for circle_id in circles]
        # Whoever is taking a seat is waited for, and erased by the next pass, with that circle locked too.
        person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
        if (
            person is None
            or not person.erase_at
            or person.erase_at > now
            or _circles_of(person_id) != circles
        ):
            return ""
        for circle in locked:
            _leave(circle, person_id, now)
        remains.forget(person, circles, now)
        return f"Erased person {person_id}, as they asked."


def _locked(person_id: int) -> Person | None:
    return db.session.get(Person, person_id, with_for_update=NOT_THE_KEY, populate_existing=True)


def _circles_of(person_id: int) -> list[int]:
    mine = select(Membership.circle_id).where(Membership.person_id == person_id)
    return list(db.session.scalars(mine.order_by(Membership.circle_id)))


def _leave(circle: Circle, person_id: int, now: datetime) -> None:
    membership = seats.membership_of(circle.id, person_id)
    if membership and membership.left_at is None:
        _hand_on(circle, person_id, now)
        membership.left_at, membership.seat = now, None
        db.session.flush()
        excusal.excuse_leaver(circle.id, person_id, now)
        changes.note(circle.id, ChangeKind.LEFT, now, by=person_id)
        if not seats.taken(circle.id) and circle.archived_at is None:
            archiving.end(circle, now)
    if not remains.anybody_else(circle.id, person_id):
        archiving.remove(circle.id)


def _hand_on(circle: Circle, person_id: int, now: datetime) -> None:
    """Let the member there longest organise where nobody else would."""
    if not memberships.only_organiser(circle.id, person_id):
        return
    longest = handing_on.longest_of_all(circle.id)
    successor = db.session.get(Membership, longest, populate_existing=True) if longest else None
    if successor:
        handing_over.give_job(successor, now)
        changes.note(circle.id, ChangeKind.ORGANISER, now, by=person_id, about=successor.person_id)
