"""Recaps: who has got the one of a round, and taking back those that have not gone out."""

from datetime import datetime

from sqlalchemy import delete, select

from circle.extensions import db
from circle.models import OutboxMail
from circle.models.base import as_row
from circle.rules.states import MailKind, MailState
from circle.services.post import news

NOT_GONE_OUT = (MailState.QUEUED, MailState.CLAIMED, MailState.DROPPED)

_mail = as_row(OutboxMail)


def forget_unsent(round_id: int, now: datetime) -> None:
    """Forget the recaps of which nothing has gone out, so that the next closing writes them anew.

    Inside a unit of work. A worker that is writing one just now loses its claim.
    """
    unsent = select(_mail.c.id).where(
        _mail.c.round_id == round_id,
        _mail.c.kind == MailKind.RECAP.key,
        _mail.c.state.in_(NOT_GONE_OUT),
        _mail.c.wire.is_(None),
    )
    ids = db.session.scalars(unsent.with_for_update()).all()
    news.untell(ids, now)
    db.session.execute(delete(_mail).where(_mail.c.id.in_(ids)))


def readers(round_id: int) -> set[int]:
    """Return the people a recap of a round was written to."""
    written = select(_mail.c.person_id).where(
        _mail.c.round_id == round_id, _mail.c.kind == MailKind.RECAP.key
    )
    return {person_id for person_id in db.session.scalars(written) if person_id is not None}
