"""A change of address: asked for with a fresh code, confirmed by the mail sent to the new one."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from circle.extensions import db
from circle.formats.addresses import address_key, read_address
from circle.models import Person, SignInRequest
from circle.rules.errors import AddressTaken, BadAddress, CodeRefused, StalePage
from circle.rules.states import Purpose
from circle.services.door import proofs, sessions
from circle.services.door.proofs import Asked
from circle.services.door.sessions import Viewer
from circle.services.post import dead_addresses
from circle.services.work import writing


def ask(viewer: Viewer, email: str, *, origin: str, now: datetime) -> str:
    """Send a link and code to the new address and return it; raise BadAddress, StalePage, TooManyAttempts."""
    address = read_address(email)
    if not sessions.recently_confirmed(viewer.confirmed_at, now):
        raise StalePage("Please confirm once more that it is you, then change the address.")
    if address_key(address) == address_key(viewer.email):
        raise BadAddress("That is your address already.", field="email")
    with writing():
        # Signed in counts as the binding: only the person who asked can confirm.
        proofs.ask(Asked(Purpose.NEW_ADDRESS, address, "", origin, "", viewer.person_id), now)
    return address


def by_code(viewer: Viewer, code: str, now: datetime) -> str:
    """Take the new address by the mailed code and return it; raise CodeRefused, AddressTaken."""
    with writing():
        row = proofs.by_code(code, now, *_asked_by(viewer))
        taken = _take(viewer, row, now)
    return _told(row, taken)


def by_link(viewer: Viewer, token: str, now: datetime) -> str:
    """Take the new address by the mailed link and return it; raise CodeRefused, AddressTaken."""
    with writing():
        row = proofs.by_signed_in_link(token, now, *_asked_by(viewer))
        taken = _take(viewer, row, now)
    return _told(row, taken)


def _asked_by(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return SignInRequest.purpose == Purpose.NEW_ADDRESS, SignInRequest.person_id == viewer.person_id


def _take(viewer: Viewer, row: SignInRequest | None, now: datetime) -> bool:
    """Move the person unless the address is somebody else's; say whether it is."""
    if row is None:
        return False
    if db.session.scalar(select(Person.id).where(Person.email_key == row.email_key)):
        return True
    person = db.session.get_one(Person, viewer.person_id)
    _void_mails_to(person.email_key, now)
    person.email, person.email_key = row.email, row.email_key
    dead_addresses.mend(person.id)
    sessions.end_others(viewer.person_id, viewer.session_id)
    return False


def _void_mails_to(email_key: str, now: datetime) -> None:
    # A link still on its way to the old address would sign in a new, empty person.
    live = (SignInRequest.email_key == email_key, SignInRequest.used_at.is_(None))
    db.session.execute(update(SignInRequest).where(*live).values(used_at=now))


def _told(row: SignInRequest | None, taken: bool) -> str:
    if row is None:
        raise CodeRefused(field="code")
    if taken:
        raise AddressTaken(
            "Somebody already signs in here with this address. Choose another one.", field="code"
        )
    return row.email
