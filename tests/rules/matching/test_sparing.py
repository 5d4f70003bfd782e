"""Sparing: for how long somebody set aside rests, and who was introduced often lately."""

from datetime import date, timedelta

import pytest

from circle.rules.matching.sparing import spared, until
from circle.rules.states import SetAside
from tests.cast import NOON

TODAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("kind", "days"), [(SetAside.LATER, 30), (SetAside.NOT_NOW, 60), (SetAside.FOR_GOOD, None)]
)
def test_who_is_set_aside_rests_for_a_while_or_for_good(kind, days):
    assert until(kind, NOON) == (NOON + timedelta(days=days) if days else None)


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        ((), ""),
        ((1,), ""),
        ((1, 60), ""),
        ((1, 59), "You introduced them twice in the last two months."),
        ((1, 1, 5), "You introduced them three times in the last two months."),
    ],
)
def test_who_was_introduced_twice_lately_is_spared(days_ago, words):
    assert spared([TODAY - timedelta(days=ago) for ago in days_ago], TODAY) == words
