"""The site about itself: when the worker last passed, and whether mail waits for the operator."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update

from circle.extensions import db
from circle.models import OutboxMail, Site
from circle.models.base import as_row
from circle.services.inserting import insert_once
from circle.services.work import end_reading, writing

ONLY = 1
TICK_KEPT = timedelta(seconds=20)
MAIL_RETRY = timedelta(minutes=5)
SILENT_AFTER = timedelta(minutes=30)
"""When no mail can be sent for this long, organisers and operators are told."""

_site, _mail = as_row(Site), as_row(OutboxMail)

PAUSED_AT = select(_site.c.mail_paused_at).where(_site.c.id == ONLY)
IS_PAUSED = exists().where(_site.c.id == ONLY, _site.c.mail_paused_at.is_not(None))
_PAUSE = select(_site.c.mail_paused_at, _site.c.mail_retry_at).where(
    _site.c.id == ONLY, _site.c.mail_paused_at.is_not(None)
)
DUE_AT = select(func.min(_mail.c.try_at)).where(_mail.c.try_at.is_not(None))
"""Since when the mail that comes next could have gone: one look at the index, however many wait."""


def record_tick(now: datetime) -> None:
    """Remember that the worker passed; written at most every 20 seconds."""
    last = db.session.execute(select(_site.c.ticked_at).where(_site.c.id == ONLY)).scalar_one_or_none()
    end_reading()
    if last is None or abs(now - last) >= TICK_KEPT:
        with writing():
            _change(ticked_at=now)


def tries_one(now: datetime) -> bool:
    """Say whether one mail may be tried although mail is paused: one every 5 minutes. In a unit of work."""
    # The row is locked only while mail is paused: else all workers would wait for each other here.
    pause = _pause() and _pause(lock=True)
    if not pause or (pause.mail_retry_at and pause.mail_retry_at > now):
        return False
    _change(mail_retry_at=now + MAIL_RETRY)
    return True


def silent_since(paused_at: datetime | None, due_at: datetime | None, now: datetime) -> datetime | None:
    """Return since when no mail is sent, None while it goes: it is paused, or what is due goes nowhere."""
    if paused_at:
        return paused_at
    return due_at if due_at and now - due_at > SILENT_AFTER else None


def try_mail_again() -> None:
    """Let the next mail be tried at once, as a worker that starts may have been given new settings."""
    paused = _pause()
    end_reading()
    if paused:
        with writing():
            _change(mail_retry_at=None)


def pause_mail(why: str, now: datetime) -> None:
    """Hold all mail back, with the reason for the operator. Inside a unit of work."""
    paused_at = db.session.execute(select(_site.c.mail_paused_at).where(_site.c.id == ONLY)).scalar()
    _change(mail_paused_at=paused_at or now, mail_paused_why=why[:300], mail_retry_at=now + MAIL_RETRY)


def resume_mail() -> None:
    """Let mail go again. Inside a unit of work."""
    _change(mail_paused_at=None, mail_paused_why="", mail_retry_at=None)


def _pause(*, lock: bool = False) -> Any:
    """Return since when mail is paused and when it is tried next, None while it goes."""
    paused = _PAUSE.with_for_update() if lock else _PAUSE
    return db.session.connection().execute(paused).one_or_none()


def _change(**values: object) -> None:
    insert_once(Site, id=ONLY)
    db.session.execute(update(_site).where(_site.c.id == ONLY).values(**values))
