"""A worker killed outright while it sends: nobody gets a reminder twice, and no other mail is lost."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from circle.factory import create_app
from circle.rules.states import MailState
from circle.services.post import outbox
from tests import story
from tests.cast import Cast
from tests.client import Client
from tests.scripted_server import SILENCE, ScriptedServer
from tests.smtp_sink import Sink
from tests.story import A_WEEK_BEFORE

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0
AFTERWARDS = A_WEEK_BEFORE + timedelta(hours=2)
"""When every claim of the killed one has run out."""
CIRCLE = ["ada@example.org", "ben@example.org", "cy@example.org"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of a site in a folder of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("CIRCLE_", "MAIL_"))}
    return ours | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'circle.db'}",
        "SECRET_KEY": "a secret that only the tests know, long enough",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_DEFAULT_SENDER": "circle@example.org",
    }


@pytest.fixture
def site(environment: dict[str, str], tmp_path: Path) -> Flask:
    """The site on that database, with a circle of three a week before its round is due."""
    subprocess.run(
        [sys.executable, "-m", "flask", "circle", "migrate"], cwd=ROOT, env=environment, check=True
    )
    site = create_app(environment, tmp_path)
    site.test_client_class = Client
    story.begin(Cast(site), "Ben", "Cy")
    return site


def test_a_reminder_cut_off_in_its_last_line_is_never_sent_again(site: Flask, environment: dict[str, str]):
    with ScriptedServer(body=["250 kept", SILENCE]) as server:
        kill_when(lambda: len(server.bodies) == 2, environment, server.port)
        before = recipients(server)
    assert sorted([*before, *pass_afterwards(environment)]) == CIRCLE


def test_a_reminder_that_may_be_lost_is_shown_as_such(site: Flask, environment: dict[str, str]):
    with ScriptedServer(body=SILENCE) as server:
        kill_when(lambda: len(server.bodies) == 1, environment, server.port)
    pass_afterwards(environment)
    states = [mail.state for mail in story.mails(site) if mail.kind == "daily"]
    assert states == [MailState.UNKNOWN, MailState.SENT, MailState.SENT]
    assert outbox.MAY_NOT_HAVE_ARRIVED in site.test_client().get("/mailbox").text


def test_a_reminder_claimed_and_not_begun_is_sent_by_the_next_pass(site: Flask, environment: dict[str, str]):
    with ScriptedServer(mail=SILENCE) as server:
        kill_when(lambda: any(line.startswith("mail") for line in said(server)), environment, server.port)
    assert sorted(pass_afterwards(environment)) == CIRCLE


def test_before_the_claim_runs_out_nobody_else_sends_it(site: Flask, environment: dict[str, str]):
    with ScriptedServer(mail=SILENCE) as server:
        kill_when(lambda: any(line.startswith("mail") for line in said(server)), environment, server.port)
    assert len(pass_afterwards(environment, A_WEEK_BEFORE + timedelta(minutes=1))) == 2


def kill_when(moment: Callable[[], bool], environment: dict[str, str], port: int) -> None:
    """Run a pass in a process of its own, and kill it without a warning when the moment has come."""
    program = start_pass(environment, port, A_WEEK_BEFORE)
    deadline = time.monotonic() + PATIENCE
    while not moment():
        assert program.poll() is None, program.communicate()
        assert time.monotonic() < deadline, "the moment to kill it never came"
        time.sleep(0.01)
    program.kill()
    program.communicate(timeout=PATIENCE)


def pass_afterwards(environment: dict[str, str], moment: datetime = AFTERWARDS) -> list[str]:
    """Run a whole pass at a later moment and return to whom it wrote."""
    with Sink() as sink:
        program = start_pass(environment, sink.port, moment)
        output, _ = program.communicate(timeout=PATIENCE)
        assert program.returncode == 0, output
        return [mail.recipients[0] for mail in sink.mails]


def start_pass(environment: dict[str, str], port: int, moment: datetime) -> subprocess.Popen[str]:
    """Start one pass as of a moment, sending to this port."""
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "circle", "tick", "--at", moment.isoformat()],
        cwd=ROOT,
        env=environment | {"MAIL_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said(server: ScriptedServer) -> list[str]:
    """Return what the mail server was told, in small letters."""
    return [line.lower() for line in server.commands]


def recipients(server: ScriptedServer) -> list[str]:
    """Return to whom the mail server was given a mail."""
    return [line.partition("<")[2].partition(">")[0] for line in said(server) if line.startswith("rcpt")]
