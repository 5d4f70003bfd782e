"""Proof of an address: a mailed link and code, ten minutes, single use, of which only hashes are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.models import SignInRequest
from circle.rules.errors import TooManyAttempts
from circle.rules.states import MailKind, Purpose
from circle.services.post import outbox
from circle.services.together import together
from circle.services.tokens import hashed, new_code, new_token, plain_code

LIFETIME = timedelta(minutes=10)
WINDOW = timedelta(minutes=15)
PER_ADDRESS = 5
PER_ORIGIN = 60
ATTEMPTS = 5
KEPT = timedelta(days=1)

MAILS = {
    Purpose.SIGN_IN: MailKind.SIGN_IN,
    Purpose.CONFIRM: MailKind.SIGN_IN,
    Purpose.NEW_ADDRESS: MailKind.NEW_ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for: a mail to `email` that proves it is theirs, read in this browser."""

    purpose: Purpose
    email: str
    binding: str
    origin: str
    next_url: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a mailed link shows: whom it is for, and whether this browser asked for it."""

    email: str
    purpose: Purpose | None
    person_id: int | None
    bound: bool
    used: bool
    live: bool


def ask(asked: Asked, now: datetime, *, closed: bool = False) -> None:
    """Queue the mail, inside a unit of work; raise TooManyAttempts by address and by origin.

    A closed request costs the same work and is never sent.
    """
    db.session.execute(delete(SignInRequest).where(SignInRequest.expires_at < now - KEPT))
    _refuse_haste(asked, now)
    row = new_request(asked, now, closed=closed)
    outbox.queue(MAILS[asked.purpose], key=f"sign-in:{row.id}", now=now, sign_in_request_id=row.id)


def new_request(asked: Asked, now: datetime, *, closed: bool = False) -> SignInRequest:
    """Add the row of a request, inside a unit of work."""
    row = SignInRequest(
        purpose=asked.purpose,
        email=asked.email,
        email_key=address_key(asked.email),
        person_id=asked.person_id,
        binding_hash=hashed(asked.binding),
        origin=hashed(asked.origin),
        next_url=asked.next_url,
        created_at=now,
        expires_at=now + LIFETIME,
        used_at=now if closed else None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def secrets_for(request_id: int, now: datetime) -> tuple[str, str] | None:
    """Return a fresh link token and code for one try at sending, voiding the former; None drops the mail."""

    def make() -> tuple[str, str] | None:
        row = db.session.scalar(_locked(SignInRequest.id == request_id, *_live(now)))
        return fresh_secrets(row, now) if row else None

    return together(make)


def fresh_secrets(row: SignInRequest, now: datetime) -> tuple[str, str]:
    """Make token and code anew, inside a unit of work; the ten minutes start when the mail leaves."""
    token, code = new_token(), new_code()
    row.token_hash, row.code_hash = hashed(token), hashed(code)
    row.expires_at = now + LIFETIME
    return token, code


def opened(token: str, binding: str, now: datetime) -> Opened | None:
    """Return what a mailed link shows, changing nothing; None for a link that never was or is forgotten."""
    row = db.session.scalar(select(SignInRequest).where(SignInRequest.token_hash == hashed(token)))
    if row is None:
        return None
    live = row.used_at is None and row.expires_at > now and row.attempts < ATTEMPTS
    return Opened(row.email, row.purpose, row.person_id, _bound(row, binding), row.used_at is not None, live)


def by_link(
    token: str, now: datetime, *clauses: ColumnElement[bool], binding: str, code: str
) -> SignInRequest | None:
    """Spend a link inside a unit of work: in the browser that asked, or with the code of the same mail."""
    rows = _usable(now, SignInRequest.token_hash == hashed(token), *clauses)
    if rows and binding and _bound(rows[0], binding):
        return _spent(rows[0], now)
    return _by_code(rows, code, now)


def by_signed_in_link(token: str, now: datetime, *clauses: ColumnElement[bool]) -> SignInRequest | None:
    """Spend a link inside a unit of work for the person whose session the clauses name."""
    rows = _usable(now, SignInRequest.token_hash == hashed(token), *clauses)
    return _spent(rows[0], now) if rows else None


def by_code(code: str, now: datetime, *clauses: ColumnElement[bool]) -> SignInRequest | None:
    """Spend a typed code among the requests meant, inside a unit of work; a miss counts against each."""
    return _by_code(_usable(now, *clauses), code, now)


def _by_code(rows: list[SignInRequest], code: str, now: datetime) -> SignInRequest | None:
    typed = hashed(plain_code(code[:100]))
    hit = next((row for row in rows if compare_digest(row.code_hash or "", typed)), None)
    if hit:
        return _spent(hit, now)
    for row in rows:
        row.attempts += 1
    return None


def _spent(row: SignInRequest, now: datetime) -> SignInRequest:
    row.used_at = now
    return row


def _bound(row: SignInRequest, binding: str) -> bool:
    return compare_digest(row.binding_hash, hashed(binding))


def _usable(now: datetime, *clauses: ColumnElement[bool]) -> list[SignInRequest]:
    rows = list(db.session.scalars(_locked(*clauses, *_live(now))))
    usable = [row for row in rows if row.attempts < ATTEMPTS]
    if rows and not usable:
        raise TooManyAttempts("That was tried several times. Please ask for a new mail.", field="code")
    return usable


def _live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignInRequest.used_at.is_(None), SignInRequest.expires_at > now


def _locked(*clauses: ColumnElement[bool]) -> Any:
    return select(SignInRequest).where(*clauses).order_by(SignInRequest.id).with_for_update()


def _refuse_haste(asked: Asked, now: datetime) -> None:
    if db.engine.dialect.name == "postgresql":
        # Requests of one address count one after the other; SQLite has one writer anyway.
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(address_key(asked.email)))))
    since = SignInRequest.created_at > now - WINDOW
    same_address = SignInRequest.email_key == address_key(asked.email)
    same_origin = SignInRequest.origin == hashed(asked.origin)
    if _count(same_address, since) >= PER_ADDRESS or _count(same_origin, since) >= PER_ORIGIN:
        raise TooManyAttempts(field="email")


def _count(*clauses: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(SignInRequest).where(*clauses)) or 0
