"""Skipped rounds: every one of them is recorded with its reason, whatever overtakes it."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import Round
from circle.rules.schedule import BY_HAND
from circle.rules.states import RoundState
from circle.services.rounds import by_hand, exceptions, turns
from tests.cast import NOON
from tests.services.playing import LIMITS, TUESDAY, WEEK, Playing, days


@pytest.fixture
def overtaken(weekly) -> Playing:
    """The round of 10 Nov is skipped, and that of 17 Nov moved to the day before it."""
    circle_id, ada = weekly.stage.id, weekly.id("Ada")
    exceptions.skip(circle_id, ada, TUESDAY + WEEK, NOON)
    moved_to, due = TUESDAY + days(6), TUESDAY + days(10)
    exceptions.alter(circle_id, ada, TUESDAY + 2 * WEEK, moved_to, due, NOON)
    return weekly


def _recorded() -> dict[datetime, tuple[RoundState, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Round.slot, Round.state, Round.skipped_why))
    return {slot: (state, why) for slot, state, why in rows}


def test_a_skipped_day_that_a_moved_round_overtakes_is_recorded(overtaken):
    for day in (1, 7):
        turns.open_due(overtaken.stage.id, NOON + days(day), LIMITS)
    assert _recorded()[TUESDAY + WEEK] == (RoundState.SKIPPED, BY_HAND)
    assert _recorded()[TUESDAY + 2 * WEEK][0] is RoundState.OPEN


def test_a_round_by_hand_in_the_place_of_a_moved_one_records_what_that_had_overtaken(overtaken):
    at = NOON + days(7) - timedelta(hours=2)
    by_hand.open_now(overtaken.stage.id, overtaken.id("Ada"), date(2026, 11, 13), time(17), at, limits=LIMITS)
    assert _recorded()[TUESDAY + WEEK] == (RoundState.SKIPPED, BY_HAND)
