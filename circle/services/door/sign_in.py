"""Sign-in: one mail, two ways in, and the session that follows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from circle.extensions import db
from circle.formats.addresses import address_key, read_address
from circle.models import Invitation, Person, Session, SignInRequest
from circle.rules.devices import device as named_device
from circle.rules.errors import BadAddress, CodeRefused
from circle.rules.states import Purpose
from circle.services.door import people, proofs
from circle.services.door.proofs import Asked
from circle.services.door.sessions import ABSOLUTE, IDLE
from circle.services.membership import seats
from circle.services.tokens import hashed, new_token
from circle.services.work import writing

secrets_for = proofs.secrets_for


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: what its cookie holds, whose it is, whether they have a name yet, where to go next."""

    sid: str
    person_id: int
    named: bool
    next_url: str


def request(email: str, *, binding: str, origin: str, next_url: str, may_join: bool, now: datetime) -> None:
    """Ask for a sign-in mail; the same work for a known and an unknown address.

    Raise BadAddress and TooManyAttempts. An unknown address that may not join gets no mail.
    """
    address = read_address(email)
    with writing():
        known = _person_id(address)
        asked = Asked(Purpose.SIGN_IN, address, binding, origin, next_url)
        proofs.ask(asked, now, closed=known is None and not may_join)


def is_invited(invitation_ref: str, now: datetime) -> bool:
    """Say whether an invitation with this public id holds a seat."""
    held = select(Invitation.id).where(Invitation.public_id == invitation_ref, *seats.pending(now))
    return db.session.scalar(held) is not None


def confirm(person_id: int, *, binding: str, origin: str, next_url: str, now: datetime) -> str:
    """Ask for a fresh code before something that matters; return the address it goes to."""
    with writing() as session:
        email = session.get_one(Person, person_id).email
        proofs.ask(Asked(Purpose.CONFIRM, email, binding, origin, next_url, person_id), now)
    return email


def by_link(
    token: str, binding: str, now: datetime, *, code: str = "", device: str = "", former: str = ""
) -> SignedIn:
    """Sign in by the mailed link, in the browser that asked or with its code; raise CodeRefused.

    `former` is the session this browser had; it ends.
    """
    with writing():
        row = proofs.by_link(token, now, _lets_in(), binding=binding, code=code)
        signed = _sign_in(row, device, former, now) if row else None
    return _let_in(signed)


def by_code(code: str, binding: str, now: datetime, *, device: str = "", former: str = "") -> SignedIn:
    """Sign in by the mailed code, typed in the browser that asked; raise CodeRefused, TooManyAttempts."""
    with writing():
        row = proofs.by_code(code, now, _lets_in(), SignInRequest.binding_hash == hashed(binding))
        signed = _sign_in(row, device, former, now) if row else None
    return _let_in(signed)


def operator_secrets(email: str, now: datetime) -> tuple[str, str]:
    """Return link token and code for the operator to hand on; raise BadAddress for an unknown address."""
    address = read_address(email)
    with writing():
        if _person_id(address) is None:
            raise BadAddress("Nobody here signs in with this address. To begin: flask circle start EMAIL")
        row = proofs.new_request(Asked(Purpose.SIGN_IN, address, new_token(), "operator"), now)
        return proofs.fresh_secrets(row, now)


def start_session(person_id: int, device: str, now: datetime, *, former: str = "") -> str:
    """Open a session for somebody who has just proved who they are; return what the cookie holds."""
    with writing():
        _end(former)
        return open_session(person_id, device, now)


def open_session(person_id: int, device: str, now: datetime) -> str:
    """Open a session inside a unit of work, and forget the person's sessions that ran out."""
    ran_out = (Session.used_at <= now - IDLE) | (Session.created_at <= now - ABSOLUTE)
    db.session.execute(delete(Session).where(Session.person_id == person_id, ran_out))
    sid = new_token()
    moments = {"created_at": now, "used_at": now, "confirmed_at": now}
    db.session.execute(update(Person).where(Person.id == person_id).values(seen_at=now))
    db.session.add(Session(person_id=person_id, sid_hash=hashed(sid), device=named_device(device), **moments))
    return sid


def _sign_in(row: SignInRequest, device: str, former: str, now: datetime) -> SignedIn:
    # Who confirms may have changed their address meanwhile; their row is still theirs.
    asked_by = db.session.get(Person, row.person_id) if row.person_id else None
    person = asked_by or people.person_for(row.email, now)
    _end(former)
    return SignedIn(open_session(person.id, device, now), person.id, bool(person.name), row.next_url)


def _let_in(signed: SignedIn | None) -> SignedIn:
    # Raised after the unit of work, so that the failed attempt stays counted.
    if signed is None:
        raise CodeRefused(field="code")
    return signed


def _lets_in() -> ColumnElement[bool]:
    return SignInRequest.purpose.in_((Purpose.SIGN_IN, Purpose.CONFIRM))


def _end(sid: str) -> None:
    db.session.execute(delete(Session).where(Session.sid_hash == hashed(sid)))


def _person_id(email: str) -> int | None:
    return db.session.scalar(select(Person.id).where(Person.email_key == address_key(email)))
