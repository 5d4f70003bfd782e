"""A whole worker killed in the middle of a mail, on both databases: what was cut off, and all the rest."""

import os
import subprocess
import sys
import time as pause
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from circle import clock, worker
from circle.extensions import db
from circle.models import OutboxMail
from circle.rules.limits import Limits
from circle.rules.states import MailState
from circle.services.rounds import by_hand
from tests import story
from tests.cast import Cast
from tests.conftest import SECRET
from tests.scripted_server import SILENCE, ScriptedServer

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def silent() -> ScriptedServer:
    """A mail server that takes a whole mail and then never says whether it keeps it."""
    return ScriptedServer(body=SILENCE)


def test_a_daily_letter_cut_off_by_a_kill_is_given_up_and_says_so(app, cast, sink, silent):
    story.let_news_wait(app, cast, cast.circle("Ben", "Cy"), "Ben")
    kill_a_worker_in_the_middle_of_a_mail(app, silent)
    pass_once(app, after_the_lease())
    assert sink.mails_to("ben@example.org") == []
    [mail] = mails(app)
    assert mail.state is MailState.UNKNOWN
    assert "may not have arrived" in mail.words


def test_every_other_mail_arrives_all_the_same_the_one_cut_off_with_the_same_bytes(app, cast, sink, silent):
    open_a_round(app, cast)
    kill_a_worker_in_the_middle_of_a_mail(app, silent)
    pass_once(app, after_the_lease())
    assert len({mail.recipients for mail in sink.mails}) == len(sink.mails) == 3
    assert bare(silent.bodies[0]) in [bare(mail.raw) for mail in sink.mails]
    assert {mail.state for mail in mails(app)} == {MailState.SENT}


def open_a_round(app: Flask, cast: Cast) -> None:
    """Let Ada open a round for three, of which each is to be told."""
    stage, ada = cast.circle("Ben", "Cy"), cast.person("Ada")
    now = clock.now()
    due_on = (now + timedelta(days=14)).date()
    with app.app_context():
        by_hand.open_now(stage.id, ada.id, due_on, time(17), now, limits=Limits(3, 6))


def kill_a_worker_in_the_middle_of_a_mail(app: Flask, server: ScriptedServer) -> None:
    """Start a real worker, wait until the server holds a whole mail and says nothing, and kill it."""
    settings = {name: str(app.config[name]) for name in ("DATABASE_URL", "BASE_URL", "PORT")}
    with server:
        running = subprocess.Popen(
            [sys.executable, "-m", "flask", "circle", "worker"],
            cwd=ROOT,
            env={
                **os.environ,
                **settings,
                "SECRET_KEY": SECRET,
                "MAIL_SERVER": "127.0.0.1",
                "MAIL_PORT": str(server.port),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        patience = pause.monotonic() + 20
        while not server.bodies and pause.monotonic() < patience:
            pause.sleep(0.02)
        running.kill()
        running.wait()
    assert server.bodies, "the worker sent nothing within 20 seconds"


def after_the_lease() -> datetime:
    """Return a moment at which the killed worker's claim has run out."""
    return clock.now() + timedelta(hours=1)


def pass_once(app: Flask, moment: datetime) -> None:
    """Let another worker pass."""
    with app.app_context():
        worker.tick(moment)


def mails(app: Flask) -> list[OutboxMail]:
    """Return every row of the outbox."""
    with app.app_context():
        return list(db.session.scalars(select(OutboxMail)))


def bare(raw: bytes) -> list[bytes]:
    """Return a mail's lines, without the dots that SMTP adds or takes."""
    return raw.replace(b"\r\n..", b"\r\n.").strip().splitlines()
