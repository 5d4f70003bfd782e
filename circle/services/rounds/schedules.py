"""Schedules: what a circle's rhythm, exceptions and pauses ask for, read from what is stored."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy import delete, select

from circle.extensions import db
from circle.models import Circle, Round, StoredException, StoredRhythm
from circle.rules import zones
from circle.rules.recurrence import Occurrence, Rhythm
from circle.rules.schedule import RoundException, Schedule, look, planned
from circle.rules.states import RoundState
from circle.services.rounds import closings


def ahead(circle_id: int, now: datetime, count: int = 12) -> tuple[Occurrence, ...]:
    """Return the rounds to come after exceptions and pauses, those that will be skipped with their reason."""
    schedule = schedule_of(db.session.get_one(Circle, circle_id))
    return first_ahead(schedule, now, count) if schedule else ()


def first_ahead(schedule: Schedule, now: datetime, count: int) -> tuple[Occurrence, ...]:
    """Return the next rounds of a schedule whose opening is still to come."""
    return tuple(islice((one for one in planned(schedule) if one.opens_at > now), count))


def schedule_of(circle: Circle) -> Schedule | None:
    """Return a circle's schedule, None when it has no rhythm."""
    stored = row_of(circle.id)
    if stored is None:
        return None
    return Schedule(
        rhythm=read_rhythm(stored),
        zone=zones.zone(circle.zone),
        exceptions=exceptions_of(circle.id),
        paused_until=circle.paused_until,
        used_slot=stored.used_slot,
    )


def exceptions_of(circle_id: int) -> dict[datetime, RoundException]:
    """Return the exceptions of a circle by slot."""
    rows = db.session.execute(
        select(
            StoredException.slot,
            StoredException.opens_local,
            StoredException.due_local,
            StoredException.skipped,
        ).where(StoredException.circle_id == circle_id)
    )
    return {row[0]: RoundException(*row) for row in rows}


def row_of(circle_id: int) -> StoredRhythm | None:
    """Return the stored row of a circle's rhythm."""
    return db.session.scalar(select(StoredRhythm).where(StoredRhythm.circle_id == circle_id))


def read_rhythm(stored: StoredRhythm) -> Rhythm:
    """Turn the stored row into the value the rules read."""
    return Rhythm(**{field.name: getattr(stored, field.name) for field in fields(Rhythm)})


def running_due(circle_id: int) -> datetime | None:
    """Return when the open round of a circle is due, None when no round is open."""
    due = select(Round.due_at).where(Round.circle_id == circle_id, Round.state == RoundState.OPEN)
    return db.session.scalar(due)


def keep_exceptions(circle_id: int, exceptions: Iterable[RoundException]) -> None:
    """Keep these exceptions of a circle and forget all others; inside a unit of work."""
    db.session.execute(delete(StoredException).where(StoredException.circle_id == circle_id))
    db.session.add_all(
        StoredException(
            circle_id=circle_id,
            slot=one.slot,
            opens_local=one.opens_local,
            due_local=one.due_local,
            skipped=one.skipped,
        )
        for one in exceptions
    )
    db.session.flush()


def follow(circle: Circle, now: datetime) -> None:
    """Compute anew when the next round opens, after anything it depends on has changed.

    Inside a unit of work, the circle locked. What was missed is for the worker to judge, at once.
    """
    schedule = None if circle.archived_at else schedule_of(circle)
    past, following = look(schedule, now) if schedule else ([], None)
    if any(not one.skipped for one in past):
        circle.next_opening_at = now
    else:
        circle.held_at = None
        circle.next_opening_at = following.opens_at if following else None
    closings.set_seal_moments(circle, not_before=now)


def dates_changed(circle: Circle, now: datetime) -> None:
    """Follow the schedule and let calendars know that there are new dates; inside a unit of work."""
    circle.edition += 1
    circle.edited_at = now
    follow(circle, now)


def skip_until(schedule: Schedule, until: date) -> Schedule:
    """Return the schedule as it is when paused until a local day."""
    return replace(schedule, paused_until=until)
