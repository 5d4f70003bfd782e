"""Rounds by hand: what opening again, extending and a theme do to recaps, lateness and plans."""

from datetime import date, datetime, time, timedelta

import pytest

from circle import worker
from circle.rules.errors import StalePage
from circle.services.post import mail_plan
from circle.services.rounds import by_hand, turns
from tests.cast import NOON
from tests.services.playing import DUE, DUE_ON, LIMITS, Playing, days
from tests.smtp_sink import Sink

SOON = timedelta(seconds=10)


@pytest.fixture
def play(context, cast) -> Playing:
    return Playing(cast)


def _reopen(play: Playing, now: datetime, due_on: date = DUE_ON) -> None:
    by_hand.reopen(play.stage.id, play.id("Ada"), 1, due_on, time(17), now)


def _closed_and_reopened(play: Playing, now: datetime) -> None:
    by_hand.close(play.stage.id, play.id("Ada"), 1, now)
    _reopen(play, now + SOON)


def test_a_round_reopened_before_its_recap_went_out_gets_it_when_it_closes(play, sink: Sink):
    play.open()
    worker.tick(NOON)
    sink.clear()
    _closed_and_reopened(play, NOON + days(1))
    worker.tick(NOON + days(1) + 2 * SOON)
    worker.tick(DUE + SOON)
    recaps = [mail for mail in sink.mails if "How round 1" in mail.message["Subject"]]
    assert len(recaps) == 5


def test_a_round_reopened_after_its_recap_went_out_gets_no_second_one(play, sink: Sink):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + days(1))
    worker.tick(NOON + days(1) + SOON)
    sink.clear()
    _reopen(play, NOON + days(2))
    worker.tick(DUE + SOON)
    assert (play.round().state.value, play.mails("recap"), len(sink.mails)) == ("closed", 5, 0)


def test_the_plan_names_the_recap_again_that_did_not_go_out(play):
    play.open()
    _closed_and_reopened(play, NOON + days(1))
    assert "how the round went" in [one.what for one in mail_plan.read(play.stage.id, NOON + days(2))]


def test_the_plan_promises_no_second_recap(play, sink: Sink):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + days(1))
    worker.tick(NOON + days(1) + SOON)
    _reopen(play, NOON + days(2))
    planned = mail_plan.read(play.stage.id, NOON + days(2))
    assert planned
    assert "how the round went" not in [one.what for one in planned]


def test_what_was_made_by_the_new_due_day_is_late_no_more(play):
    play.open()
    turns.turn(play.round().id, DUE)
    for day, receiver in ((2, "Cy"), (6, "Dee")):
        play.log("Ben", receiver, now=DUE + days(6), made_on=(DUE + days(day)).date())
    assert (play.promise("Ben", "Cy").late, play.promise("Ben", "Dee").late) == (True, True)
    by_hand.reopen(play.stage.id, play.id("Ada"), 1, (DUE + days(9)).date(), time(17), DUE + days(6))
    assert (play.promise("Ben", "Cy").late, play.promise("Ben", "Dee").late) == (False, False)
    assert [one.late for one in play.introductions()] == [False, False]


def test_opening_again_within_a_minute_with_another_theme_says_that_a_round_is_open(play):
    play.open()
    with pytest.raises(StalePage, match="Round 1 was opened just now"):
        by_hand.open_now(
            play.stage.id, play.id("Ada"), DUE_ON, time(17), NOON + SOON, limits=LIMITS, theme="Export"
        )
    assert play.round().theme == ""


def test_a_sealed_round_stays_sealed(play):
    play.open()
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    with pytest.raises(StalePage, match="finished"):
        _reopen(play, DUE + days(31), (DUE + days(40)).date())
    assert play.round().state.value == "sealed"
