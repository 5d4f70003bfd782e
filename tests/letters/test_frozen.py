"""A letter that may have arrived goes again as it was or not at all; one that was refused is written anew."""

from datetime import timedelta

import pytest
from flask import Flask

from circle import worker
from circle.rules.states import MailState
from tests import story
from tests.cast import NOON, Cast
from tests.scripted_server import DROP, ScriptedServer
from tests.smtp_sink import Sink
from tests.story import Story

REFUSES, NEVER_SAYS = "451 later", DROP
LATER = NOON + timedelta(minutes=5)
BENS_WISH = "Operations leads at bakeries"


@pytest.fixture
def opened(cast: Cast) -> Story:
    """Ada's circle with Ben and Cy, whose first round has just opened."""
    return story.begin(cast, "Ben", "Cy", told=False)


def test_a_refused_letter_says_what_is_true_when_it_goes_again(
    app: Flask, opened: Story, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    try_first(app, monkeypatch, REFUSES)
    opened.log("Ada", "Ben")
    try_again(app, monkeypatch, sink)
    [letter] = sink.mails_to("ada@example.org")
    assert BENS_WISH not in " ".join(letter.text.split())


def test_a_letter_that_may_have_arrived_goes_again_as_it_was(
    app: Flask, opened: Story, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    begun = try_first(app, monkeypatch, NEVER_SAYS)
    try_again(app, monkeypatch, sink, NOON + timedelta(days=1))
    assert sorted(mail.raw for mail in sink.mails) == sorted(begun)


def test_a_letter_that_may_have_arrived_and_is_no_longer_true_is_dropped(
    app: Flask, opened: Story, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    try_first(app, monkeypatch, NEVER_SAYS)
    opened.log("Ada", "Ben")
    try_again(app, monkeypatch, sink)
    assert sink.mails_to("ada@example.org") == []
    states = {mail.recipient: mail.state for mail in story.mails(app)}
    assert states["ada@example.org"] is MailState.DROPPED
    assert states["cy@example.org"] is MailState.SENT


def try_first(app: Flask, monkeypatch: pytest.MonkeyPatch, answer: str) -> list[bytes]:
    """Let a pass meet a server that treats every whole mail so, and return the bytes that are kept."""
    with ScriptedServer(body=answer) as server:
        monkeypatch.setattr(app.extensions["mail"], "port", server.port)
        with app.app_context():
            worker.tick(NOON)
    return [mail.wire for mail in story.mails(app) if mail.wire]


def try_again(app: Flask, monkeypatch: pytest.MonkeyPatch, sink: Sink, moment=LATER) -> None:
    """Let a later pass meet a good server."""
    monkeypatch.setattr(app.extensions["mail"], "port", sink.port)
    with app.app_context():
        worker.tick(moment)
