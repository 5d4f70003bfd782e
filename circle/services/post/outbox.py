"""The outbox: mails queued with what caused them, claimed by one worker at a time, and settled."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from circle.extensions import db
from circle.models import OutboxMail
from circle.models.base import as_row
from circle.rules.states import MailKind, MailState
from circle.services.inserting import insert_once
from circle.services.post import claims, days, dead_addresses, news
from circle.services.post.claims import Claimed, ClaimLost
from circle.services.running import site
from circle.services.together import together
from circle.services.work import end_reading, writing

LEASE = timedelta(minutes=10)
"""Longer than all deadlines of one try together, so that nobody claims what is still being sent."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

MAY_NOT_HAVE_ARRIVED = "It was being sent when the worker stopped: it may not have arrived."
RAN_OUT = "It could not be sent in time."

SECRET = frozenset({MailKind.SIGN_IN, MailKind.NEW_ADDRESS})
"""Mails that hold a secret: their bytes are never kept, each try makes a fresh one."""

_mail = as_row(OutboxMail)


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that the mail server took, and its words and the moment: not noted yet."""

    mail: Claimed
    recipient: str
    words: str
    at: datetime


def queue(kind: MailKind, *, key: str, now: datetime, **about: int | str | None) -> bool:
    """Queue a mail unless one with this key is there; True when it is new. Inside a unit of work.

    `about` sets the columns that say what it is about, and who had it sent with which line.
    """
    return insert_once(
        OutboxMail,
        kind=kind.key,
        dedupe_key=key,
        **about,
        message_id=secrets.token_hex(16),
        created_at=now,
        expires_at=now + timedelta(hours=kind.worth_hours),
        state=MailState.QUEUED,
        try_at=now,
    )


def claim(now: datetime, lease: timedelta = LEASE) -> Claimed | None:
    """Claim the mail that has waited longest; None when nothing is due or mail is paused."""
    if not _anything(claims.DUE, now):
        return None
    return together(lambda: _claim(now, lease))


def due_count(now: datetime) -> int:
    """Return how many mails could be claimed now."""
    count = db.session.scalar(select(func.count()).select_from(_mail).where(claims.IS_DUE), {"now": now})
    end_reading()
    return count or 0


def start(
    mail: Claimed,
    wire: bytes,
    recipient: str,
    now: datetime,
    lease: timedelta = LEASE,
    *,
    before: Sent | None = None,
    claim_next: timedelta | None = None,
) -> Claimed | None:
    """Record that the bytes are about to go out, and keep them; raise ClaimLost when it is another's.

    The mail that was sent before is closed in the same unit of work. Here and below `claim_next` is the lease
    of another mail to be claimed in it too, and returned.
    """
    begun = {"state": MailState.STARTED, "recipient": recipient, "try_at": now + lease}
    kept = None if mail.kind in SECRET else wire

    def begin() -> Claimed | None:
        if before:
            _settle_sent(before)
        if not _change(mail, **begun, wire=kept):
            raise ClaimLost
        return _claim(now, claim_next)

    return together(begin)


def note(sent: Sent) -> None:
    """Close a mail that was sent, without any other beside it; doing it twice changes nothing."""
    together(lambda: _settle_sent(sent))


def settle(
    mail: Claimed,
    state: MailState,
    words: str,
    now: datetime,
    *,
    news_waits: bool = False,
    address_is_dead: bool = False,
    claim_next: timedelta | None = None,
    **more: Any,
) -> Claimed | None:
    """Close a mail for good and forget its bytes, unless `wire` is given to be kept.

    With `news_waits` the next letter tells what it was to tell; where `address_is_dead` no more mail goes.
    """

    def close() -> Claimed | None:
        _settle(mail, state, words, now, **more)
        if address_is_dead:
            dead_addresses.note(str(more["recipient"]), words, now)
        if news_waits or address_is_dead:
            news.untell([mail.id], now)
        return _claim(now, claim_next)

    return together(close)


def put_off(
    mail: Claimed,
    words: str,
    now: datetime,
    *,
    may_have_arrived: bool = False,
    claim_next: timedelta | None = None,
) -> Claimed | None:
    """Try again later, each time after a longer wait; expired when that would be too late.

    The bytes of this try are kept only if it may have arrived: else the next one writes what is true then.
    """
    kept = {} if may_have_arrived else {"wire": mail.wire}
    next_try = now + _wait(mail.attempts)

    def wait() -> Claimed | None:
        if next_try >= mail.expires_at:
            _settle(mail, MailState.EXPIRED, f"{RAN_OUT} {words}", now)
            news.untell([mail.id], now)
        else:
            _change(mail, state=MailState.QUEUED, claim=None, try_at=next_try, words=words[:300], **kept)
        return _claim(now, claim_next)

    return together(wait)


def hold_back(mail: Claimed, why: str, now: datetime) -> None:
    """Pause all mail until the operator has mended a setting; this one waits with the others."""
    with writing():
        waits = {"state": MailState.QUEUED, "claim": None, "try_at": now, "wire": mail.wire}
        _change(mail, **waits, words=why[:300], attempts=mail.attempts - 1)
        site.pause_mail(why, now)


def give_back(mail: Claimed, words: str = "") -> bool:
    """Let a mail of which nothing has gone out wait on in its old place; False once its DATA has begun."""
    waits = {"state": MailState.QUEUED, "claim": None, "try_at": mail.created_at}
    said = {"words": words[:300]} if words else {}
    with writing():
        untouched = _mail.c.state == MailState.CLAIMED
        return _change(mail, untouched, **waits, **said, attempts=mail.attempts - 1)


def sweep(now: datetime) -> int:
    """Settle what has run out, and reminders cut off while being sent; return how many."""
    if not _anything(_OVER, now):
        return 0
    with writing():
        lost = _settle_all(claims.IS_CUT_OFF, MailState.UNKNOWN, MAY_NOT_HAVE_ARRIVED, now)
        late = _settle_all(_mail.c.expires_at <= claims.NOW, MailState.EXPIRED, RAN_OUT, now)
        news.untell(late, now)
        return len(lost) + len(late)


_OVER = select(_mail.c.id).where(_mail.c.try_at <= claims.NOW, claims.IS_OVER)
_MINE = update(_mail).where(_mail.c.id == bindparam("mail_id"), _mail.c.claim == bindparam("held"))
_CLOSED = _MINE.returning(site.IS_PAUSED.label("paused"), dead_addresses.IS_REFUSED.label("refused"))
"""Made once: to make a statement takes longer than to run it."""


def _claim(now: datetime, lease: timedelta | None) -> Claimed | None:
    mail = claims.take(now, lease) if lease else None
    if mail:
        days.take_in(mail, now)
    return mail


def _anything(which: Select[tuple[int]], now: datetime) -> bool:
    # Looked up without the lock that writing takes: most passes find nothing to do.
    found = db.session.connection().execute(which.limit(1), {"now": now}).first() is not None
    end_reading()
    return found


def _settle_all(which: ColumnElement[bool], state: MailState, words: str, now: datetime) -> Sequence[int]:
    closing = update(_mail).where(_mail.c.try_at <= claims.NOW, which).returning(_mail.c.id)
    closed = {"state": state, "words": words, "settled_at": now, "try_at": None, "claim": None, "wire": None}
    return db.session.scalars(closing.values(closed), {"now": now}).all()


def _settle_sent(sent: Sent) -> None:
    _settle(sent.mail, MailState.SENT, sent.words, sent.at, recipient=sent.recipient)


def _settle(mail: Claimed, state: MailState, words: str, now: datetime, **more: Any) -> None:
    closed = {"settled_at": now, "try_at": None, "claim": None, "wire": None} | more
    whose = {"mail_id": mail.id, "held": mail.claim, "whose": mail.person_id}
    found = db.session.connection().execute(_CLOSED, whose | closed | {"state": state, "words": words[:300]})
    is_mine = found.one_or_none()
    # The mail server took one: what kept others back is over.
    if is_mine and is_mine.paused and state in {MailState.SENT, MailState.UNKNOWN}:
        site.resume_mail()
    if is_mine and is_mine.refused and state is MailState.SENT and mail.person_id:
        dead_addresses.mend(mail.person_id)


def _change(mail: Claimed, *also: ColumnElement[bool], **values: Any) -> bool:
    mine = _MINE.where(*also) if also else _MINE
    changed = db.session.connection().execute(mine, {"mail_id": mail.id, "held": mail.claim, **values})
    return bool(changed.rowcount)


def _wait(attempts: int) -> timedelta:
    doubled: int = 2 ** min(attempts, 10)
    longest = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    # Spread out, so that all that failed together does not come back together.
    return longest * (0.5 + secrets.randbelow(1000) / 2000)
