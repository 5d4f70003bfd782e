"""The last letter about a circle: one calm confirmation, then no more mail of that circle."""

from datetime import timedelta

import pytest
from flask import Flask

from circle import worker
from circle.letters import posting
from circle.rules.limits import Limits
from circle.rules.states import MailKind, MailState, Role
from circle.services.farewell import erasure
from circle.services.membership import memberships, seats
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.letters.test_letters import MEMBERS, check, opened
from tests.smtp_sink import Sink

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def told(cast: Cast) -> story.Story:
    return story.begin(cast, *MEMBERS)


def leave(app: Flask, told: story.Story, first: str) -> None:
    with app.app_context():
        memberships.leave(told.stage.id, told.id(first), NOON)


def remove(app: Flask, told: story.Story, first: str) -> None:
    with app.app_context():
        membership = seats.membership_of(told.stage.id, told.id(first))
        memberships.remove(told.stage.id, told.id("Ada"), membership.id, NOON)


def test_who_left_is_told_so(app: Flask, told: story.Story):
    leave(app, told, "Ben")
    [mail] = story.mails(app, MailKind.LEFT)
    check(app, "left", opened(app, mail.id, NOON), told)


def test_who_was_removed_is_told_so(app: Flask, told: story.Story):
    remove(app, told, "Ben")
    [mail] = story.mails(app, MailKind.LEFT)
    check(app, "left_removed", opened(app, mail.id, NOON), told)


def test_it_is_sent_to_who_turned_everything_off(app: Flask, told: story.Story, sink: Sink):
    story.change(app, told.people["Ben"], letters_off="all_done daily organising recap round_opened")
    leave(app, told, "Ben")
    with app.app_context():
        worker.tick(NOON)
    assert len(sink.mails_to("ben@example.org")) == 1


def test_leaving_twice_is_confirmed_once(app: Flask, told: story.Story):
    leave(app, told, "Ben")
    leave(app, told, "Ben")
    assert len(story.mails(app, MailKind.LEFT)) == 1


def test_who_came_back_before_it_was_sent_is_not_told_that_they_left(app: Flask, told: story.Story):
    leave(app, told, "Ben")
    with app.app_context():
        with writing():
            seats.take(told.stage.id, told.id("Ben"), Role.MEMBER, Limits(5, 6), LATER)
        [mail] = story.mails(app, MailKind.LEFT)
        assert posting.preview(mail.id, LATER) is None


def test_the_last_to_leave_is_not_told_of_coming_back(app: Flask, cast: Cast):
    stage = cast.circle()
    with app.app_context():
        memberships.leave(stage.id, cast.person("Ada").id, NOON)
    [mail] = story.mails(app, MailKind.LEFT)
    assert "Coming back" not in opened(app, mail.id, NOON).text


def test_after_it_comes_no_more_mail_of_that_circle(app: Flask, cast: Cast, sink: Sink):
    told = story.begin(cast, *MEMBERS, told=False)
    told.log("Ada", "Ben")
    leave(app, told, "Ben")
    with app.app_context():
        for day in range(20):
            worker.tick(NOON + timedelta(days=day))
    [only] = sink.mails_to("ben@example.org")
    assert only.message["Subject"] == "You are no longer in Harbour Circle"
    states = {mail.state for mail in story.mails(app) if mail.person_id == told.id("Ben")}
    assert states == {MailState.SENT, MailState.DROPPED}


def ask_to_be_erased(app: Flask, told: story.Story, first: str) -> int:
    with app.app_context():
        erasure.ask(told.id(first), NOON, NOON)
    [mail] = story.mails(app, MailKind.TO_BE_ERASED)
    return mail.id


def test_who_is_to_be_erased_is_told_when_and_how_to_undo_it(app: Flask, told: story.Story):
    check(app, "to_be_erased", opened(app, ask_to_be_erased(app, told, "Ben"), NOON), told)


def test_who_stays_after_all_is_not_told_of_being_erased(app: Flask, told: story.Story):
    mail_id = ask_to_be_erased(app, told, "Ben")
    with app.app_context():
        erasure.keep(told.id("Ben"))
        assert posting.preview(mail_id, LATER) is None


def test_who_is_erased_gets_no_more_mail(app: Flask, cast: Cast, sink: Sink):
    told = story.begin(cast, *MEMBERS, told=False)
    told.log("Ada", "Ben")
    ask_to_be_erased(app, told, "Ben")
    with app.app_context():
        for day in range(20):
            worker.tick(NOON + timedelta(days=day))
    [only] = sink.mails_to("ben@example.org")
    assert "Keep everything" in only.text
