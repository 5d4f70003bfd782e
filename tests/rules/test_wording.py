"""The sentences of progress and of dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from circle.rules import wording, zones
from circle.rules.board import Tally

BERLIN = zones.zone("Europe/Berlin")
DUE = datetime(2026, 11, 27, 16, tzinfo=UTC)


@pytest.mark.parametrize(("number", "word"), [(0, "no"), (1, "one"), (12, "twelve"), (13, "13"), (-1, "-1")])
def test_counts_are_words_up_to_twelve(number, word):
    assert wording.count_word(number) == word


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd"), (31, "31st")],
)
def test_days_of_the_month_are_said_as_people_do(number, words):
    assert wording.ordinal(number) == words


@pytest.mark.parametrize(
    ("tally", "line"),
    [
        (Tally(open=3), "Three introductions to make"),
        (Tally(open=1), "One introduction to make"),
        (Tally(made=4, open=1), "One more introduction to make"),
        (Tally(made=2, passed=1, open=2), "Two more introductions to make"),
        (Tally(made=3, open=1, asking=1), "One more to make, one waiting for a yes"),
        (Tally(open=3, asking=2), "Three more to make, two waiting for a yes"),
        (Tally(made=4, asking=1), "One waiting for a yes"),
        (Tally(made=5), "All five made. Thank you."),
        (Tally(made=2, excused=3), "Both made. Thank you."),
        (Tally(made=1, excused=4), "Your introduction is made. Thank you."),
        (Tally(made=4, passed=1), "All answered: four made, one passed. Thank you."),
        (Tally(passed=5), "All answered. Thank you."),
        (Tally(excused=5), "Nothing is asked of you this round."),
    ],
)
def test_the_first_line_says_what_is_left(tally, line):
    assert wording.first_line(tally) == line


def test_between_rounds_what_is_left_is_still_welcome():
    assert wording.first_line(Tally(made=4, open=1), round_open=False) == (
        "One more introduction to make, still welcome"
    )


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(made=18, passed=1, open=1), "18 of 20 made, 1 passed"),
        (Tally(made=3, excused=2), "3 of 3 made"),
    ],
)
def test_a_tally_leaves_out_the_excused(tally, words):
    assert wording.tally_words(tally) == words


@pytest.mark.parametrize(
    ("left", "days", "words"),
    [
        ([("Ben", 2), ("Cy", 2)], 9, "nine days left; Ben and Cy have two each to make"),
        ([("you", 1)], 1, "one day left; you have one to make"),
        ([("Ben", 1)], 2, "two days left; Ben has one to make"),
        (
            [("Ben", 1), ("Cy", 3), ("Dee", 2)],
            3,
            "three days left; Ben has one to make, Cy three, Dee two",
        ),
        ([("you", 2), ("Cy", 2)], 0, "due today; you and Cy have two each to make"),
        (
            [("you", 1), ("Cy", 4), ("Dee", 4)],
            3,
            "three days left; you have one to make, Cy and Dee four each",
        ),
        ([], 4, "four days left; nothing is left to make"),
    ],
)
def test_a_weekly_line_says_who_has_what_left_in_seat_order(left, days, words):
    said = wording.weekly_line("Harbour Circle", Tally(made=12, open=8), days, left)
    assert said == f"Harbour Circle: 12 of 20 made, {words}"


@pytest.mark.parametrize(("late", "words"), [(0, "18 of 20 in time"), (1, "18 of 20 in time, 1 more after")])
def test_a_finished_round_counts_what_came_after(late, words):
    assert wording.closing_words(18, 20, late) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=5), "Friday 27 November, 17:00, in 5 days"),
        (timedelta(days=1), "Friday 27 November, 17:00, tomorrow"),
        (timedelta(hours=13), "Friday 27 November, 17:00, today"),
        (timedelta(hours=3), "Friday 27 November, 17:00, in three hours"),
        (timedelta(hours=1), "Friday 27 November, 17:00, in one hour"),
        (timedelta(minutes=5), "Friday 27 November, 17:00, within the hour"),
        (timedelta(minutes=-5), "Friday 27 November, 17:00, today"),
        (timedelta(days=-3), "Friday 27 November, 17:00, 3 days ago"),
    ],
)
def test_due_is_said_on_the_readers_wall_clock(before, words):
    assert wording.due_words(DUE, BERLIN, DUE - before) == words


def test_due_in_another_year_says_the_year():
    assert wording.due_words(DUE, BERLIN, DUE - timedelta(days=365)).startswith(
        "Friday 27 November 2026, 17:00"
    )


def test_due_is_the_day_it_is_there():
    assert wording.due_words(DUE, zones.zone("Pacific/Auckland"), DUE - timedelta(days=2)).startswith(
        "Saturday 28"
    )


@pytest.mark.parametrize(
    ("circle", "reader", "words"),
    [
        ("Europe/London", "Europe/Berlin", "Friday 27 November, 17:00 in London, 18:00 for you, in 2 days"),
        ("Europe/London", "Europe/Lisbon", "Friday 27 November, 17:00, in 2 days"),
        ("UTC", "Europe/Berlin", "Friday 27 November, 17:00 UTC, 18:00 for you, in 2 days"),
        (
            "Europe/London",
            "Pacific/Auckland",
            "Friday 27 November, 17:00 in London, Saturday 06:00 for you, in 2 days",
        ),
        (
            "Europe/London",
            "America/New_York",
            "Friday 27 November, 17:00 in London, 12:00 for you, in 2 days",
        ),
    ],
)
def test_due_stands_in_both_zones_when_their_clocks_differ(circle, reader, words):
    due = datetime(2026, 11, 27, 17, tzinfo=UTC)
    said = wording.due_in_two_zones(due, zones.zone(circle), zones.zone(reader), due - timedelta(days=2))
    assert said == words


@pytest.mark.parametrize(("today", "words"), [(None, "12 Nov"), (2026, "12 Nov"), (2027, "12 Nov 2026")])
def test_a_day_is_brief(today, words):
    assert wording.day_words(date(2026, 11, 12), date(today, 1, 1) if today else None) == words


@pytest.mark.parametrize(
    ("offset", "words"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (5, "in 5 days"), (-3, "3 days ago")],
)
def test_a_day_is_told_by_its_distance(offset, words):
    today = date(2026, 11, 12)
    assert wording.relative_day(today + timedelta(days=offset), today) == words


def test_only_names_from_right_to_left_are_kept_apart():
    assert wording.apart("Zoë Þórdís 7") == "Zoë Þórdís 7"
    assert wording.apart("עמית 42") == "\u2068עמית 42\u2069"
    assert wording.apart("عبد") == "\u2068عبد\u2069"
