"""Letters about organising: golden texts, and when they are not wanted any more."""

from datetime import timedelta

import pytest
from flask import Flask

from circle.letters import posting
from circle.models import Circle
from circle.rules.recurrence import Occurrence
from circle.rules.states import MailKind
from circle.services.membership import absences, handing_over, seats
from circle.services.post import nudges
from circle.services.rounds import holding
from circle.services.work import lock_circle, writing
from tests import story
from tests.cast import NOON, Cast
from tests.letters.test_letters import MEMBERS, check, opened
from tests.story import A_WEEK_BEFORE

LATER = NOON + timedelta(days=61)


def _hold(app: Flask, cast: Cast) -> story.Story:
    told = story.begin(cast, "Ben", "Cy")
    with app.app_context(), writing():
        circle = lock_circle(told.stage.id)
        holding.hold(
            circle, Occurrence(NOON.replace(tzinfo=None), NOON, NOON.replace(tzinfo=None), NOON), NOON
        )
    return told


def test_a_nudge(app: Flask, cast: Cast):
    told = story.begin(cast, *MEMBERS)
    with app.app_context():
        ben = told.id("Ben")
        nudges.nudge(told.stage.id, told.id("Ada"), [ben], "We meet on Thursday.", A_WEEK_BEFORE)
    [mail] = story.mails(app, MailKind.NUDGE)
    check(app, "nudge", opened(app, mail.id, A_WEEK_BEFORE), told)


def test_a_nudge_is_not_sent_once_all_is_made(app: Flask, cast: Cast):
    told = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        nudges.nudge(told.stage.id, told.id("Ada"), [told.id("Ben")], "", A_WEEK_BEFORE)
    told.log("Ben", "Ada", "Cy")
    [mail] = story.mails(app, MailKind.NUDGE)
    with app.app_context():
        assert posting.preview(mail.id, A_WEEK_BEFORE) is None


def test_a_round_that_waits(app: Flask, cast: Cast):
    told = _hold(app, cast)
    [mail] = story.mails(app, MailKind.HELD_BACK)
    check(app, "held_back", opened(app, mail.id, NOON), told)


def test_a_round_that_waits_while_others_are_away_says_so(app: Flask, cast: Cast):
    told = _hold(app, cast)
    [mail] = story.mails(app, MailKind.HELD_BACK)
    with app.app_context():
        absences.go_away(told.id("Ben"), NOON.date(), None, NOON)
    text = " ".join(opened(app, mail.id, NOON).text.split())
    assert "here while others are away" in text
    assert "the seat is filled" not in text


def test_a_round_that_waits_no_more_is_not_written_about(app: Flask, cast: Cast):
    told = _hold(app, cast)
    [mail] = story.mails(app, MailKind.HELD_BACK)
    with app.app_context():
        with writing() as session:
            session.get_one(Circle, told.stage.id).held_at = None
        assert posting.preview(mail.id, NOON) is None


@pytest.fixture
def taken(app: Flask, cast: Cast) -> story.Story:
    told = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        handing_over.take_over(told.stage.id, told.id("Ben"), LATER)
    return told


@pytest.mark.parametrize(
    ("reader", "name"), [(0, "job_taken_organiser"), (1, "job_taken"), (2, "job_taken_member")]
)
def test_somebody_took_on_the_organising(app: Flask, taken: story.Story, reader: int, name: str):
    mail = story.mails(app, MailKind.JOB_TAKEN)[reader]
    check(app, name, opened(app, mail.id, LATER), taken)


def test_a_job_that_was_taken_back_is_not_written_about(app: Flask, taken: story.Story):
    [mail, *_] = story.mails(app, MailKind.JOB_TAKEN)
    with app.app_context():
        ben = seats.membership_of(taken.stage.id, taken.id("Ben"))
        handing_over.take_back(taken.stage.id, taken.id("Ada"), ben.id, LATER)
        assert posting.preview(mail.id, LATER) is None
