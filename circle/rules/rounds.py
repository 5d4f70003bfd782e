"""What a round's dates decide: when it is sealed, what happens when it opens late, and which days count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from circle.rules import zones
from circle.rules.recurrence import Occurrence

ANSWERABLE = timedelta(days=30)
BEFORE_THE_NEXT = timedelta(hours=1)

OVERTAKEN = "It could not open on its day, and a later round had come by then."
TOO_LITTLE_TIME = "It could not open on its day, and too little time was left before the next round."


@dataclass(frozen=True, slots=True)
class LatePlan:
    """What a late opening does: the round to open now, perhaps due later, and the skipped with reasons."""

    open: Occurrence | None
    skipped: tuple[tuple[Occurrence, str], ...]


def seal_moment(due_at: datetime, next_opening: datetime | None) -> datetime:
    """Return when a round stops taking answers: at the next opening, else 30 days after it was due."""
    return max(due_at, next_opening) if next_opening else due_at + ANSWERABLE


def late_opening(
    missed: Sequence[Occurrence], following: Occurrence | None, now: datetime, zone: ZoneInfo
) -> LatePlan:
    """Decide about slots whose opening has passed, oldest first: only the latest may open."""
    if not missed:
        return LatePlan(None, ())
    *earlier, latest = missed
    skipped = tuple((occurrence, OVERTAKEN) for occurrence in earlier)
    opened = _with_enough_time(latest, following, now, zone)
    if opened is None:
        return LatePlan(None, (*skipped, (latest, TOO_LITTLE_TIME)))
    return LatePlan(opened, skipped)


def latest_late_opening(late: Occurrence, following: Occurrence | None) -> datetime | None:
    """Return until when a missed round may still open; None when no other round follows it."""
    if following is None:
        return None
    return max(late.due_at, following.opens_at - BEFORE_THE_NEXT) - (late.due_at - late.opens_at) / 2


def made_on_bounds(previous_due: date | None, opened: date, today: date) -> tuple[date, date]:
    """Return the earliest and latest day an introduction may have been made on, as days of its giver.

    The earliest is the day the previous round was due, for a first round its own opening day.
    """
    # West of the circle's zone a round may open on what is still the giver's yesterday.
    return min(previous_due or opened, today), today


def is_late(made_on: date, due_day: date) -> bool:
    """Say whether an introduction was made after the due day; the due day itself is not late."""
    return made_on > due_day


def _with_enough_time(
    late: Occurrence, following: Occurrence | None, now: datetime, zone: ZoneInfo
) -> Occurrence | None:
    whole = late.due_at - late.opens_at
    if late.due_at - now > whole / 2:
        return late
    moved = _full_days_from(late, now, zone)
    if following and moved.due_at > following.opens_at - BEFORE_THE_NEXT:
        moved = _due_at(moved, zones.to_local(following.opens_at - BEFORE_THE_NEXT, zone), zone)
        if following.opens_at - BEFORE_THE_NEXT - now < whole / 2:
            return None
    return moved


def _full_days_from(late: Occurrence, now: datetime, zone: ZoneInfo) -> Occurrence:
    days = late.due_local.date() - late.opens_local.date()
    due = datetime.combine(zones.local_day(now, zone) + days, late.due_local.time())
    # Late in the evening the last of a few days would be too short to count as one.
    if zones.to_utc(due, zone) - now < (late.due_at - late.opens_at) / 2:
        due += timedelta(days=1)
    return _due_at(late, due, zone)


def _due_at(late: Occurrence, due: datetime, zone: ZoneInfo) -> Occurrence:
    return replace(late, due_local=due, due_at=zones.to_utc(due, zone))
