"""The dates of a rhythm: a closed form, counted from its first date, never from the last one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday

from circle.rules import zones
from circle.rules.wording import MONTHS, ordinal

YEARS = range(2000, 2201)
INTERVALS = range(1, 13)
DUE_DAYS = range(367)
ROUNDS = range(1, 501)
NTHS = (1, 2, 3, 4, -1)

_LAST_MOMENT = datetime.combine(date(YEARS[-1], 12, 31), time.max)


class Pattern(Enum):
    """The four shapes a rhythm may have."""

    WEEKLY = "weekly"
    MONTHLY_DAY = "monthly_day"
    MONTHLY_LAST_DAY = "monthly_last_day"
    MONTHLY_WEEKDAY = "monthly_weekday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When rounds open and are due, on the circle's wall clock; Monday is weekday 0, the last nth is -1.

    The first day from `starts_on` that fits is the anchor all others are counted from.
    """

    pattern: Pattern
    starts_on: date
    interval: int = 1
    weekday: int | None = None
    monthday: int | None = None
    nth: int | None = None
    ends_on: date | None = None
    rounds: int | None = None
    opens_at: time = time(9)
    due_days: int = 17
    due_time: time = time(17)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One round to come: `slot` names it, `shifted` says why it is not where one expects.

    `opens_local` and `due_local` are on the circle's wall clock; `skipped` is the reason it will not open.
    """

    slot: datetime
    opens_at: datetime
    due_local: datetime
    due_at: datetime
    shifted: str = ""
    moved_to: datetime | None = None
    moved: bool = False
    skipped: str = ""

    @property
    def opens_local(self) -> datetime:
        return self.moved_to or self.slot


def occurrences(rhythm: Rhythm, zone: ZoneInfo, after: datetime | None = None) -> Iterator[Occurrence]:
    """Yield the rounds in order, those with a slot after the naive local time `after` if one is given.

    Ends with the rhythm, at the latest with the year 2200. Raise ValueError for a rhythm out of bounds.
    """
    for slot in islice(_slots(rhythm), rhythm.rounds):
        if rhythm.ends_on and slot.date() > rhythm.ends_on:
            return
        if after is None or slot > after:
            yield _occurrence(rhythm, zone, slot)


def anchor(rhythm: Rhythm) -> date | None:
    """Return the first day that fits, from which all others are counted; None if there is none in bounds."""
    start = datetime.combine(rhythm.starts_on, rhythm.opens_at)
    first = next(iter(_rule(rhythm, start, 1)), None)
    return first.date() if first else None


def rrule_text(rhythm: Rhythm, zone: ZoneInfo | None = None) -> str:
    """Write the rhythm as an RFC 5545 recurrence rule whose DTSTART is the anchor at the opening time.

    The end stands in UTC where a zone is given, as a DTSTART with a TZID asks, else as floating local time.
    """
    parts = [
        f"FREQ={'WEEKLY' if rhythm.pattern is Pattern.WEEKLY else 'MONTHLY'}",
        f"INTERVAL={rhythm.interval}",
    ]
    day = "" if rhythm.weekday is None else ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[rhythm.weekday]
    days = _month_days(rhythm)
    if rhythm.pattern is Pattern.WEEKLY:
        parts.append(f"BYDAY={day}")
    elif rhythm.pattern is Pattern.MONTHLY_WEEKDAY:
        parts.append(f"BYDAY={rhythm.nth}{day}")
    else:
        parts.append("BYMONTHDAY=" + ",".join(str(number) for number in days))
    if len(days) > 1:
        parts.append("BYSETPOS=-1")
    return ";".join([*parts, *_ends(rhythm, zone)])


def _ends(rhythm: Rhythm, zone: ZoneInfo | None) -> Iterator[str]:
    if rhythm.rounds:
        yield f"COUNT={rhythm.rounds}"
    elif rhythm.ends_on:
        last = datetime.combine(rhythm.ends_on, rhythm.opens_at)
        yield f"UNTIL={zones.to_utc(last, zone):%Y%m%dT%H%M%SZ}" if zone else f"UNTIL={last:%Y%m%dT%H%M%S}"


def _slots(rhythm: Rhythm) -> Iterator[datetime]:
    first = anchor(rhythm)
    if first is None:
        return iter(())
    return iter(_rule(rhythm, datetime.combine(first, rhythm.opens_at), rhythm.interval))


def _rule(rhythm: Rhythm, start: datetime, interval: int) -> rrule:
    # An interval of 0 or a date near year 9999 would keep dateutil busy for ever.
    if interval not in INTERVALS or rhythm.interval not in INTERVALS or start.year not in YEARS:
        raise ValueError("the rhythm is out of bounds")
    if rhythm.pattern is Pattern.WEEKLY:
        return rrule(WEEKLY, start, interval, wkst=MO, until=_LAST_MOMENT, byweekday=_weekday(rhythm))
    if rhythm.pattern is Pattern.MONTHLY_WEEKDAY:
        if rhythm.nth not in NTHS:
            raise ValueError("the rhythm is out of bounds")
        nth_day = _weekday(rhythm)(rhythm.nth)
        return rrule(MONTHLY, start, interval, until=_LAST_MOMENT, byweekday=nth_day)
    days = _month_days(rhythm)
    # Of the days that exist in the month the last one counts: the 31st in April is the 30th.
    return rrule(MONTHLY, start, interval, until=_LAST_MOMENT, bymonthday=days, bysetpos=-1)


def _weekday(rhythm: Rhythm) -> weekday:
    if rhythm.weekday is None or not 0 <= rhythm.weekday <= 6:
        raise ValueError("the rhythm is out of bounds")
    return weekday(rhythm.weekday)


def _month_days(rhythm: Rhythm) -> tuple[int, ...]:
    if rhythm.pattern is Pattern.MONTHLY_LAST_DAY:
        return (-1,)
    if rhythm.pattern is not Pattern.MONTHLY_DAY:
        return ()
    if rhythm.monthday is None or not 1 <= rhythm.monthday <= 31:
        raise ValueError("the rhythm is out of bounds")
    return tuple(range(min(rhythm.monthday, 28), rhythm.monthday + 1))


def _occurrence(rhythm: Rhythm, zone: ZoneInfo, slot: datetime) -> Occurrence:
    due = datetime.combine(slot.date() + timedelta(days=rhythm.due_days), rhythm.due_time)
    shifts = (_month_end(rhythm, slot), _clock_gap("opens", slot, zone), _clock_gap("is due", due, zone))
    return Occurrence(
        slot=slot,
        opens_at=zones.to_utc(slot, zone),
        due_local=due,
        due_at=zones.to_utc(due, zone),
        shifted=" ".join(shift for shift in shifts if shift),
    )


def _month_end(rhythm: Rhythm, slot: datetime) -> str:
    if rhythm.pattern is not Pattern.MONTHLY_DAY or slot.day == rhythm.monthday:
        return ""
    return f"{MONTHS[slot.month - 1]} has no {ordinal(rhythm.monthday or 0)}, so this is its last day."


def _clock_gap(verb: str, local: datetime, zone: ZoneInfo) -> str:
    if not zones.in_gap(local, zone):
        return ""
    real = zones.to_local(zones.to_utc(local, zone), zone)
    return f"The clocks go forward over {local:%H:%M} that day, so it {verb} at {real:%H:%M}."
