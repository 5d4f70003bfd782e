"""When a giver is reminded: steps before the due date, each at the reader's own hour and on their days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from circle.rules import zones

STEPS = (7, 2, 0)
# A giver who only waits for a yes is asked "did they answer?" on these steps alone.
ASKING_STEPS = frozenset({2, 0})

ON_THE_DAY = timedelta(hours=4)
AFTER_OPENING = timedelta(days=2)
WORTH_SENDING = timedelta(hours=24)
DAYS_APART = 2
"""How far a reminder stays from the last one once the due date has moved."""


@dataclass(frozen=True, slots=True)
class Reader:
    """When one person reads letters: their zone, hour and weekdays (Monday is 0), and none before a day."""

    zone: ZoneInfo
    hour: int = 9
    weekdays: frozenset[int] = frozenset(range(7))
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder: how many days before due it stands for, and its moment in UTC."""

    days: int
    at: datetime

    @property
    def for_asking(self) -> bool:
        return self.days in ASKING_STEPS


def moments(
    opened_at: datetime, due_at: datetime, reader: Reader, steps: Sequence[int] = STEPS
) -> tuple[Step, ...]:
    """Return the reminders of a round for one reader in order of time; steps without a moment are dropped.

    Of two steps at one moment the nearer to due stays.
    """
    by_moment: dict[datetime, Step] = {}
    for days in sorted(steps, reverse=True):
        at = _latest(due_at - (timedelta(days=days) or ON_THE_DAY), opened_at + AFTER_OPENING, reader)
        if at:
            by_moment[at] = Step(days, at)
    return tuple(by_moment[at] for at in sorted(by_moment))


def next_moment(after: datetime, reader: Reader) -> datetime | None:
    """Return the reader's next letter moment (UTC) strictly after an instant; None without a weekday."""
    first = max(zones.local_day(after, reader.zone), reader.paused_until or date.min)
    ahead = (_moment(first + timedelta(days=offset), reader) for offset in range(9))
    return next((at for at in ahead if at and at > after), None)


def still_due(moment: datetime, now: datetime) -> bool:
    """Say whether a moment has come and is at most 24 hours past, so that its letter is worth sending."""
    return timedelta(0) <= now - moment <= WORTH_SENDING


def upcoming(
    steps: Iterable[Step], now: datetime, *, last: datetime | None = None, apart: int = 1, zone: tzinfo = UTC
) -> Step | None:
    """Return the next reminder after `now`, `apart` days or more of the reader's zone after the last one."""
    ahead = sorted((step for step in steps if step.at > now), key=lambda step: step.at)
    return next((step for step in ahead if last is None or _days_between(last, step.at, zone) >= apart), None)


def _latest(limit: datetime, earliest: datetime, reader: Reader) -> datetime | None:
    at = next((at for at in _backwards(limit, reader) if at <= limit), None)
    return at if at and at >= earliest else None


def _backwards(limit: datetime, reader: Reader) -> Iterator[datetime]:
    last = zones.local_day(limit, reader.zone)
    # A week and a day reach every weekday even when the hour of the last day is past the limit.
    back = (_moment(last - timedelta(days=offset), reader) for offset in range(9))
    return (at for at in back if at)


def _moment(day: date, reader: Reader) -> datetime | None:
    paused = reader.paused_until is not None and day < reader.paused_until
    if paused or day.weekday() not in reader.weekdays:
        return None
    return zones.to_utc(datetime.combine(day, time(reader.hour)), reader.zone)


def _days_between(last: datetime, at: datetime, zone: tzinfo) -> int:
    # Days, not hours: a letter that went out some minutes after its moment must not swallow the next.
    return (at.astimezone(zone).date() - last.astimezone(zone).date()).days
