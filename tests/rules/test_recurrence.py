"""The dates a rhythm makes: anchors, month ends, clock changes, ends."""

import calendar
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.rules import zones
from circle.rules.recurrence import Pattern, Rhythm, anchor, occurrences, rrule_text

BERLIN = zones.zone("Europe/Berlin")
MONTHLY = Rhythm(pattern=Pattern.MONTHLY_WEEKDAY, weekday=1, nth=1, starts_on=date(2026, 11, 1))
WEEKLY = Rhythm(pattern=Pattern.WEEKLY, weekday=1, interval=2, starts_on=date(2026, 11, 6), due_days=10)
ON_THE_31ST = Rhythm(pattern=Pattern.MONTHLY_DAY, monthday=31, starts_on=date(2027, 1, 1))
LAST_DAY = Rhythm(pattern=Pattern.MONTHLY_LAST_DAY, starts_on=date(2027, 1, 1))
EVERY_SUNDAY = Rhythm(pattern=Pattern.WEEKLY, weekday=6, starts_on=date(2027, 1, 1), due_days=5)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def days(rhythm: Rhythm, count: int) -> list[str]:
    return [f"{one.slot:%Y-%m-%d}" for one in islice(occurrences(rhythm, BERLIN), count)]


def on(rhythm: Rhythm, day: str, zone: ZoneInfo = BERLIN):
    return next(occurrences(rhythm, zone, wall(day)))


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        (MONTHLY, ["2026-11-03", "2026-12-01", "2027-01-05"]),
        (replace(MONTHLY, nth=-1), ["2026-11-24", "2026-12-29", "2027-01-26"]),
        (replace(MONTHLY, nth=4, interval=12), ["2026-11-24", "2027-11-23", "2028-11-28"]),
        (
            replace(MONTHLY, starts_on=date(2026, 11, 4), interval=3),
            ["2026-12-01", "2027-03-02", "2027-06-01"],
        ),
        (WEEKLY, ["2026-11-10", "2026-11-24", "2026-12-08"]),
        (ON_THE_31ST, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        (
            replace(ON_THE_31ST, monthday=29, starts_on=date(2028, 2, 1)),
            ["2028-02-29", "2028-03-29", "2028-04-29"],
        ),
        (replace(ON_THE_31ST, monthday=30), ["2027-01-30", "2027-02-28", "2027-03-30"]),
        (
            replace(ON_THE_31ST, interval=12, starts_on=date(2027, 2, 1)),
            ["2027-02-28", "2028-02-29", "2029-02-28"],
        ),
        (replace(ON_THE_31ST, monthday=15, starts_on=date(2027, 1, 16)), ["2027-02-15", "2027-03-15"]),
        (LAST_DAY, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
    ],
)
def test_dates_are_counted_from_the_first_day_that_fits(rhythm, expected):
    assert days(rhythm, len(expected)) == expected


def test_a_number_of_rounds_ends_the_rhythm():
    assert len(days(replace(MONTHLY, rounds=4), 10)) == 4


def test_the_number_of_rounds_counts_from_the_anchor_when_asked_for_later_ones():
    later = occurrences(replace(MONTHLY, rounds=4), BERLIN, wall("2026-12-31"))
    assert len(list(later)) == 2


def test_an_end_date_is_the_last_day_that_may_open():
    assert days(replace(MONTHLY, ends_on=date(2027, 1, 5)), 10)[-1] == "2027-01-05"


def test_after_means_strictly_after():
    first, second = islice(occurrences(MONTHLY, BERLIN), 2)
    assert next(occurrences(MONTHLY, BERLIN, first.slot)) == second


def test_a_rhythm_without_an_end_ends_with_the_year_2200():
    yearly = replace(LAST_DAY, interval=12, starts_on=date(2198, 1, 1))
    assert days(yearly, 10) == ["2198-01-31", "2199-01-31", "2200-01-31"]


def test_a_start_too_late_for_any_date_makes_none():
    late = replace(MONTHLY, starts_on=date(2200, 12, 31))
    assert (anchor(late), days(late, 5)) == (None, [])


@pytest.mark.parametrize(
    "rhythm",
    [
        replace(MONTHLY, interval=0),
        replace(MONTHLY, interval=13),
        replace(MONTHLY, nth=0),
        replace(MONTHLY, weekday=None),
        replace(ON_THE_31ST, monthday=0),
        replace(ON_THE_31ST, monthday=32),
        replace(MONTHLY, starts_on=date.max),
    ],
)
def test_a_rhythm_out_of_bounds_never_starts_counting(rhythm):
    with pytest.raises(ValueError, match="out of bounds"):
        list(occurrences(rhythm, BERLIN))


def test_opening_and_due_keep_their_wall_clock_through_a_clock_change():
    autumn = on(replace(EVERY_SUNDAY, due_days=6), "2027-10-30")
    assert autumn.due_at - autumn.opens_at == timedelta(days=6, hours=8)
    spring = on(replace(EVERY_SUNDAY, due_days=6), "2027-03-20")
    assert spring.due_at - spring.opens_at == timedelta(days=6, hours=8)


def test_an_opening_in_a_spring_gap_takes_the_offset_from_before_and_says_so():
    gap = on(replace(EVERY_SUNDAY, opens_at=time(2, 30)), "2027-03-27")
    assert (gap.opens_at, gap.shifted) == (
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
        "The clocks go forward over 02:30 that day, so it opens at 03:30.",
    )


def test_a_slot_in_a_spring_gap_keeps_the_time_of_the_rhythm():
    assert on(replace(EVERY_SUNDAY, opens_at=time(2, 30)), "2027-03-27").slot == wall("2027-03-28 02:30")


def test_a_due_time_in_a_spring_gap_says_so():
    gap = on(replace(EVERY_SUNDAY, weekday=0, due_days=6, due_time=time(2, 30)), "2027-03-21")
    assert gap.shifted == "The clocks go forward over 02:30 that day, so it is due at 03:30."


def test_an_opening_in_an_autumn_fold_is_the_first_of_the_two():
    assert on(replace(EVERY_SUNDAY, opens_at=time(2, 30)), "2027-10-30").opens_at == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )


def test_an_opening_in_an_autumn_fold_needs_no_mark():
    assert on(replace(EVERY_SUNDAY, opens_at=time(2, 30)), "2027-10-30").shifted == ""


def test_a_short_month_is_marked():
    assert on(ON_THE_31ST, "2027-02-01").shifted == "February has no 31st, so this is its last day."


@pytest.mark.parametrize(("rhythm", "day"), [(ON_THE_31ST, "2027-03-01"), (LAST_DAY, "2027-02-01")])
def test_a_day_that_is_where_one_expects_it_is_not_marked(rhythm, day):
    assert on(rhythm, day).shifted == ""


@pytest.mark.parametrize(
    ("rhythm", "text"),
    [
        (MONTHLY, "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU"),
        (replace(MONTHLY, nth=-1, rounds=6), "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1TU;COUNT=6"),
        (WEEKLY, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        (LAST_DAY, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1"),
        (replace(ON_THE_31ST, monthday=15), "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15"),
        (ON_THE_31ST, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        (
            replace(LAST_DAY, ends_on=date(2027, 7, 1)),
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1;UNTIL=20270701T090000",
        ),
    ],
)
def test_the_rule_is_written_as_rfc_5545_says(rhythm, text):
    assert rrule_text(rhythm) == text


def test_the_end_of_a_rule_stands_in_utc_where_a_zone_is_given():
    assert rrule_text(replace(LAST_DAY, ends_on=date(2027, 7, 1)), BERLIN).endswith("UNTIL=20270701T070000Z")


rhythms = st.builds(
    Rhythm,
    pattern=st.sampled_from(Pattern),
    interval=st.integers(1, 12),
    weekday=st.integers(0, 6),
    monthday=st.integers(1, 31),
    nth=st.sampled_from([1, 2, 3, 4, -1]),
    starts_on=st.dates(date(2000, 1, 1), date(2150, 12, 31)),
    opens_at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
)
few_hundred = settings(deadline=None, derandomize=True, database=None, max_examples=300)


def plainly(rhythm: Rhythm, count: int) -> list[date]:
    """Walk day by day, without a recurrence library, and take what fits."""
    first = day = next(day for day in walk(rhythm.starts_on) if fits(rhythm, day))
    found = []
    for day in walk(first):
        if rhythm.pattern is Pattern.WEEKLY:
            turn = (day - first).days % (7 * rhythm.interval) == 0
        else:
            turn = ((day.year - first.year) * 12 + day.month - first.month) % rhythm.interval == 0
        if turn and fits(rhythm, day):
            found.append(day)
        if len(found) == count:
            return found
    return found


def walk(day: date):
    return (day + timedelta(days=offset) for offset in range(366 * 14))


def fits(rhythm: Rhythm, day: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    if rhythm.pattern is Pattern.MONTHLY_DAY:
        return day.day == min(rhythm.monthday, length)
    if rhythm.pattern is Pattern.MONTHLY_LAST_DAY:
        return day.day == length
    right_week = rhythm.nth == (day.day - 1) // 7 + 1 or (rhythm.nth == -1 and day.day > length - 7)
    return day.weekday() == rhythm.weekday and (rhythm.pattern is Pattern.WEEKLY or right_week)


@few_hundred
@given(rhythms)
def test_the_dates_are_those_of_a_plain_walk_through_the_calendar(rhythm):
    assert [one.slot.date() for one in islice(occurrences(rhythm, BERLIN), 12)] == plainly(rhythm, 12)


@few_hundred
@given(rhythms)
def test_the_written_rule_makes_the_same_dates(rhythm):
    start = datetime.combine(anchor(rhythm), rhythm.opens_at)
    read = islice(rrulestr(rrule_text(rhythm), dtstart=start), 12)
    assert [one.slot for one in islice(occurrences(rhythm, BERLIN), 12)] == list(read)


@few_hundred
@given(rhythms, st.sampled_from(zones.zone_names()))
def test_openings_rise_strictly_in_every_zone(rhythm, name):
    coming = list(islice(occurrences(rhythm, zones.zone(name)), 24))
    assert all(one.opens_at < following.opens_at for one, following in pairwise(coming))
