"""Two rhythms compared date by date: what is new, gone, as before or due anew."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import islice

import pytest

from circle.rules import zones
from circle.rules.comparison import Mark, compare
from circle.rules.recurrence import Pattern, Rhythm, occurrences

LONDON = zones.zone("Europe/London")
WEEKLY = Rhythm(pattern=Pattern.WEEKLY, weekday=1, starts_on=date(2027, 1, 4), due_days=5)


def coming(count=6, **changes):
    return list(islice(occurrences(replace(WEEKLY, **changes), LONDON), count))


def marks(before, after, **limits):
    return [row.mark for row in compare(before, after, **{"known": 6, "most": 12} | limits)]


def test_the_same_rhythm_leaves_every_date_as_before():
    assert set(marks(coming(), coming())) == {Mark.SAME}


def test_every_date_of_both_stands_in_one_order():
    rows = compare(coming(), coming(weekday=3), known=6, most=12)
    days = [row.round.opens_at for row in rows]
    assert days == sorted(days)
    assert [row.mark for row in rows[:4]] == [Mark.GONE, Mark.NEW, Mark.GONE, Mark.NEW]


def test_every_other_week_keeps_every_other_date():
    assert marks(coming(), coming(interval=2))[:4] == [Mark.SAME, Mark.GONE, Mark.SAME, Mark.GONE]


def test_another_due_date_alone_is_said():
    assert set(marks(coming(), coming(due_days=4))) == {Mark.DUE}


def test_another_hour_is_another_date():
    assert Mark.SAME not in marks(coming(), coming(opens_at=time(10)))


def test_nothing_is_said_of_dates_behind_what_is_known():
    rows = compare(coming(3), coming(6), known=3, most=12)
    assert len(rows) == 3


def test_a_rhythm_that_ends_lets_the_later_dates_go():
    assert marks(coming(), coming(rounds=2)) == [Mark.SAME] * 2 + [Mark.GONE] * 4


def test_the_first_new_date_is_shown_however_far_it_is():
    later = coming(starts_on=date(2028, 1, 3))
    rows = compare(coming(), later, known=6, most=4)
    assert rows[-1].round.slot == later[0].slot


@pytest.mark.parametrize(
    ("before", "after", "mark"), [("off", "", Mark.NEW), ("", "off", Mark.GONE), ("off", "off", Mark.SAME)]
)
def test_a_skipped_date_counts_as_no_opening(before, after, mark):
    one = coming(1)[0]
    assert marks([replace(one, skipped=before)], [replace(one, skipped=after)]) == [mark]


def test_a_round_that_was_moved_and_is_not_kept_is_gone_from_where_it_was():
    one = coming(1)[0]
    moved = replace(one, moved=True, opens_at=one.opens_at + timedelta(days=2))
    assert marks([moved], [one]) == [Mark.NEW, Mark.GONE]
