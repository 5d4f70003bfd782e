"""Two rounds that would meet: each refusal names the round in the way and a step that can be taken."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import Round
from circle.rules.errors import BadDate, MeetsAnother
from circle.rules.states import RoundState
from circle.services.rounds import by_hand, exceptions, pauses, schedules, turns
from tests.cast import NOON
from tests.services.playing import LIMITS, TUESDAY, WEEK, WEEKLY, Playing, days


@pytest.fixture
def held(weekly) -> Playing:
    """Round 1 has closed, and the round of 10 Nov waits for members."""
    turns.open_due(weekly.stage.id, NOON + days(1), LIMITS)
    weekly.leave("Eve", NOON + days(2))
    turns.open_due(weekly.stage.id, NOON + days(8), LIMITS)
    return weekly


def _skipped() -> list[datetime]:
    db.session.rollback()
    return list(db.session.scalars(select(Round.slot).where(Round.state == RoundState.SKIPPED)))


def _alter(play: Playing, slot: datetime, opens: datetime, due: datetime) -> None:
    exceptions.alter(play.stage.id, play.id("Ada"), slot, opens, due, NOON)


def _reopen(play: Playing) -> None:
    by_hand.reopen(play.stage.id, play.id("Ada"), 1, date(2026, 11, 12), time(17), NOON + days(8))


def test_no_round_is_reopened_while_another_waits_to_open(held):
    with pytest.raises(BadDate, match="The round of 10 Nov waits to open") as refusal:
        _reopen(held)
    turns.open_due(held.stage.id, NOON + days(8), LIMITS)
    assert (refusal.value.field, _skipped()) == ("due_on", [])


def test_after_the_pause_that_the_refusal_offers_the_round_is_reopened(held):
    pauses.pause(held.stage.id, held.id("Ada"), date(2026, 11, 13), NOON + days(8))
    _reopen(held)
    assert held.round().state is RoundState.OPEN


def test_no_pause_ends_into_a_round_of_the_same_day_while_another_is_open(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2027, 1, 12), NOON)
    weekly.open(due_on=date(2026, 11, 16))
    at = datetime(2026, 11, 10, 10, tzinfo=UTC)
    with pytest.raises(BadDate, match="The round of 10 Nov would be to open at once") as refusal:
        pauses.resume(weekly.stage.id, weekly.id("Ada"), at)
    assert refusal.value.field == "until"


def test_a_round_moved_onto_the_next_opening_is_refused_beside_its_own_opening(weekly):
    with pytest.raises(MeetsAnother, match="Choose an earlier opening") as refusal:
        _alter(weekly, TUESDAY, TUESDAY + WEEK, TUESDAY + WEEK + days(5))
    assert (refusal.value.field, refusal.value.slot) == ("opens_on", TUESDAY + WEEK)


def test_a_round_due_after_the_next_opening_is_refused_beside_its_due_date(weekly):
    with pytest.raises(MeetsAnother, match="Choose an earlier due date") as refusal:
        _alter(weekly, TUESDAY, TUESDAY, TUESDAY + WEEK + days(1))
    assert refusal.value.field == "due_on"


def test_a_round_due_before_it_opens_is_told_so(weekly):
    with pytest.raises(BadDate, match="It would be due before it opens"):
        _alter(weekly, TUESDAY, TUESDAY, TUESDAY - days(1))


def test_a_clash_in_another_year_names_it(weekly):
    slot = datetime.combine(date(2027, 1, 5), time(9))
    with pytest.raises(MeetsAnother, match="opens on 12 Jan 2027 at 09:00"):
        _alter(weekly, slot, slot, slot + days(8))


def test_dates_saved_as_the_rhythm_says_them_are_no_change(weekly):
    _alter(weekly, TUESDAY, TUESDAY + days(1), TUESDAY + days(5))
    _alter(weekly, TUESDAY, TUESDAY, datetime.combine(TUESDAY + days(5), WEEKLY.due_time))
    first = schedules.ahead(weekly.stage.id, NOON, 1)[0]
    assert (first.opens_local, first.moved) == (TUESDAY, False)
