"""Exceptions: moving, skipping and putting back one round to come."""

from collections.abc import Callable
from datetime import datetime

from circle.extensions import db
from circle.models import Circle
from circle.rules.clashes import refuse_clash
from circle.rules.errors import BadDate, StalePage
from circle.rules.recurrence import YEARS, Occurrence
from circle.rules.schedule import (
    RoundException,
    Schedule,
    altered,
    occurrence_at,
    put_back_until,
    restored,
    skipped,
)
from circle.rules.states import ChangeKind
from circle.rules.wording import day_words
from circle.services import changes
from circle.services.membership import seats
from circle.services.rounds import schedules
from circle.services.work import lock_circle, writing

Change = Callable[[Schedule, datetime], Schedule]
"""Makes a schedule with one slot changed."""

GONE = "This round is not to come any more: its day has passed, or the rhythm was changed."


def alter(
    circle_id: int, by: int, slot: datetime, opens_local: datetime, due_local: datetime, now: datetime
) -> None:
    """Let one coming round open and be due at other local times.

    Raise BadDate or MeetsAnother beside `opens_on` or `due_on`, StalePage when it is not to come any more.
    """
    for field, moment in (("opens_on", opens_local), ("due_on", due_local)):
        if moment.year not in YEARS:
            raise BadDate("Choose a day within the next year.", field=field)
    change = RoundException(slot, opens_local, due_local)
    dates = f": it opens {_moment(opens_local, slot)} and is due {_moment(due_local, slot)}"
    _except(circle_id, by, slot, lambda known, _: altered(known, change), now, ChangeKind.MOVED, dates)


def skip(circle_id: int, by: int, slot: datetime, now: datetime) -> None:
    """Let one coming round not open; raise StalePage when it is not to come any more."""
    _except(circle_id, by, slot, skipped, now, ChangeKind.SKIPPED)


def restore(circle_id: int, by: int, slot: datetime, now: datetime) -> None:
    """Undo what was changed last about one coming round: that it is skipped, or where it was moved.

    Raise BadDate or MeetsAnother when another round has taken the place, StalePage as above.
    """
    _except(circle_id, by, slot, restored, now, ChangeKind.RESTORED)


def coming_round(circle_id: int, slot: datetime, now: datetime) -> Occurrence:
    """Return one coming round by its slot; raise StalePage when it is not to come any more."""
    return _to_come(schedules.schedule_of(db.session.get_one(Circle, circle_id)), slot, now)[1]


def _except(
    circle_id: int, by: int, slot: datetime, change: Change, now: datetime, kind: ChangeKind, dates: str = ""
) -> None:
    with writing():
        circle = lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        before, _ = _to_come(schedules.schedule_of(circle), slot, now)
        after = change(before, slot)
        if after == before:
            return
        refuse_clash(after, slot, now, schedules.running_due(circle_id))
        schedules.keep_exceptions(circle_id, after.exceptions.values())
        schedules.dates_changed(circle, now)
        changes.note(circle_id, kind, now, by=by, words=day_words(slot.date()) + dates)


def _moment(local: datetime, slot: datetime) -> str:
    return f"{day_words(local, slot)} at {local:%H:%M}"


def _to_come(schedule: Schedule | None, slot: datetime, now: datetime) -> tuple[Schedule, Occurrence]:
    found = occurrence_at(schedule, slot) if schedule else None
    if schedule is None or found is None or put_back_until(schedule, slot) <= now:
        raise StalePage(GONE)
    return schedule, found
