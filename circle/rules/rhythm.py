"""The rhythm of a circle as people set it: its bounds in sentences, and the whole of it in words."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from circle.rules import zones
from circle.rules.recurrence import (
    DUE_DAYS,
    INTERVALS,
    NTHS,
    ROUNDS,
    YEARS,
    Occurrence,
    Pattern,
    Rhythm,
    anchor,
    occurrences,
    rrule_text,
)
from circle.rules.wording import WEEKDAYS, count_of, day_words, ordinal

__all__ = [
    "Occurrence",
    "Pattern",
    "Rhythm",
    "anchor",
    "check",
    "in_words",
    "occurrences",
    "out_of_bounds",
    "rrule_text",
]


def check(rhythm: Rhythm, zone: ZoneInfo) -> dict[str, str]:
    """Name each field out of bounds with a sentence that says how to mend it; empty when all is well."""
    faults = out_of_bounds(rhythm)
    if faults:
        return faults
    coming = list(islice(occurrences(rhythm, zone), 60))
    if not coming and rhythm.ends_on:
        return {"ends_on": "No round opens between these two dates. Choose a later end."}
    if not coming:
        return {
            "starts_on": "No round opens from then until the end of the year 2200. Choose an earlier start."
        }
    return _overlap(rhythm, coming, zone)


def out_of_bounds(rhythm: Rhythm) -> dict[str, str]:
    """Name each field whose value alone is out of bounds, as `check` does before it looks at the dates."""
    return dict(_faults(rhythm))


def in_words(rhythm: Rhythm) -> str:
    """Say it as people do: "Every month on the first Tuesday at 09:00, due 17 days later at 17:00"."""
    unit = "week" if rhythm.pattern is Pattern.WEEKLY else "month"
    every = f"Every {unit}" if rhythm.interval == 1 else f"Every {count_of(rhythm.interval, unit)}"
    later = {0: "the same day", 1: "the next day"}.get(rhythm.due_days, f"{rhythm.due_days} days later")
    end = f", {count_of(rhythm.rounds, 'round')}" if rhythm.rounds else ""
    end = f", until {day_words(rhythm.ends_on)} {rhythm.ends_on.year}" if rhythm.ends_on else end
    opening = f"{every} on {_day_in_words(rhythm)} at {rhythm.opens_at:%H:%M}"
    return f"{opening}, due {later} at {rhythm.due_time:%H:%M}{end}"


def _faults(rhythm: Rhythm) -> Iterator[tuple[str, str]]:
    yield from _pattern_faults(rhythm)
    if rhythm.starts_on.year not in YEARS:
        yield "starts_on", "Choose a start between the years 2000 and 2200."
    if rhythm.ends_on and rhythm.ends_on.year not in YEARS:
        yield "ends_on", "Choose an end between the years 2000 and 2200, or none."
    elif rhythm.ends_on and rhythm.ends_on < rhythm.starts_on:
        yield "ends_on", "The end is before the start. Choose a later end, or none."
    if rhythm.rounds is not None and rhythm.rounds not in ROUNDS:
        yield "rounds", "Choose a number of rounds from 1 to 500, or leave it empty."
    elif rhythm.rounds is not None and rhythm.ends_on:
        yield "rounds", "Choose an end date or a number of rounds, not both."
    if rhythm.due_days not in DUE_DAYS:
        yield "due_days", "Choose from 0 to 366 days."
    elif datetime.combine(date.min, rhythm.due_time) + timedelta(days=rhythm.due_days) < _earliest_due(
        rhythm
    ):
        yield (
            "due_time",
            "A round is due at least three hours after it opens. Choose a later time, or a day more.",
        )


def _pattern_faults(rhythm: Rhythm) -> Iterator[tuple[str, str]]:
    if rhythm.interval not in INTERVALS:
        yield "interval", "Choose a number from 1 to 12."
    if rhythm.pattern in (Pattern.WEEKLY, Pattern.MONTHLY_WEEKDAY) and rhythm.weekday not in range(7):
        yield "weekday", "Choose a day of the week."
    if rhythm.pattern is Pattern.MONTHLY_DAY and rhythm.monthday not in range(1, 32):
        yield "monthday", "Choose a day of the month from 1 to 31."
    if rhythm.pattern is Pattern.MONTHLY_WEEKDAY and rhythm.nth not in NTHS:
        yield "nth", "Choose the first, second, third, fourth or last one."


def _earliest_due(rhythm: Rhythm) -> datetime:
    # The widest clock gap is two hours, so a round never ends before it begins.
    return datetime.combine(date.min, rhythm.opens_at) + timedelta(hours=3)


def _overlap(rhythm: Rhythm, coming: list[Occurrence], zone: ZoneInfo) -> dict[str, str]:
    free = {pair: _days_free(rhythm, *pair, zone) for pair in pairwise(coming)}
    room = min(free.values(), default=rhythm.due_days)
    if rhythm.due_days <= room:
        return {}
    this, following = next(pair for pair, days in free.items() if days == room)
    dues, opens = (zones.to_local(at, zone) for at in (this.due_at, following.opens_at))
    # On one day the hours say what meets what; on a day of a clock change not those of the form.
    hours = (f" at {dues:%H:%M}", f" at {opens:%H:%M}") if dues.date() == opens.date() else ("", "")
    due, next_one = (
        f"{day_words(at, rhythm.starts_on)}{hour}" for at, hour in zip((dues, opens), hours, strict=True)
    )
    return {
        "due_days": f"The round of {day_words(this.slot, rhythm.starts_on)} would be due on {due}, after the "
        f"next one opens on {next_one}. Choose at most {count_of(room, 'day')}."
    }


def _days_free(rhythm: Rhythm, this: Occurrence, following: Occurrence, zone: ZoneInfo) -> int:
    """Return after how many days a round may be due; wall clocks alone would miss that they change."""
    days = (following.slot.date() - this.slot.date()).days
    due = datetime.combine(following.slot.date(), rhythm.due_time)
    return days if zones.to_utc(due, zone) <= following.opens_at else days - 1


def _day_in_words(rhythm: Rhythm) -> str:
    if rhythm.pattern is Pattern.MONTHLY_LAST_DAY:
        return "the last day"
    if rhythm.pattern is Pattern.MONTHLY_DAY:
        day = rhythm.monthday or 0
        return f"the {ordinal(day)}" + (", or the month's last day," if day > 28 else "")
    weekday = WEEKDAYS[rhythm.weekday or 0]
    nth = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
    return weekday if rhythm.pattern is Pattern.WEEKLY else f"the {nth[rhythm.nth or 1]} {weekday}"
