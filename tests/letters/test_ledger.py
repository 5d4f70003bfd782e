"""The ledger of a connection: a sent mail is noted with the next one, and nothing is left untold."""

from dataclasses import replace

import pytest
from flask import Flask

from circle import clock
from circle.extensions import db
from circle.letters import posting
from circle.letters.ledger import Ledger, lease
from circle.letters.outcomes import Delivery, Outcome
from circle.models import Site
from circle.rules.states import MailKind, MailState
from circle.services.post import outbox
from circle.services.post.claims import Claimed
from circle.services.work import writing
from tests import story
from tests.cast import Cast


@pytest.fixture
def queued(app: Flask, cast: Cast) -> None:
    """Let three letters to Ben wait."""
    stage, ada, ben = cast.circle("Ben"), cast.person("Ada"), cast.person("Ben")
    with app.app_context(), writing():
        for number in range(3):
            about = {"person_id": ben.id, "circle_id": stage.id, "by_id": ada.id}
            outbox.queue(MailKind.JOB_TAKEN, key=f"one:{number}", now=clock.now(), **about)


@pytest.fixture
def ledger() -> Ledger:
    """Return the ledger of a connection to a mail server that answers at once."""
    return Ledger(clock.now, lambda: True, lambda: True)


def states(app: Flask) -> list[MailState]:
    return [mail.state for mail in story.mails(app)]


def claim() -> Claimed:
    mail = outbox.claim(clock.now(), lease())
    assert mail
    return mail


@pytest.mark.usefixtures("queued", "sink")
def test_that_a_mail_was_sent_is_noted_when_the_next_one_begins(app: Flask, ledger: Ledger):
    with app.app_context(), posting.relay() as relay:
        posting.post(claim(), relay, ledger)
        assert states(app) == [MailState.STARTED, MailState.CLAIMED, MailState.QUEUED]
        following = ledger.take_following()
        assert following
        posting.post(following, relay, ledger)
    assert states(app) == [MailState.SENT, MailState.STARTED, MailState.CLAIMED]


@pytest.mark.usefixtures("queued", "sink")
def test_what_ends_early_notes_what_was_sent_and_gives_back_the_next(app: Flask, ledger: Ledger):
    with app.app_context(), posting.relay() as relay:
        posting.post(claim(), relay, ledger)
        ledger.end()
    assert states(app) == [MailState.SENT, MailState.QUEUED, MailState.QUEUED]
    assert [mail.attempts for mail in story.mails(app)] == [1, 0, 0]


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize(
    ("kind", "noted"), [(MailKind.DAILY, MailState.SENT), (MailKind.JOB_TAKEN, MailState.STARTED)]
)
def test_what_goes_at_most_once_is_noted_at_once(
    app: Flask, ledger: Ledger, kind: MailKind, noted: MailState
):
    with app.app_context():
        mail = replace(claim(), kind=kind)
        ledger.begin(mail, b"bytes", "ben@example.org")
        ledger.close(mail, "ben@example.org", Delivery(Outcome.SENT, "250 OK"))
    assert states(app) == [noted, MailState.CLAIMED, MailState.QUEUED]


@pytest.mark.usefixtures("queued")
def test_behind_an_answer_that_takes_its_time_no_mail_is_held(app: Flask):
    with app.app_context():
        unhurried = Ledger(clock.now, lambda: True, lambda: False)
        unhurried.begin(claim(), b"bytes", "ben@example.org")
        assert states(app) == [MailState.STARTED, MailState.QUEUED, MailState.QUEUED]


@pytest.mark.usefixtures("queued", "sink")
def test_a_mail_sent_before_does_not_undo_the_pause_after_it(app: Flask, ledger: Ledger):
    with app.app_context(), posting.relay() as relay:
        posting.post(claim(), relay, ledger)
        following = ledger.take_following()
        assert following
        ledger.close(following, "ben@example.org", Delivery(Outcome.CONFIGURATION, "535 wrong password"))
        assert db.session.get_one(Site, 1).mail_paused_why == "535 wrong password"
    assert states(app) == [MailState.SENT, MailState.QUEUED, MailState.QUEUED]
