"""Retention: settled mails are forgotten after 90 days, with the news they told."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from circle.extensions import db
from circle.models import News, OutboxMail
from circle.models.base import as_row
from circle.rules.states import MailState
from circle.services.work import end_reading, writing

KEPT = timedelta(days=90)
BATCH = 500
"""Mails forgotten in one unit of work, so that nobody waits long for it."""

SETTLED = [
    state for state in MailState if state not in {MailState.QUEUED, MailState.CLAIMED, MailState.STARTED}
]

_mail, _news = as_row(OutboxMail), as_row(News)


def forget_settled(now: datetime) -> int:
    """Forget a batch of the mails settled more than 90 days ago, wherever they went; return how many."""
    old = (
        select(_mail.c.id)
        .where(_mail.c.state.in_(SETTLED), _mail.c.settled_at < now - KEPT)
        .order_by(_mail.c.settled_at)
        .limit(BATCH)
    )
    ids = db.session.scalars(old).all()
    end_reading()
    if ids:
        with writing() as session:
            # News without its letter would be told again.
            session.execute(delete(_news).where(_news.c.outbox_id.in_(ids)))
            session.execute(delete(_mail).where(_mail.c.id.in_(ids)))
    return len(ids)
