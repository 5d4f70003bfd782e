"""Health: whether the database answers, when the worker last passed, and how the mail queue stands."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text

from circle.extensions import db
from circle.models import OutboxMail, Site
from circle.models.base import as_row
from circle.rules.states import MailState

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
VERSION: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]

WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.STARTED)
LOST = (MailState.FAILED, MailState.EXPIRED, MailState.UNKNOWN)

_outbox, _site = as_row(OutboxMail), as_row(Site)

SITE = select(_site.c.ticked_at, _site.c.mail_paused_at, _site.c.mail_paused_why).limit(1)
QUEUE = select(func.count(), func.min(_outbox.c.created_at)).where(_outbox.c.state.in_(WAITING))
LAST_FAILURE = (
    select(_outbox.c.settled_at, _outbox.c.kind, _outbox.c.words)
    .where(_outbox.c.state.in_(LOST))
    .order_by(_outbox.c.settled_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class MailQueue:
    """How many mails wait, since when, whether sending is paused and why, and what failed last."""

    waiting: int
    waiting_since: datetime | None
    paused_at: datetime | None
    paused_why: str
    failed_at: datetime | None
    failed_kind: str
    failed_words: str


@dataclass(frozen=True, slots=True)
class Health:
    """The site as its database tells it; moments in UTC."""

    dialect: str
    version: str
    ticked_at: datetime | None
    mail: MailQueue


def read() -> Health:
    """Read how the site is; raise SQLAlchemy's errors when the database does not answer."""
    connection = db.session.connection()
    sqlite = connection.dialect.name == "sqlite"
    version = connection.execute(
        text("SELECT sqlite_version()" if sqlite else "SHOW server_version")
    ).scalar_one()
    ticked_at, paused_at, paused_why = connection.execute(SITE).one_or_none() or (None, None, "")
    waiting, since = connection.execute(QUEUE).one()
    failed_at, kind, words = connection.execute(LAST_FAILURE).one_or_none() or (None, "", "")
    mail = MailQueue(waiting, since, paused_at, paused_why, failed_at, kind, words)
    return Health(connection.dialect.name, version, ticked_at, mail)
