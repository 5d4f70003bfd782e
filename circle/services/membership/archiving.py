"""Archiving: a circle comes to rest, comes back, or is erased after seven days."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction
from circle.rules.errors import StalePage
from circle.rules.states import ChangeKind
from circle.services import changes
from circle.services.membership import invitations, seats
from circle.services.rounds import closings, excusal, openings, pauses
from circle.services.work import end_reading, lock_circle, writing

UNDO = timedelta(days=7)


def archive(circle_id: int, by: int, now: datetime) -> None:
    """Let a circle come to rest: its open round closes without recap; invitations, feeds and mail end."""
    with writing():
        circle = _locked(circle_id, by)
        if circle.archived_at:
            return
        end(circle, now)
        changes.note(circle_id, ChangeKind.ARCHIVED, now, by=by)


def unarchive(circle_id: int, by: int, now: datetime) -> None:
    """Bring a circle back; its rhythm goes on from today. Raise StalePage while it waits to be erased."""
    with writing():
        circle = _locked(circle_id, by)
        if circle.archived_at is None:
            return
        if circle.erase_at:
            raise StalePage("This circle waits to be erased. Keep it first, then bring it back.")
        circle.archived_at = None
        pauses.skip_what_was_missed(circle, now)
        excusal.excuse_absent(circle_id, now)
        changes.note(circle_id, ChangeKind.UNARCHIVED, now, by=by)


def ask_erasure(circle_id: int, by: int, now: datetime) -> None:
    """Archive a circle and erase it in seven days, unless an organiser keeps it."""
    with writing():
        circle = _locked(circle_id, by)
        if circle.erase_at:
            return
        if circle.archived_at is None:
            end(circle, now)
        circle.erase_at = now + UNDO
        changes.note(circle_id, ChangeKind.ERASURE, now, by=by)


def keep(circle_id: int, by: int, now: datetime) -> None:
    """Stop the erasure; the circle stays archived."""
    with writing():
        circle = _locked(circle_id, by)
        if circle.erase_at is None:
            return
        circle.erase_at = None
        changes.note(circle_id, ChangeKind.KEPT, now, by=by)


def circles_to_erase(now: datetime) -> list[int]:
    """List the circles whose seven days are over."""
    found = list(db.session.scalars(select(Circle.id).where(Circle.erase_at <= now)))
    end_reading()
    return found


def erase(circle_id: int, now: datetime) -> str:
    """Erase a circle with all that is its, once its days are over; say in words what was done."""
    with writing() as session:
        circle = session.scalar(select(Circle).where(Circle.id == circle_id).with_for_update())
        if circle is None or circle.erase_at is None or circle.erase_at > now:
            return ""
        name = circle.name
        remove(circle_id)
        return f"Erased the circle {name}."


def remove(circle_id: int) -> None:
    """Remove a circle with all that is its; inside a unit of work, the circle locked."""
    for model in (Introduction, Commitment):
        db.session.execute(delete(model).where(model.circle_id == circle_id))
    db.session.execute(delete(Circle).where(Circle.id == circle_id))


def end(circle: Circle, now: datetime) -> None:
    """Let a circle rest; inside a unit of work."""
    circle.archived_at, circle.next_opening_at, circle.held_at = now, None, None
    running = openings.open_round_of(circle.id)
    if running:
        closings.close(running, circle, now, recap=False)
    invitations.withdraw_all(circle.id, now)


def _locked(circle_id: int, by: int) -> Circle:
    circle = lock_circle(circle_id, archived_too=True)
    seats.refuse_unless_organiser(circle_id, by)
    return circle
