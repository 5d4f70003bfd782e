"""Sealing, the one rule of late opening, and the days that count."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.rules import zones
from circle.rules.recurrence import Pattern, Rhythm, occurrences
from circle.rules.rounds import is_late, late_opening, made_on_bounds, seal_moment

BERLIN = zones.zone("Europe/Berlin")
RHYTHM = Rhythm(pattern=Pattern.WEEKLY, weekday=1, interval=4, starts_on=date(2026, 11, 3), due_days=17)
FIRST, SECOND, THIRD, FOURTH = islice(occurrences(RHYTHM, BERLIN), 4)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_a_round_is_sealed_when_the_next_one_opens():
    assert seal_moment(FIRST.due_at, SECOND.opens_at) == SECOND.opens_at


def test_a_round_without_a_next_one_is_sealed_after_thirty_days():
    assert seal_moment(FIRST.due_at, None) == FIRST.due_at + timedelta(days=30)


def test_a_round_is_never_sealed_before_it_is_due():
    assert seal_moment(FIRST.due_at, FIRST.due_at - DAY) == FIRST.due_at


def test_nothing_missed_opens_nothing():
    assert late_opening([], FIRST, FIRST.opens_at - DAY, BERLIN).open is None


def test_a_little_late_the_due_date_stays():
    assert late_opening([FIRST], SECOND, FIRST.opens_at + 3 * DAY, BERLIN).open == FIRST


def test_with_half_or_less_of_its_time_left_a_round_gets_its_full_days():
    opened = late_opening([FIRST], SECOND, FIRST.opens_at + 9 * DAY, BERLIN).open
    assert opened.due_local == datetime.combine(date(2026, 11, 29), time(17))


def test_with_exactly_half_of_its_time_left_a_round_gets_its_full_days():
    halfway = FIRST.opens_at + (FIRST.due_at - FIRST.opens_at) / 2
    assert late_opening([FIRST], SECOND, halfway, BERLIN).open.due_at > FIRST.due_at


def test_its_full_days_end_an_hour_before_the_next_opening_at_the_latest():
    opened = late_opening([FIRST], SECOND, FIRST.opens_at + 14 * DAY, BERLIN).open
    assert opened.due_at == SECOND.opens_at - HOUR


def test_a_moved_due_date_keeps_the_slot():
    opened = late_opening([FIRST], SECOND, FIRST.opens_at + 14 * DAY, BERLIN).open
    assert (opened.slot, opened.opens_at) == (FIRST.slot, FIRST.opens_at)


def test_with_less_than_half_before_the_next_opening_a_round_is_skipped_with_the_reason():
    plan = late_opening([FIRST], SECOND, FIRST.opens_at + 22 * DAY, BERLIN)
    assert plan.open is None
    assert plan.skipped == ((FIRST, plan.skipped[0][1]),)
    assert "too little time" in plan.skipped[0][1]


def test_exactly_half_before_the_next_opening_is_enough():
    whole = FIRST.due_at - FIRST.opens_at
    now = SECOND.opens_at - HOUR - whole / 2
    assert late_opening([FIRST], SECOND, now, BERLIN).open is not None


def test_without_a_next_opening_a_round_gets_its_full_days_however_late():
    opened = late_opening([FIRST], None, FIRST.opens_at + 300 * DAY, BERLIN).open
    assert opened.due_at - FIRST.opens_at - 300 * DAY == timedelta(days=17, hours=7)


def test_only_the_latest_of_several_missed_rounds_opens():
    now = THIRD.opens_at + DAY
    plan = late_opening([FIRST, SECOND, THIRD], FOURTH, now, BERLIN)
    assert (plan.open, [skipped for skipped, _ in plan.skipped]) == (THIRD, [FIRST, SECOND])


def test_a_round_overtaken_by_a_later_one_says_so():
    plan = late_opening([FIRST, SECOND], THIRD, SECOND.opens_at + DAY, BERLIN)
    assert "a later round" in plan.skipped[0][1]


def test_a_round_of_one_day_opened_in_the_evening_gets_the_next_day():
    one_day = Rhythm(pattern=Pattern.WEEKLY, weekday=1, starts_on=date(2026, 11, 3), due_days=0)
    missed, following = islice(occurrences(one_day, BERLIN), 2)
    opened = late_opening([missed], following, missed.opens_at + timedelta(hours=11), BERLIN).open
    assert opened.due_local == datetime.combine(date(2026, 11, 4), time(17))


@settings(deadline=None, derandomize=True, database=None, max_examples=400)
@given(
    st.integers(0, 17),
    st.integers(1, 6),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.booleans(),
)
def test_whatever_the_delay_every_missed_round_opens_or_is_skipped(due_days, count, delay, planned):
    rhythm = Rhythm(
        pattern=Pattern.WEEKLY, weekday=1, interval=4, starts_on=date(2026, 11, 3), due_days=due_days
    )
    *missed, following = islice(occurrences(rhythm, BERLIN), count + 1)
    now = (
        min(missed[-1].opens_at + delay, following.opens_at - timedelta(seconds=1))
        if planned
        else missed[-1].opens_at + delay
    )
    plan = late_opening(missed, following if planned else None, now, BERLIN)
    slots = [one.slot for one, _ in plan.skipped] + ([plan.open.slot] if plan.open else [])
    assert slots == [one.slot for one in missed]
    if plan.open:
        whole = missed[-1].due_at - missed[-1].opens_at
        assert plan.open.due_at - now >= whole / 2
        assert (
            plan.open.due_at == missed[-1].due_at
            or not planned
            or plan.open.due_at <= following.opens_at - HOUR
        )
    assert all(one.opens_at < two.opens_at for one, two in pairwise(missed))


def test_a_first_round_takes_introductions_from_its_opening_day():
    assert made_on_bounds(None, date(2026, 11, 3), date(2026, 11, 10)) == (
        date(2026, 11, 3),
        date(2026, 11, 10),
    )


def test_a_later_round_takes_introductions_from_the_day_the_last_one_was_due():
    earliest, _ = made_on_bounds(date(2026, 10, 20), date(2026, 11, 3), date(2026, 11, 10))
    assert earliest == date(2026, 10, 20)


def test_where_it_is_still_yesterday_today_is_allowed():
    yesterday = date(2026, 11, 2)
    assert made_on_bounds(None, date(2026, 11, 3), yesterday) == (yesterday, yesterday)


@pytest.mark.parametrize(("made_on", "late"), [(19, False), (20, False), (21, True)])
def test_the_due_day_is_not_late(made_on, late):
    assert is_late(date(2026, 11, made_on), date(2026, 11, 20)) is late


def test_late_opening_answers_in_utc():
    assert late_opening([FIRST], SECOND, FIRST.opens_at + 14 * DAY, BERLIN).open.due_at.tzinfo is UTC
