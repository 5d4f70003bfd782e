"""Rounds by hand: what opening again, extending and a theme do to recaps, lateness and plans."""

from datetime import date, datetime, time, timedelta

import pytest

from circle import worker
from circle.services.post import mail_plan
from circle.services.rounds import by_hand
from tests.cast import NOON
from tests.services.playing import DUE, DUE_ON, Playing, days
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
