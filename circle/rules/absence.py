"""Absence: the days a person is away, and what their return brings back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circle.rules import zones
from circle.rules.errors import BadDate
from circle.rules.wording import day_words

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole days in the person's zone, first and last one included; without `last` the end is open."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether the person is away on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    def is_over(self, day: date) -> bool:
        """Say whether the absence lies before a day."""
        return self.last is not None and self.last < day


def check(absence: Absence, today: date) -> None:
    """Raise BadDate beside `first` or `last` for days that cannot be."""
    if not today <= absence.first <= today + LONGEST:
        raise BadDate("Choose a first day from today on, within a year.", field="first")
    if absence.last and absence.last < absence.first:
        raise BadDate("The last day is before the first. Choose a later one, or none.", field="last")
    if absence.last and absence.last > absence.first + LONGEST:
        raise BadDate("Choose a last day within a year of the first, or leave it empty.", field="last")


def next_turn(absence: Absence, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant at which the absence begins or ends next; None when nothing is to come."""
    ends = absence.last + timedelta(days=1) if absence.last else None
    turns = (zones.to_utc(datetime.combine(day, time()), zone) for day in (absence.first, ends) if day)
    return min((at for at in turns if at > now), default=None)


def reopens(opened_at: datetime, due_at: datetime, now: datetime) -> bool:
    """Say whether a return still finds at least half of a round left, so that its promises open again."""
    return due_at - now >= (due_at - opened_at) / 2


def in_words(absence: Absence, today: date) -> str:
    """Say when somebody is away: "until 5 Jan", "from 3 Jan to 9 Jan", "from 3 Jan on"."""
    if absence.holds(today):
        return f"until {day_words(absence.last, today)}" if absence.last else "for now"
    first = day_words(absence.first, today)
    return f"from {first} to {day_words(absence.last, today)}" if absence.last else f"from {first} on"
