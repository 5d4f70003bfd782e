"""The outbox: mails queued with what caused them, claimed by one worker at a time, and settled."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from circle.extensions import db
from circle.models import OutboxMail
from circle.models.base import as_row
from circle.rules.states import MailKind, MailState
from circle.services.inserting import insert_once
from circle.services.post import dead_addresses, news
from circle.services.post.claims import FACTS, Claimed, ClaimLost, claimed
from circle.services.running import site
from circle.services.work import end_reading, writing

LEASE = timedelta(minutes=10)
"""Longer than all deadlines of one try together, so that nobody claims what is still being sent."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

MAY_NOT_HAVE_ARRIVED = "It was being sent when the worker stopped: it may not have arrived."
RAN_OUT = "It could not be sent in time."

AT_MOST_ONCE = [kind.key for kind in MailKind if kind.at_most_once]
SECRET = frozenset({MailKind.SIGN_IN, MailKind.NEW_ADDRESS})
"""Mails that hold a secret: their bytes are never kept, each try makes a fresh one."""

_mail = as_row(OutboxMail)


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
    if not _anything(_is_due(now)):
        return None
    with writing():
        return _claim(now, lease)


def due_count(now: datetime) -> int:
    """Return how many mails could be claimed now."""
    count = db.session.execute(select(func.count()).select_from(_mail).where(_is_due(now))).scalar_one()
    end_reading()
    return int(count)


def facts(mail_id: int) -> Claimed | None:
    """Return what a mail is about without claiming it, None when there is no such mail."""
    row = db.session.execute(select(*FACTS).where(_mail.c.id == mail_id)).one_or_none()
    return replace(claimed(row), claim="") if row else None


def start(mail: Claimed, wire: bytes, recipient: str, now: datetime, lease: timedelta = LEASE) -> None:
    """Record that the bytes are about to go out, and keep them; raise ClaimLost when it is another's."""
    kept = None if mail.kind in SECRET else wire
    with writing():
        changed = _change(mail, state=MailState.STARTED, wire=kept, recipient=recipient, try_at=now + lease)
        if not changed:
            raise ClaimLost


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

    With `news_waits` what it was to tell is kept for the next letter. When `address_is_dead` no more mail
    goes there. Here and below `claim_next` is the
    lease of another mail to be claimed and returned in the same unit of work.
    """
    with writing():
        _settle(mail, state, words, now, **more)
        if address_is_dead:
            dead_addresses.note(str(more["recipient"]), words, now)
        if news_waits or address_is_dead:
            news.untell([mail.id], now)
        if state in {MailState.SENT, MailState.UNKNOWN}:
            site.resume_mail()
        if state is MailState.SENT and mail.person_id:
            dead_addresses.mend(mail.person_id)
        return _claim(now, claim_next)


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
    with writing():
        if next_try >= mail.expires_at:
            _settle(mail, MailState.EXPIRED, f"{RAN_OUT} {words}", now)
            news.untell([mail.id], now)
        else:
            _change(mail, state=MailState.QUEUED, claim=None, try_at=next_try, words=words[:300], **kept)
        return _claim(now, claim_next)


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
    if not _anything(and_(_mail.c.try_at <= now, _is_over(now))):
        return 0
    with writing():
        lost = _settle_all(_is_cut_off(), MailState.UNKNOWN, MAY_NOT_HAVE_ARRIVED, now)
        late = _settle_all(_mail.c.expires_at <= now, MailState.EXPIRED, RAN_OUT, now)
        news.untell(late, now)
        return len(lost) + len(late)


def _claim(now: datetime, lease: timedelta | None) -> Claimed | None:
    if lease is None or not site.may_send(now):
        return None
    oldest = select(_mail.c.id).where(_is_due(now)).order_by(_mail.c.try_at, _mail.c.id).limit(1)
    row = db.session.execute(
        update(_mail)
        .where(_mail.c.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(
            state=MailState.CLAIMED,
            claim=secrets.token_hex(16),
            try_at=now + lease,
            attempts=_mail.c.attempts + 1,
        )
        .returning(*FACTS)
    ).one_or_none()
    return claimed(row) if row else None


def _anything(which: ColumnElement[bool]) -> bool:
    # Looked up without the lock that writing takes: most passes find nothing to do.
    found = db.session.execute(select(_mail.c.id).where(which).limit(1)).first() is not None
    end_reading()
    return found


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(_mail.c.try_at <= now, not_(_is_over(now)))


def _is_over(now: datetime) -> ColumnElement[bool]:
    return or_(_mail.c.expires_at <= now, _is_cut_off())


def _is_cut_off() -> ColumnElement[bool]:
    return and_(_mail.c.state == MailState.STARTED, _mail.c.kind.in_(AT_MOST_ONCE))


def _settle_all(which: ColumnElement[bool], state: MailState, words: str, now: datetime) -> Sequence[int]:
    return (
        db.session.execute(
            update(_mail)
            .where(_mail.c.try_at <= now, which)
            .values(state=state, words=words, settled_at=now, try_at=None, claim=None, wire=None)
            .returning(_mail.c.id)
        )
        .scalars()
        .all()
    )


def _settle(mail: Claimed, state: MailState, words: str, now: datetime, **more: Any) -> None:
    closed = {"settled_at": now, "try_at": None, "claim": None, "wire": None}
    _change(mail, state=state, words=words[:300], **(closed | more))


def _change(mail: Claimed, *also: ColumnElement[bool], **values: Any) -> bool:
    mine = (_mail.c.id == mail.id, _mail.c.claim == mail.claim, *also)
    result = db.session.execute(update(_mail).where(*mine).values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined] # a statement that writes has a row count


def _wait(attempts: int) -> timedelta:
    doubled: int = 2 ** min(attempts, 10)
    longest = min(FIRST_WAIT * doubled, LONGEST_WAIT)
    # Spread out, so that all that failed together does not come back together.
    return longest * (0.5 + secrets.randbelow(1000) / 2000)
