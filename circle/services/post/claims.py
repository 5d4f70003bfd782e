"""Claims: what a worker holds while it tries to send one mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from circle.models import OutboxMail
from circle.models.base import as_row
from circle.rules.states import MailKind
from circle.services.together import Refused

_mail = as_row(OutboxMail)


class ClaimLost(Refused):
    """Another worker has claimed the mail meanwhile."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this worker alone may send until its lease runs out; `token` makes its Message-ID."""

    id: int
    claim: str
    kind: MailKind
    person_id: int | None
    circle_id: int | None
    round_id: int | None
    invitation_id: int | None
    sign_in_request_id: int | None
    token: str
    created_at: datetime
    expires_at: datetime
    attempts: int
    recipient: str
    wire: bytes | None
    by_id: int | None = None
    note: str = ""


FACTS = (
    _mail.c.id,
    _mail.c.claim,
    _mail.c.kind,
    _mail.c.person_id,
    _mail.c.circle_id,
    _mail.c.round_id,
    _mail.c.invitation_id,
    _mail.c.sign_in_request_id,
    _mail.c.message_id,
    _mail.c.created_at,
    _mail.c.expires_at,
    _mail.c.attempts,
    _mail.c.recipient,
    _mail.c.wire,
    _mail.c.by_id,
    _mail.c.note,
)


def claimed(row: Any) -> Claimed:
    """Return what a row of FACTS says."""
    return Claimed(row.id, row.claim or "", MailKind.named(row.kind), *row[3:])
