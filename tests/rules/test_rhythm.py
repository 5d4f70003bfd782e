"""The bounds of a rhythm and its words."""

from dataclasses import replace
from datetime import date, time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.rules import zones
from circle.rules.rhythm import Pattern, Rhythm, check, in_words, occurrences

BERLIN = zones.zone("Europe/Berlin")
MONTHLY = Rhythm(pattern=Pattern.MONTHLY_WEEKDAY, weekday=1, nth=1, starts_on=date(2026, 11, 1))
WEEKLY = Rhythm(pattern=Pattern.WEEKLY, weekday=3, interval=2, starts_on=date(2026, 11, 1), due_days=10)
ON_A_DAY = Rhythm(pattern=Pattern.MONTHLY_DAY, monthday=31, starts_on=date(2026, 11, 1))
LAST_DAY = Rhythm(pattern=Pattern.MONTHLY_LAST_DAY, starts_on=date(2026, 11, 1))


@pytest.mark.parametrize("rhythm", [MONTHLY, WEEKLY, ON_A_DAY, LAST_DAY, replace(MONTHLY, rounds=6)])
def test_a_sound_rhythm_has_no_fault(rhythm):
    assert check(rhythm, BERLIN) == {}


@pytest.mark.parametrize(
    ("rhythm", "field"),
    [
        (replace(MONTHLY, interval=0), "interval"),
        (replace(MONTHLY, interval=13), "interval"),
        (replace(MONTHLY, interval=-1), "interval"),
        (replace(ON_A_DAY, monthday=0), "monthday"),
        (replace(ON_A_DAY, monthday=32), "monthday"),
        (replace(ON_A_DAY, monthday=None), "monthday"),
        (replace(WEEKLY, weekday=7), "weekday"),
        (replace(WEEKLY, weekday=None), "weekday"),
        (replace(MONTHLY, weekday=-1), "weekday"),
        (replace(MONTHLY, nth=5), "nth"),
        (replace(MONTHLY, nth=None), "nth"),
        (replace(MONTHLY, starts_on=date.min), "starts_on"),
        (replace(MONTHLY, starts_on=date.max), "starts_on"),
        (replace(MONTHLY, ends_on=date.max), "ends_on"),
        (replace(MONTHLY, ends_on=date(2026, 10, 31)), "ends_on"),
        (replace(MONTHLY, ends_on=date(2026, 11, 2)), "ends_on"),
        (replace(MONTHLY, rounds=0), "rounds"),
        (replace(MONTHLY, rounds=10**9), "rounds"),
        (replace(MONTHLY, rounds=3, ends_on=date(2027, 11, 2)), "rounds"),
        (replace(MONTHLY, due_days=-1), "due_days"),
        (replace(MONTHLY, due_days=10**9), "due_days"),
        (replace(MONTHLY, due_days=0, due_time=time(8)), "due_time"),
        (replace(MONTHLY, due_days=0, due_time=time(9)), "due_time"),
        (replace(MONTHLY, due_days=28), "due_days"),
        (replace(WEEKLY, due_days=14), "due_days"),
    ],
)
def test_a_bad_rhythm_says_at_which_field_to_mend_it(rhythm, field):
    assert list(check(rhythm, BERLIN)) == [field]


def test_several_faults_are_all_named():
    assert set(check(replace(MONTHLY, interval=0, nth=9, due_days=-1), BERLIN)) == {
        "interval",
        "nth",
        "due_days",
    }


def test_an_overlap_says_which_dates_meet_and_how_many_days_fit():
    sentence = check(replace(MONTHLY, due_days=30), BERLIN)["due_days"]
    assert sentence == (
        "The round of 3 Nov would be due on 3 Dec, after the next one opens on 1 Dec. Choose at most 27 days."
    )


def test_a_start_after_which_no_round_opens_is_named_itself():
    assert set(check(replace(MONTHLY, starts_on=date(2200, 12, 31)), BERLIN)) == {"starts_on"}


def test_a_single_round_overlaps_nothing():
    assert check(replace(MONTHLY, due_days=90, rounds=1), BERLIN) == {}


def test_due_at_the_very_moment_of_the_next_opening_is_no_overlap():
    assert check(replace(WEEKLY, due_days=14, due_time=time(9)), BERLIN) == {}


ACROSS_THE_GAP = replace(
    WEEKLY,
    interval=1,
    weekday=6,
    starts_on=date(2027, 1, 3),
    opens_at=time(3),
    due_days=7,
    due_time=time(2, 30),
)
"""On 28 March the clocks of Berlin jump over 02:30, so a round would be due half an hour after 03:00."""


def test_a_clock_change_that_makes_two_rounds_meet_is_an_overlap():
    assert check(ACROSS_THE_GAP, BERLIN)["due_days"] == (
        "The round of 21 Mar would be due on 28 Mar at 03:30, after the next one opens on 28 Mar at 03:00. "
        "Choose at most six days."
    )


def test_the_days_offered_fit_across_a_clock_change():
    assert check(replace(ACROSS_THE_GAP, due_days=6), BERLIN) == {}


def test_an_overlap_in_a_later_year_names_the_year():
    short_month = replace(LAST_DAY, starts_on=date(2026, 11, 30), due_days=30)
    assert "The round of 31 Jan 2027 would be due on 2 Mar 2027" in check(short_month, BERLIN)["due_days"]


rhythms = st.builds(
    Rhythm,
    pattern=st.sampled_from(Pattern),
    interval=st.integers(1, 12),
    weekday=st.integers(0, 6),
    monthday=st.integers(1, 31),
    nth=st.sampled_from([1, 2, 3, 4, -1]),
    starts_on=st.dates(date(2000, 1, 1), date(2200, 12, 31)),
    rounds=st.none() | st.integers(1, 40),
    opens_at=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    due_time=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    due_days=st.integers(0, 40),
)


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(rhythms)
def test_a_rhythm_that_passes_never_has_two_rounds_at_once(rhythm):
    if check(rhythm, BERLIN):
        return
    coming = [one for one, _ in zip(occurrences(rhythm, BERLIN), range(80), strict=False)]
    assert all(one.opens_at < one.due_at <= following.opens_at for one, following in pairwise(coming))


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(rhythms)
def test_the_days_an_overlap_offers_do_fit(rhythm):
    sentence = check(rhythm, BERLIN).get("due_days", "")
    if not sentence.startswith("The round"):
        return
    numbers = {"six": 6, "seven": 7}
    offered = sentence.rsplit("at most ", 1)[1].split(" ")[0]
    fitting = replace(rhythm, due_days=numbers.get(offered) or int(offered))
    assert check(fitting, BERLIN) == {}


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(
    st.builds(
        Rhythm,
        pattern=st.sampled_from(Pattern),
        interval=st.integers(),
        weekday=st.none() | st.integers(),
        monthday=st.none() | st.integers(),
        nth=st.none() | st.integers(),
        starts_on=st.dates(),
        ends_on=st.none() | st.dates(),
        rounds=st.none() | st.integers(),
        opens_at=st.times(),
        due_days=st.integers(),
        due_time=st.times(),
    )
)
def test_any_answers_of_the_form_get_sentences_and_never_an_error(rhythm):
    assert all(sentence.endswith(".") for sentence in check(rhythm, BERLIN).values())


@pytest.mark.parametrize(
    ("rhythm", "words"),
    [
        (MONTHLY, "Every month on the first Tuesday at 09:00, due 17 days later at 17:00"),
        (
            replace(MONTHLY, nth=-1, weekday=4),
            "Every month on the last Friday at 09:00, due 17 days later at 17:00",
        ),
        (WEEKLY, "Every two weeks on Thursday at 09:00, due 10 days later at 17:00"),
        (
            replace(WEEKLY, interval=1, due_days=1),
            "Every week on Thursday at 09:00, due the next day at 17:00",
        ),
        (replace(WEEKLY, due_days=0), "Every two weeks on Thursday at 09:00, due the same day at 17:00"),
        (ON_A_DAY, "Every month on the 31st, or the month's last day, at 09:00, due 17 days later at 17:00"),
        (
            replace(ON_A_DAY, monthday=2, interval=3),
            "Every three months on the 2nd at 09:00, due 17 days later at 17:00",
        ),
        (LAST_DAY, "Every month on the last day at 09:00, due 17 days later at 17:00"),
        (
            replace(LAST_DAY, rounds=6),
            "Every month on the last day at 09:00, due 17 days later at 17:00, six rounds",
        ),
        (
            replace(LAST_DAY, ends_on=date(2027, 5, 4)),
            "Every month on the last day at 09:00, due 17 days later at 17:00, until 4 May 2027",
        ),
    ],
)
def test_a_rhythm_is_said_in_words(rhythm, words):
    assert in_words(rhythm) == words


def test_a_due_time_three_hours_after_the_opening_is_long_enough():
    assert check(replace(MONTHLY, due_days=0, due_time=time(12)), BERLIN) == {}
