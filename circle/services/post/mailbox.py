"""The mailbox: mails as they stand in the outbox, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from circle.extensions import db
from circle.formats.opened import subject_of
from circle.models import OutboxMail, Person
from circle.models.base import as_row
from circle.rules.states import MailKind, MailState

SHOWN = 200

_mail, _person = as_row(OutboxMail), as_row(Person)


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail of the list; the subject is known once it was written."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: MailState
    words: str
    created_at: datetime
    wire: bytes | None

    @property
    def waiting(self) -> bool:
        return self.state in {MailState.QUEUED, MailState.CLAIMED, MailState.STARTED}


def newest() -> list[Entry]:
    """Return the newest mails."""
    rows = db.session.execute(_ENTRY.order_by(_mail.c.id.desc()).limit(SHOWN)).all()
    return [_entry(row) for row in rows]


def entry(mail_id: int) -> Entry | None:
    """Return one mail, None when there is none."""
    row = db.session.execute(_ENTRY.where(_mail.c.id == mail_id)).one_or_none()
    return _entry(row) if row else None


_ENTRY = select(
    _mail.c.id,
    _mail.c.kind,
    func.coalesce(func.nullif(_mail.c.recipient, ""), _person.c.email, ""),
    _mail.c.state,
    _mail.c.words,
    _mail.c.created_at,
    _mail.c.wire,
).join(_person, _person.c.id == _mail.c.person_id, isouter=True)


def _entry(row: Sequence[Any]) -> Entry:
    mail_id, kind, recipient, state, words, created_at, wire = row
    subject = subject_of(wire) if wire else ""
    return Entry(mail_id, MailKind.named(kind).words, recipient, subject, state, words, created_at, wire)
