"""The sentences of progress and of dates, the same on the pages and in the letters."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from circle.rules import zones
from circle.rules.board import Tally
from circle.rules.states import CommitmentState

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_COUNTS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def count_word(number: int) -> str:
    """Write a count as a word up to twelve, as digits above."""
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)


def count_of(number: int, noun: str) -> str:
    """Write a count with its noun, whose plural takes an s: "one day", "17 days"."""
    return f"{count_word(number)} {noun}{'' if number == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Write several as people say them: "Ben", "Ben and Cy", "Ben, Cy and Dee"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def apart(name: str) -> str:
    """Keep a name that runs from right to left from turning the words around it."""
    return f"\u2068{name}\u2069" if any(bidirectional(letter) in {"R", "AL"} for letter in name) else name


def ordinal(number: int) -> str:
    """Write a day of the month as people say it: "1st", "22nd", "31st"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def first_line(tally: Tally, *, round_open: bool = True) -> str:
    """Say what one giver has left in a round: counts the open ones and names the asking beside them."""
    if not tally.counted:
        return "Nothing is asked of you this round."
    if not tally.outstanding:
        return _all_done(tally)
    if not tally.open:
        return f"{count_word(tally.asking)} waiting for a yes".capitalize()
    waiting = f", {count_word(tally.asking)} waiting for a yes" if tally.asking else ""
    return f"{_left(tally)}{waiting}{'' if round_open else ', still welcome'}".capitalize()


def taken_back_words(state: CommitmentState) -> str:
    """Say what a promise is after something about it was taken back, as the end of a sentence."""
    if state is CommitmentState.OPEN:
        return "is open again"
    if state is CommitmentState.ASKING:
        return "waits for an answer again"
    if state is CommitmentState.EXCUSED:
        return "is excused, as one of you is away or has left"
    return "stays as it is"


def tally_words(tally: Tally) -> str:
    """Count honestly, without the excused: "18 of 20 made, 1 passed"."""
    passed = f", {tally.passed} passed" if tally.passed else ""
    return f"{tally.made} of {tally.counted} made{passed}"


def weekly_line(circle: str, tally: Tally, days_left: int, left: Sequence[tuple[str, int]]) -> str:
    """Say how an open round stands; `left` is who has how many to make, in seat order.

    "Harbour Circle: 12 of 20 made, nine days left; Ben and Cy have two each to make".
    """
    time = f"{count_of(days_left, 'day')} left" if days_left > 0 else "due today"
    return f"{circle}: {tally_words(tally)}, {time}; {_to_make(left) if left else 'nothing is left to make'}"


def closing_words(in_time: int, counted: int, late: int) -> str:
    """Say how a finished round went: "18 of 20 in time, 1 more after"."""
    return f"{in_time} of {counted} in time" + (f", {late} more after" if late else "")


def zone_words(zone_name: str) -> str:
    """Say a time zone by its city: "London time", or "UTC"."""
    return f"{_city(zone_name)} time" if "/" in zone_name else _city(zone_name)


def due_words(due_at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Say when a round is due on the wall clock of a zone: "Friday 27 November, 17:00, in 5 days"."""
    return f"{_moment(due_at, zone, now)}, {_distance(due_at, zone, now)}"


def due_in_two_zones(due_at: datetime, zone: ZoneInfo, reader: ZoneInfo, now: datetime) -> str:
    """Say when a round is due in the circle's zone, with the reader's clock beside it when it differs.

    "Friday 27 November, 17:00 in London, 18:00 for you, in 5 days"; the distance is the reader's.
    """
    here, there = zones.to_local(due_at, reader), zones.to_local(due_at, zone)
    if here == there:
        return due_words(due_at, zone, now)
    day = f"{WEEKDAYS[here.weekday()]} " if here.date() != there.date() else ""
    city = _city(zone.key)
    place = f" in {city}" if "/" in zone.key else f" {city}"
    return f"{_moment(due_at, zone, now)}{place}, {day}{here:%H:%M} for you, {_distance(due_at, reader, now)}"


def day_words(day: date, today: date | None = None) -> str:
    """Write a day briefly, "12 Nov", with its year when it is not the year of `today`."""
    year = f" {day.year}" if today and today.year != day.year else ""
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def relative_day(day: date, today: date) -> str:
    """Say how far a day is: "today", "tomorrow", "in 5 days", "yesterday", "3 days ago"."""
    distance = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if distance in near:
        return near[distance]
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"


def _left(tally: Tally) -> str:
    if tally.asking:
        return f"{count_word(tally.open)} more to make"
    if tally.open == tally.counted:
        return f"{count_of(tally.open, 'introduction')} to make"
    return f"{count_word(tally.open)} more introduction{'' if tally.open == 1 else 's'} to make"


def _to_make(left: Sequence[tuple[str, int]]) -> str:
    # In seat order: neighbours with the same count are said together.
    runs = [(count, [name for name, _ in run]) for count, run in groupby(left, key=lambda one: one[1])]
    (count, names), *others = runs
    has = "has" if len(names) == 1 and names != ["you"] else "have"
    first = f"{listed(names)} {has} {_each(count, names)} to make"
    return ", ".join([first, *(f"{listed(more)} {_each(number, more)}" for number, more in others)])


def _each(count: int, names: Sequence[str]) -> str:
    return f"{count_word(count)}{' each' if len(names) > 1 else ''}"


def _all_done(tally: Tally) -> str:
    if not tally.made:
        return "All answered. Thank you."
    if tally.passed:
        return f"All answered: {count_word(tally.made)} made, {count_word(tally.passed)} passed. Thank you."
    few = {1: "Your introduction is made", 2: "Both made"}
    return f"{few.get(tally.made, f'All {count_word(tally.made)} made')}. Thank you."


def _city(zone_name: str) -> str:
    return zone_name.rpartition("/")[2].replace("_", " ")


def _moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = zones.to_local(at, zone)
    year = "" if local.year == zones.local_day(now, zone).year else f" {local.year}"
    return f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}{year}, {local:%H:%M}"


def _distance(due_at: datetime, zone: ZoneInfo, now: datetime) -> str:
    left = due_at - now
    if timedelta(0) <= left < timedelta(hours=1):
        return "within the hour"
    if timedelta(0) <= left < timedelta(hours=12):
        return f"in {count_of(round(left / timedelta(hours=1)), 'hour')}"
    return relative_day(zones.local_day(due_at, zone), zones.local_day(now, zone))
