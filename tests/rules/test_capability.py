"""How long a link in a letter acts: the giver's until the round is sealed, the receiver's 60 days more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from circle.rules.capability import Ending, Life, ending_for_giver, ending_for_receiver
from tests.cast import NOON

FRESH = Life(epoch=3, written_in=3, seated=True, archived=False, sealed_at=None)
SEALED = replace(FRESH, sealed_at=NOON)
MOMENT = timedelta(microseconds=1)


def test_both_act_while_the_round_takes_answers():
    assert (ending_for_giver(FRESH), ending_for_receiver(FRESH, NOON)) == (None, None)


def test_the_givers_ends_with_the_round():
    assert ending_for_giver(SEALED) is Ending.SEALED


@pytest.mark.parametrize(
    ("after", "ending"), [(timedelta(60) - MOMENT, None), (timedelta(60), Ending.LONG_AGO)]
)
def test_the_receivers_ends_sixty_days_after(after: timedelta, ending: Ending | None):
    assert ending_for_receiver(SEALED, NOON + after) is ending


@pytest.mark.parametrize(
    ("change", "ending"),
    [
        ({"epoch": 4}, Ending.SIGNED_OUT),
        ({"seated": False}, Ending.GONE),
        ({"archived": True}, Ending.ARCHIVED),
    ],
)
def test_what_ends_both_at_once(change: dict[str, object], ending: Ending):
    for life in (replace(FRESH, **change), replace(SEALED, **change)):  # type: ignore[arg-type]
        assert (ending_for_giver(life), ending_for_receiver(life, NOON)) == (ending, ending)


def test_the_sentences_name_nobody_and_blame_nobody():
    assert all(ending.sentence.endswith(".") and "{" not in ending.sentence for ending in Ending)
