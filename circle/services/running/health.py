"""Health: whether the database answers, when the worker last passed, and how the mail queue stands."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, func, select, text

from circle.extensions import db
from circle.models import OutboxMail, Site
from circle.models.base import as_row
from circle.rules.states import MailState
from circle.services.running.site import silent_since

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
VERSION: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]

WAITING = (MailState.QUEUED, MailState.CLAIMED, MailState.STARTED)
LOST = (MailState.FAILED, MailState.EXPIRED, MailState.UNKNOWN)

_outbox, _site = as_row(OutboxMail), as_row(Site)

SITE = select(_site.c.ticked_at, _site.c.mail_paused_at, _site.c.mail_paused_why).limit(1)
WAITING_BY_STATE = (
    select(_outbox.c.state, func.count().label("mails"))
    .where(_outbox.c.state.in_(WAITING))
    .group_by(_outbox.c.state)
)
NEXT_DUE = (
    select(_outbox.c.try_at, _outbox.c.words)
    .where(_outbox.c.try_at.is_not(None))
    .order_by(_outbox.c.try_at)
    .limit(1)
)
LAST_OF_STATE = (
    select(_outbox.c.settled_at, _outbox.c.kind, _outbox.c.words)
    .where(_outbox.c.state == bindparam("state"), _outbox.c.settled_at.is_not(None))
    .order_by(_outbox.c.settled_at.desc())
    .limit(1)
)
"""All of these look at an index only: what was settled is never counted."""


@dataclass(frozen=True, slots=True)
class MailQueue:
    """How many mails wait by state, since when the next could have gone, why not, and what failed last.

    `next_words` is what the mail server, or the lack of one, made of that next mail.
    """

    by_state: dict[MailState, int]
    due_since: datetime | None
    next_words: str
    paused_at: datetime | None
    paused_why: str
    failed_at: datetime | None
    failed_kind: str
    failed_words: str

    @property
    def waiting(self) -> int:
        return sum(self.by_state.values())

    @property
    def why_silent(self) -> str:
        return self.paused_why or self.next_words or "no worker has tried to send it."

    def silent_since(self, now: datetime) -> datetime | None:
        """Return since when no mail is sent, None while it goes."""
        return silent_since(self.paused_at, self.due_since, now)


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
    by_state = {row.state: row.mails for row in connection.execute(WAITING_BY_STATE)}
    since, next_words = connection.execute(NEXT_DUE).one_or_none() or (None, "")
    failures = [connection.execute(LAST_OF_STATE, {"state": state}).one_or_none() for state in LOST]
    failed = max(filter(None, failures), key=lambda row: row.settled_at, default=(None, "", ""))
    mail = MailQueue(by_state, since, next_words, paused_at, paused_why, *failed)
    return Health(connection.dialect.name, version, ticked_at, mail)
