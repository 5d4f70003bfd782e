"""Reminders: steps before due at the reader's own hour, and the next of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.rules import zones
from circle.rules.reminders import DAYS_APART, Reader, Step, moments, next_moment, still_due, upcoming

BERLIN = zones.zone("Europe/Berlin")
READER = Reader(BERLIN, hour=9)
WEEKDAYS = replace(READER, weekdays=frozenset(range(5)))
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    """Read a time on the wall in Berlin; round and due are Tuesday 3 and Friday 20 November 2026."""
    return zones.to_utc(datetime.fromisoformat(f"2026-{text}"), BERLIN)


OPENED = at("11-03 09:00")
DUE = at("11-20 17:00")


def wall(steps: tuple[Step, ...]) -> list[tuple[int, str]]:
    return [(step.days, f"{zones.to_local(step.at, BERLIN):%m-%d %H:%M}") for step in steps]


def test_reminders_come_seven_and_two_days_before_and_on_the_day():
    assert wall(moments(OPENED, DUE, READER)) == [(7, "11-13 09:00"), (2, "11-18 09:00"), (0, "11-20 09:00")]


def test_the_steps_are_settable():
    assert wall(moments(OPENED, DUE, READER, [3, 1])) == [(3, "11-17 09:00"), (1, "11-19 09:00")]


def test_a_reader_of_the_evening_is_reminded_the_evening_before():
    assert wall(moments(OPENED, DUE, replace(READER, hour=18), [2, 0])) == [
        (2, "11-17 18:00"),
        (0, "11-19 18:00"),
    ]


@pytest.mark.parametrize(("hour", "last"), [(13, "11-20 13:00"), (14, "11-19 14:00")])
def test_on_the_day_means_four_hours_before_at_the_latest(hour, last):
    assert wall(moments(OPENED, DUE, replace(READER, hour=hour), [0])) == [(0, last)]


def test_a_day_that_is_not_the_readers_puts_a_reminder_before_it():
    due_on_sunday = at("11-22 17:00")
    assert wall(moments(OPENED, due_on_sunday, WEEKDAYS)) == [(7, "11-13 09:00"), (0, "11-20 09:00")]


def test_two_steps_at_one_moment_are_one_that_asks_too():
    (step,) = moments(OPENED, at("11-22 17:00"), WEEKDAYS, [1, 0])
    assert (step.days, step.for_asking) == (0, True)


def test_only_the_last_two_steps_are_for_those_who_wait_for_a_yes():
    assert [step.for_asking for step in moments(OPENED, DUE, READER)] == [False, True, True]


def test_nothing_comes_within_two_days_of_the_opening():
    assert wall(moments(at("11-11 09:01"), DUE, READER)) == [(2, "11-18 09:00"), (0, "11-20 09:00")]


def test_two_days_after_the_opening_to_the_minute_is_late_enough():
    assert wall(moments(at("11-11 09:00"), DUE, READER))[0] == (7, "11-13 09:00")


def test_a_round_of_a_day_has_no_reminder():
    assert moments(OPENED, OPENED + DAY, READER) == ()


def test_a_reader_without_weekdays_has_no_reminder():
    assert moments(OPENED, DUE, replace(READER, weekdays=frozenset())) == ()


def test_a_pause_drops_what_falls_into_it():
    paused = replace(READER, paused_until=date(2026, 11, 18))
    assert wall(moments(OPENED, DUE, paused)) == [(2, "11-18 09:00"), (0, "11-20 09:00")]


def test_a_reader_far_away_is_reminded_at_their_own_hour():
    auckland = Reader(zones.zone("Pacific/Auckland"), hour=9)
    last = moments(OPENED, DUE, auckland)[-1]
    assert zones.to_local(last.at, auckland.zone) == datetime.fromisoformat("2026-11-20 09:00")


readers = st.builds(
    Reader,
    zone=st.sampled_from(zones.zone_names()).map(zones.zone),
    hour=st.integers(0, 23),
    weekdays=st.frozensets(st.integers(0, 6)),
    paused_until=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
instants = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31"), timezones=st.just(UTC)
)
few_hundred = settings(deadline=None, derandomize=True, database=None, max_examples=400)


def is_a_letter_moment(moment: datetime, reader: Reader) -> bool:
    day = zones.local_day(moment, reader.zone)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(hours=reader.hour)
    paused = reader.paused_until and day < reader.paused_until
    return moment == zones.to_utc(wanted, reader.zone) and day.weekday() in reader.weekdays and not paused


@few_hundred
@given(instants, st.timedeltas(timedelta(0), timedelta(days=90)), readers)
def test_every_reminder_keeps_its_distance_and_the_readers_habits(opened, length, reader):
    steps = moments(opened, opened + length, reader)
    for step in steps:
        before = timedelta(days=step.days) or timedelta(hours=4)
        assert opened + timedelta(days=2) <= step.at <= opened + length - before
        assert is_a_letter_moment(step.at, reader)
    assert all(one.at < two.at for one, two in pairwise(steps))


lengths = st.timedeltas(timedelta(days=3), timedelta(days=60))
delays = st.timedeltas(timedelta(0), timedelta(hours=23))


def local_days_apart(one: datetime, two: datetime, reader: Reader) -> int:
    return (zones.local_day(two, reader.zone) - zones.local_day(one, reader.zone)).days


@few_hundred
@given(instants, lengths, readers, delays)
def test_a_round_reminds_at_most_once_a_day_and_never_after_it_closed(opened, length, reader, delay):
    steps, now, sent = moments(opened, opened + length, reader), opened, []
    while following := upcoming(steps, now, last=sent[-1] if sent else None, zone=reader.zone):
        assert opened < following.at <= opened + length - timedelta(hours=4)
        now = min(following.at + delay, opened + length)
        sent.append(now)
    assert len(sent) <= 3
    assert all(local_days_apart(one, two, reader) >= 1 for one, two in pairwise(sent))


@few_hundred
@given(instants, lengths, lengths, readers, delays, st.integers(0, 2))
def test_a_moved_due_date_reminds_nobody_within_two_days_of_the_last(
    opened, length, moved_to, reader, delay, which
):
    before = moments(opened, opened + length, reader)
    if not before:
        return
    last = before[min(which, len(before) - 1)].at + delay
    following = upcoming(
        moments(opened, opened + moved_to, reader), last, last=last, apart=DAYS_APART, zone=reader.zone
    )
    if following:
        assert local_days_apart(last, following.at, reader) >= 2
        assert following.at <= opened + moved_to - timedelta(hours=4)


@few_hundred
@given(instants, lengths, readers)
def test_a_step_stands_at_the_latest_moment_it_may(opened, length, reader):
    due = opened + length
    for step in moments(opened, due, reader):
        limit = due - (timedelta(days=step.days) or timedelta(hours=4))
        later = (step.at + timedelta(days=days) for days in range(1, 9))
        days = (zones.local_day(at, reader.zone) for at in later)
        same_hour = (
            zones.to_utc(datetime.combine(day, datetime.min.time().replace(hour=reader.hour)), reader.zone)
            for day in days
        )
        assert not any(at <= limit and is_a_letter_moment(at, reader) for at in same_hour)


@few_hundred
@given(instants, readers)
def test_the_next_letter_is_the_first_moment_after(after, reader):
    moment = next_moment(after, reader)
    if not reader.weekdays:
        assert moment is None
        return
    assert moment > after
    assert is_a_letter_moment(moment, reader)
    days_between = (moment - after).days
    passed = (after + timedelta(hours=hours) for hours in range(1, min(days_between, 9) * 24))
    assert next_moment(moment - timedelta(seconds=1), reader) == moment
    assert all(next_moment(earlier, reader) == moment for earlier in passed if earlier < moment)


@pytest.mark.parametrize(
    ("now", "worth"),
    [("11-18 08:59", False), ("11-18 09:00", True), ("11-19 09:00", True), ("11-19 09:01", False)],
)
def test_a_letter_is_worth_sending_for_a_day(now, worth):
    assert still_due(at("11-18 09:00"), at(now)) is worth


def test_the_next_reminder_is_the_first_that_has_not_passed():
    assert upcoming(moments(OPENED, DUE, READER), at("11-13 09:00")).days == 2


def test_a_reminder_sent_some_minutes_late_does_not_swallow_the_next():
    assert upcoming(moments(OPENED, DUE, READER), at("11-18 09:07"), last=at("11-18 09:07")).days == 0


def test_after_a_moved_due_date_none_comes_within_two_days_of_the_last():
    moved = moments(OPENED, at("11-21 17:00"), READER)
    following = upcoming(moved, at("11-18 12:00"), last=at("11-18 09:00"), apart=DAYS_APART)
    assert following.at == at("11-21 09:00")


def test_none_comes_on_the_day_of_the_last():
    nudged = at("11-18 08:00")
    assert upcoming(moments(OPENED, DUE, READER), nudged, last=nudged, zone=BERLIN).days == 0


def test_when_all_have_passed_there_is_none():
    assert upcoming(moments(OPENED, DUE, READER), DUE) is None
