"""Posting: through a real mail server, and what comes of its refusals and silences."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from circle import worker
from circle.letters import posting
from circle.letters.connection import Relay
from circle.letters.ledger import Ledger
from circle.models import Membership, Site
from circle.rules.states import MailKind, MailState
from circle.services.post import daily, outbox
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.smtp_sink import Sink
from tests.story import A_WEEK_BEFORE, DUE, Story


class Strict(Sink):
    """A mail server that gives every recipient the same answer."""

    def __init__(self, answer: str) -> None:
        self._answer = answer
        super().__init__()

    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802 (aiosmtpd's name)
        return self._answer


class Killed(Relay):
    """The way to the mail server of a worker that is killed right after it began to send."""

    def send(self, *letter: object) -> None:  # type: ignore[override]
        [*_, on_data_begin] = letter
        on_data_begin()
        raise KeyboardInterrupt


def tick(app: Flask, now=NOON) -> list[str]:
    with app.app_context():
        return worker.tick(now)


def die_while_sending(app: Flask, now) -> None:
    with app.app_context():
        mail = outbox.claim(now)
        assert mail
        with pytest.raises(KeyboardInterrupt):
            posting.post(mail, Killed(app.extensions["mail"]), Ledger(lambda: now))


def without_mail_server(app: Flask, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    settings = app.config["SETTINGS"]
    values = {**settings.values, "MAIL_SERVER": "", **more}
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, values=values))


@pytest.fixture
def opened(cast: Cast) -> Story:
    """Ada's circle with Ben and Cy, whose first round has just opened."""
    return story.begin(cast, "Ben", "Cy", told=False)


def test_everybody_is_told_that_a_round_has_opened(app: Flask, opened: Story, sink: Sink):
    tick(app)
    told = [mail.recipients for mail in sink.mails]
    assert sorted(told) == [("ada@example.org",), ("ben@example.org",), ("cy@example.org",)]


def test_a_second_pass_sends_nothing_again(app: Flask, opened: Story, sink: Sink):
    tick(app)
    tick(app)
    assert len(sink.mails) == 3


def test_a_circle_mail_carries_its_headers(app: Flask, opened: Story, sink: Sink):
    tick(app)
    message = sink.mails[0].message
    names = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "References", "Auto-Submitted")
    assert [name for name in names if name not in message] == []


def test_the_mails_of_a_round_stand_in_one_thread(app: Flask, opened: Story, sink: Sink):
    tick(app)
    tick(app, DUE)
    ada = sink.mails_to("ada@example.org")
    assert ada[0].message["References"] == ada[-1].message["References"]


def test_the_bytes_of_a_sent_mail_are_forgotten(app: Flask, opened: Story, sink: Sink):
    tick(app)
    assert [mail.wire for mail in story.mails(app)] == [None] * 3


def test_who_left_is_not_written_to(app: Flask, opened: Story, sink: Sink):
    with app.app_context(), writing() as session:
        row = session.query(Membership).filter_by(person_id=opened.id("Cy")).one()
        row.seat, row.left_at = None, NOON
    tick(app)
    assert sink.mails_to("cy@example.org") == []


def test_who_turned_letters_off_is_not_written_to(app: Flask, opened: Story, sink: Sink):
    story.change(app, opened.people["Cy"], letters_off="round_opened")
    tick(app)
    assert sink.mails_to("cy@example.org") == []


def test_demo_people_are_never_given_to_the_mail_server(app: Flask, opened: Story, sink: Sink):
    story.change(app, opened.people["Cy"], demo=True)
    tick(app)
    assert sink.mails_to("cy@example.org") == []


def test_an_invalid_address_is_never_given_to_the_mail_server(app: Flask, opened: Story, sink: Sink):
    story.change(app, opened.people["Cy"], email="cy@circle.invalid")
    tick(app)
    assert len(sink.mails) == 2


def test_a_reminder_with_nothing_left_to_say_is_dropped(app: Flask, cast: Cast, sink: Sink):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)
    round_.log("Ada", "Ben", "Cy", now=A_WEEK_BEFORE)
    tick(app, A_WEEK_BEFORE)
    assert sink.mails_to("ada@example.org") == []


def test_the_opening_letter_carries_the_news_of_the_day(app: Flask, opened: Story, sink: Sink):
    opened.log("Ada", "Ben")
    tick(app)
    [mail] = sink.mails_to("ben@example.org")
    assert "Ada Obi introduced you to Lena Krüger." in mail.text


def test_a_reminder_of_another_circle_goes_with_the_recap_of_that_day(app: Flask, cast: Cast, sink: Sink):
    round_ = story.begin(cast, "Ben", "Cy")
    other = story.begin(cast, "Eve", "Dee", now=NOON - timedelta(days=3))
    closing = A_WEEK_BEFORE - timedelta(hours=1)
    with app.app_context(), writing() as session:
        from circle.models import Round

        first = session.get_one(Round, other.round_id())
        first.due_at = first.turns_at = closing
    tick(app, closing)
    tick(app, A_WEEK_BEFORE)
    kinds = [mail.kind for mail in story.mails(app) if mail.person_id == round_.id("Ada") and mail.words]
    [mail] = sink.mails_to("ada@example.org")
    assert kinds == ["recap"]
    assert "Harbour Circle, round 1: Two introductions to make." in mail.text


def test_a_mail_refused_for_now_is_tried_again(
    app: Flask, opened: Story, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    with Strict("450 later") as busy:
        monkeypatch.setattr(app.extensions["mail"], "port", busy.port)
        tick(app)
    monkeypatch.setattr(app.extensions["mail"], "port", sink.port)
    tick(app, NOON + timedelta(minutes=5))
    assert len(sink.mails) == 3


def test_a_refused_recipient_fails_alone(app: Flask, opened: Story, monkeypatch: pytest.MonkeyPatch):
    with Strict("550 no such mailbox") as strict:
        monkeypatch.setattr(app.extensions["mail"], "port", strict.port)
        tick(app)
    assert [mail.state for mail in story.mails(app)] == [MailState.FAILED] * 3


def test_a_missing_password_holds_all_mail_back(app: Flask, opened: Story, monkeypatch: pytest.MonkeyPatch):
    with Strict("530 sign in first") as strict:
        monkeypatch.setattr(app.extensions["mail"], "port", strict.port)
        tick(app)
    with app.app_context(), writing() as session:
        assert "530 sign in first" in session.get_one(Site, 1).mail_paused_why


def test_a_mail_that_cannot_be_written_fails_alone(
    app: Flask, opened: Story, sink: Sink, caplog: pytest.LogCaptureFixture
):
    story.change(app, opened.people["Cy"], email="not an address")
    tick(app)
    states = [mail.state for mail in story.mails(app)]
    assert (sorted(states), len(sink.mails)) == ([MailState.FAILED, MailState.SENT, MailState.SENT], 2)


def test_a_reminder_killed_while_being_sent_is_shown_as_perhaps_lost(app: Flask, cast: Cast, sink: Sink):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)
    die_while_sending(app, A_WEEK_BEFORE)
    tick(app, A_WEEK_BEFORE + outbox.LEASE)
    lost = next(
        mail for mail in story.mails(app) if mail.person_id == round_.id("Ada") and mail.state != "sent"
    )
    assert (lost.state, lost.words) == (MailState.UNKNOWN, outbox.MAY_NOT_HAVE_ARRIVED)
    assert sink.mails_to("ada@example.org") == []


def test_another_letter_killed_while_being_sent_goes_out_byte_for_byte(app: Flask, opened: Story, sink: Sink):
    die_while_sending(app, NOON)
    [begun] = [mail.wire for mail in story.mails(app) if mail.wire]
    tick(app, NOON + outbox.LEASE)
    assert begun in [mail.raw for mail in sink.mails]


def test_without_a_mail_server_mail_stays_readable(
    app: Flask, opened: Story, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    without_mail_server(app, monkeypatch)
    tick(app)
    assert [mail.words for mail in story.mails(app)] == ["Kept in the mailbox."] * 3
    assert sink.mails == []


def test_in_production_without_a_mail_server_mail_waits(
    app: Flask, opened: Story, monkeypatch: pytest.MonkeyPatch
):
    without_mail_server(app, monkeypatch, CIRCLE_MODE="production")
    tick(app)
    assert [mail.state for mail in story.mails(app)] == [MailState.QUEUED] * 3


def test_each_try_of_a_sign_in_mail_holds_a_fresh_code(
    app: Flask, cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    from circle.services.door import sign_in

    ada = cast.person("Ada")
    with app.app_context():
        sign_in.request(ada.email, binding="b", origin="o", next_url="", may_join=False, now=NOON)
    [mail] = story.mails(app, MailKind.SIGN_IN)
    with app.app_context():
        first, second = posting.preview(mail.id, NOON), posting.preview(mail.id, NOON)
    assert first != second
