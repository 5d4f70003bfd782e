"""Claims: what a worker holds while it tries to send one mail."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, not_, or_, select, update

from circle.extensions import db
from circle.models import OutboxMail
from circle.models.base import UtcDateTime, as_row
from circle.rules.states import MailKind, MailState
from circle.services.running import site
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


_FACTS = (
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


AT_MOST_ONCE = [kind.key for kind in MailKind if kind.at_most_once]
NOW = bindparam("now", type_=UtcDateTime)
IS_CUT_OFF = and_(_mail.c.state == MailState.STARTED, _mail.c.kind.in_(AT_MOST_ONCE))
IS_OVER = or_(_mail.c.expires_at <= NOW, IS_CUT_OFF)
IS_DUE = and_(_mail.c.try_at <= NOW, not_(IS_OVER))

DUE = select(_mail.c.id).where(IS_DUE)
_OLDEST = DUE.order_by(_mail.c.try_at, _mail.c.id).limit(1).with_for_update(skip_locked=True)
_TAKEN = update(_mail).values(attempts=_mail.c.attempts + 1).returning(*_FACTS)
_TAKE = _TAKEN.where(_mail.c.id == _OLDEST.where(not_(site.IS_PAUSED)).scalar_subquery())
_TAKE_WHILE_PAUSED = _TAKEN.where(_mail.c.id == _OLDEST.scalar_subquery())
"""Made once: to make a statement takes longer than to run it."""


def take(now: datetime, lease: timedelta) -> Claimed | None:
    """Claim the mail that has waited longest, None when none is due or mail is paused. In a unit of work."""
    held = {"state": MailState.CLAIMED, "claim": secrets.token_hex(16), "try_at": now + lease, "now": now}
    row = db.session.connection().execute(_TAKE, held).one_or_none()
    if row is None and site.tries_one(now):
        row = db.session.connection().execute(_TAKE_WHILE_PAUSED, held).one_or_none()
    return _claimed(row) if row else None


def facts(mail_id: int) -> Claimed | None:
    """Return what a mail is about without claiming it, None when there is no such mail."""
    row = db.session.execute(select(*_FACTS).where(_mail.c.id == mail_id)).one_or_none()
    return replace(_claimed(row), claim="") if row else None


def _claimed(row: Any) -> Claimed:
    return Claimed(row.id, row.claim or "", MailKind.named(row.kind), *row[3:])
