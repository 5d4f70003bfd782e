"""While the mail server swallows everything, nobody waits for it but the worker; then the queue drains."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from circle import worker
from circle.letters import sending
from circle.rules.states import MailState
from tests import story
from tests.black_holes import never_taking, silent
from tests.cast import Cast
from tests.smtp_sink import Sink
from tests.web.acting import Acting

DEADLINE = 60.0
"""Seconds for which the worker would wait."""
AT_ONCE = 10.0
"""Seconds: a page takes a few hundredths of one, on a machine with much else to do a few whole ones."""
PATIENCE = 60.0


@pytest.fixture
def patient(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker wait for a mail server much longer than anybody waits for a page."""
    for name in ("MAIL_CONNECT_SECONDS", "MAIL_COMMAND_SECONDS", "MAIL_FINAL_SECONDS"):
        monkeypatch.setitem(app.config, name, DEADLINE)
    settings = app.config["SETTINGS"]
    quick = replace(settings, values={**settings.values, "WORKER_SECONDS": 0.1})
    monkeypatch.setitem(app.config, "SETTINGS", quick)
    monkeypatch.setitem(app.config, "WORKER_SECONDS", 0.1)
    monkeypatch.setattr(sending, "FIRST_REST", 0.2)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("black_hole", [silent, never_taking])
def test_nobody_waits_for_a_black_hole(
    black_hole: Callable[[], AbstractContextManager[int]],
    app: Flask,
    cast: Cast,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
):
    scene = Acting(cast)
    ada, stranger = cast.client("Ada"), cast.client()
    requests: list[Callable[[], object]] = [
        lambda: stranger.get("/"),
        lambda: stranger.get("/sign-in"),
        lambda: stranger.submit("/sign-in", {"email": "ben@example.org"}),
        lambda: stranger.submit("/sign-in", {"email": "nobody@example.org"}),
        lambda: ada.get(scene.url),
        lambda: ada.submit(scene.log_url(), scene.form("Ben")),
    ]
    hole = ExitStack()
    monkeypatch.setattr(app.extensions["mail"], "port", hole.enter_context(black_hole()))
    with hole, a_worker(app):
        wait_until(lambda: states(app)[MailState.CLAIMED] > 0)
        waits = [seconds(request) for request in requests]
        assert max(waits) < AT_ONCE
        assert set(states(app)) == {MailState.QUEUED, MailState.CLAIMED}
        waiting = states(app).total()
        monkeypatch.setattr(app.extensions["mail"], "port", sink.port)
        hole.close()
        wait_until(lambda: set(states(app)) == {MailState.SENT})
    assert len(sink.mails) == waiting == 7


@contextmanager
def a_worker(app: Flask) -> Iterator[None]:
    """Run the worker beside the test, as it runs beside the site."""
    stop = threading.Event()

    def run() -> None:
        with app.app_context():
            worker.run(stop)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=PATIENCE)
    assert not thread.is_alive()


def states(app: Flask) -> Counter[MailState]:
    """Count the mails by where they stand."""
    return Counter(mail.state for mail in story.mails(app))


def seconds(request: Callable[[], object]) -> float:
    """Return how long a request takes."""
    begun = time.monotonic()
    request()
    return time.monotonic() - begun


def wait_until(it_is_so: Callable[[], bool]) -> None:
    """Look again and again, for a minute at most."""
    deadline = time.monotonic() + PATIENCE
    while not it_is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
