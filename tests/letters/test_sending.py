"""Sending: several connections share the queue, and a worker asked to end leaves every mail accounted for."""

import asyncio

import pytest
from flask import Flask

from circle import clock, serve, worker
from circle.letters import sending
from circle.rules.states import MailKind, MailState
from circle.services.post import outbox
from circle.services.work import writing
from tests import story
from tests.cast import Cast
from tests.running_worker import RunningWorker, wait_until
from tests.scripted_server import SILENCE, ScriptedServer
from tests.smtp_sink import Sink, free_port


class Slow(Sink):
    """A mail server that takes its time for each mail, and knows how many it had in hand at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.at_once = self.most_at_once = 0
        super().__init__()

    async def handle_DATA(self, *mail) -> str:  # noqa: N802 (aiosmtpd's name)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(self._seconds)
        self.at_once -= 1
        return await super().handle_DATA(*mail)


def queue(app: Flask, cast: Cast, count: int) -> None:
    """Queue letters that tell Ben that Ada took on the organising of her circle."""
    stage, ada, ben = cast.circle("Ben"), cast.person("Ada"), cast.person("Ben")
    with app.app_context(), writing():
        for number in range(count):
            about = {"person_id": ben.id, "circle_id": stage.id, "by_id": ada.id}
            outbox.queue(MailKind.JOB_TAKEN, key=f"one:{number}", now=clock.now(), **about)


def names_a_recipient(server: ScriptedServer) -> bool:
    return any(line.lower().startswith("rcpt") for line in server.commands)


def states(app: Flask) -> list[MailState]:
    return [mail.state for mail in story.mails(app)]


def test_several_connections_share_the_queue(app: Flask, cast: Cast):
    queue(app, cast, 12)
    with Slow(0.3) as slow, RunningWorker(app, slow.port, MAIL_CONNECTIONS="4"):
        slow.wait_for(12, seconds=30)
        wait_until(lambda: set(states(app)) == {MailState.SENT}, "all are settled")
    assert (slow.most_at_once, len(slow.mails)) == (4, 12)


def test_two_workers_with_several_connections_send_each_mail_once(app: Flask, cast: Cast):
    queue(app, cast, 20)
    with Sink() as sink, RunningWorker(app, sink.port), RunningWorker(app, sink.port):
        wait_until(lambda: set(states(app)) == {MailState.SENT}, "all are settled")
    ids = [mail.message["Message-ID"] for mail in sink.mails]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_a_slow_mail_keeps_no_letter_from_being_written(app: Flask, cast: Cast):
    queue(app, cast, 1)
    with ScriptedServer(rcpt=SILENCE) as silent, RunningWorker(app, silent.port, MAIL_CONNECTIONS="1"):
        wait_until(lambda: names_a_recipient(silent), "it waits")
        story.let_news_wait(app, cast, cast.circle("Ben", name="Another Circle"), "Ben")
        wait_until(lambda: story.mails(app, MailKind.DAILY), "the letter is written")


def test_asked_to_end_a_worker_finishes_the_mail_in_hand(app: Flask, cast: Cast):
    queue(app, cast, 3)
    with Slow(2) as slow, RunningWorker(app, slow.port, MAIL_CONNECTIONS="1") as running:
        wait_until(lambda: slow.at_once, "a mail is on its way")
        code = running.end()
    assert (code, sorted(states(app))) == (0, [MailState.QUEUED, MailState.QUEUED, MailState.SENT])
    assert len(slow.mails) == 1


def test_asked_to_end_a_worker_gives_back_a_mail_whose_data_has_not_begun(app: Flask, cast: Cast):
    queue(app, cast, 1)
    with ScriptedServer(rcpt=SILENCE) as silent, RunningWorker(app, silent.port) as running:
        wait_until(lambda: names_a_recipient(silent), "it waits")
        code = running.end()
    [mail] = story.mails(app)
    assert (code, mail.state, mail.claim, mail.attempts) == (0, MailState.QUEUED, None, 0)
    assert running.seconds_to_end < 10


def test_asked_to_end_a_worker_leaves_started_a_mail_that_may_have_arrived(app: Flask, cast: Cast):
    queue(app, cast, 1)
    with ScriptedServer(body=SILENCE) as silent, RunningWorker(app, silent.port) as running:
        wait_until(lambda: silent.bodies, "it waits for the last answer")
        code = running.end()
    assert (code, states(app)) == (0, [MailState.STARTED])
    assert running.seconds_to_end < 10


def test_serving_waits_longer_than_a_worker_takes_to_end():
    assert worker.SECONDS_TO_END < 10 < serve.PATIENCE_SECONDS


def test_while_no_mail_server_is_there_the_queue_is_left_in_peace(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    queue(app, cast, 8)
    monkeypatch.setattr(app.extensions["mail"], "port", free_port())
    with app.app_context():
        done = worker.tick(clock.now())
    assert len(done) == 1
    assert [(mail.state, mail.attempts) for mail in story.mails(app)] == [(MailState.QUEUED, 0)] * 8


def test_the_queue_drains_once_the_mail_server_is_back(app: Flask, cast: Cast):
    queue(app, cast, 8)
    port = free_port()
    with RunningWorker(app, port):
        wait_until(lambda: any(mail.words for mail in story.mails(app)), "it was tried")
        with Sink(port=port) as sink:
            wait_until(lambda: set(states(app)) == {MailState.SENT}, "all are settled")
            assert len(sink.mails) == 8


def test_a_mail_server_that_is_away_is_looked_for_ever_more_seldom(monkeypatch: pytest.MonkeyPatch):
    now = [0.0]
    monkeypatch.setattr(sending.time, "monotonic", lambda: now[0])
    way, looks = sending.Way(), 0
    for _ in range(3600):
        now[0] += 1
        if way.is_open():
            looks += 1
            way.went(well=False)
    assert 60 <= looks <= 140


def test_one_that_finds_the_mail_server_opens_the_way_for_all(monkeypatch: pytest.MonkeyPatch):
    way = sending.Way()
    way.went(well=False)
    assert not way.is_open()
    way.went(well=True)
    assert [way.is_open(), way.is_open()] == [True, True]


def test_while_the_mail_server_answers_at_once_one_connection_is_enough():
    way = sending.Way()
    assert way.joins()
    way.took(seconds=0.02, waited=0.001)
    assert not way.joins()
    way.leaves()
    assert way.joins()


def test_more_connections_join_while_the_mail_server_is_waited_for():
    way = sending.Way()
    way.joins()
    for _ in range(3):
        way.took(seconds=0.02, waited=0.015)
    assert (way.joins(), way.joins()) == (True, True)


def test_a_connection_that_is_held_up_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch):
    way = sending.Way()
    way.joins()
    assert not way.joins()
    monkeypatch.setattr(sending, "STALLED", 0.0)
    assert way.joins()
