"""What the mail server answered is noted, though the database has no time for it at that moment."""

import threading
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import create_engine, text

from circle import worker
from circle.extensions import db
from circle.rules.states import MailKind, MailState
from circle.services.post import outbox
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.smtp_sink import Sink

BUSY_SECONDS = 1.5


class Hog(Sink):
    """Takes a letter, and keeps the outbox to itself for a while before anybody can note that."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._engine = create_engine(
            url, connect_args={"check_same_thread": False} if "sqlite" in url else {}
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Hold the lock, and say 250."""
        held = self._engine.connect()
        held.execute(text("UPDATE outbox SET words = words"))
        threading.Timer(BUSY_SECONDS, self._let_go, [held]).start()
        return await super().handle_DATA(server, session, envelope)

    def _let_go(self, held) -> None:
        held.rollback()
        held.close()
        self._engine.dispose()


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """Let SQLite wait for a lock for a tenth of a second only."""
    wait_at_most(app, 100)
    yield
    wait_at_most(app, 5000)


def wait_at_most(app: Flask, milliseconds: int) -> None:
    """Set how long the one connection of the pool waits for SQLite's lock."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            with db.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")


@pytest.mark.usefixtures("impatient")
def test_an_answer_is_noted_once_the_database_has_time(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    round_ = story.begin(cast, "Ben", "Cy")
    about = {"person_id": round_.id("Ben"), "circle_id": round_.stage.id, "round_id": round_.round_id()}
    with app.app_context(), writing():
        outbox.queue(MailKind.NUDGE, key="the one", now=NOON, by_id=round_.id("Ada"), **about)
    with Hog(app.config["DATABASE_URL"]) as hog:
        monkeypatch.setattr(app.extensions["mail"], "port", hog.port)
        with app.app_context():
            worker.tick(NOON)
    [nudge] = story.mails(app, MailKind.NUDGE)
    assert (nudge.state, len(hog.mails)) == (MailState.SENT, 1)
