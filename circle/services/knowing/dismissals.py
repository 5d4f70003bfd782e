"""Dismissals: whom a giver does not want suggested for a member, for good, for later, or for now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select

from circle.extensions import db
from circle.models import Contact, Dismissal, Membership, Person
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.errors import StalePage
from circle.rules.matching import sparing
from circle.rules.names import first_name, initials
from circle.rules.states import SetAside
from circle.rules.wording import day_words
from circle.services.work import writing

LONGEST_REF = 24

_contact, _dismissal = as_row(Contact), as_row(Dismissal)


@dataclass(frozen=True, slots=True)
class Dismissed:
    """Somebody whom a giver set aside for a member, and for how long, in words."""

    ref: str
    name: str
    words: str

    @property
    def first_name(self) -> str:
        return first_name(self.name)

    @property
    def initials(self) -> str:
        return initials(self.name)


def set_aside(
    giver_id: int, circle_id: int, member_ref: str, contact_ref: str, kind: SetAside, now: datetime
) -> str:
    """Suggest this contact no more for this member, and return the contact's name; raise StalePage."""
    with writing():
        member_id = _member(circle_id, member_ref)
        contact = locked_contact(giver_id, contact_ref)
        _note(giver_id, contact.id, member_id, kind, now)
        return contact.name


def bring_back(giver_id: int, circle_id: int, member_ref: str, contact_ref: str) -> str:
    """Suggest this contact for this member again, and return the contact's name; raise StalePage."""
    with writing() as session:
        member_id = _member(circle_id, member_ref)
        contact = locked_contact(giver_id, contact_ref)
        theirs = _dismissal.c.contact_id == contact.id, _dismissal.c.member_id == member_id
        session.execute(delete(_dismissal).where(*theirs))
        return contact.name


def note_not_now(giver_id: int, contact_id: int, member_id: int, now: datetime) -> None:
    """Note that a contact who was asked said "not now"; inside a unit of work."""
    kept = select(Contact).where(Contact.id == contact_id, Contact.person_id == giver_id)
    if db.session.scalar(kept.with_for_update(key_share=True)):
        _note(giver_id, contact_id, member_id, SetAside.NOT_NOW, now)


def forget_not_now(contact_id: int, member_id: int) -> None:
    """Take back that a contact who was asked said "not now"; inside a unit of work."""
    theirs = _dismissal.c.contact_id == contact_id, _dismissal.c.member_id == member_id
    db.session.execute(delete(_dismissal).where(*theirs, _dismissal.c.kind == SetAside.NOT_NOW))


def of(giver_id: int, circle_id: int, member_ref: str, now: datetime) -> tuple[Dismissed, ...]:
    """Return whom a giver has set aside for a member, the newest first."""
    zone = zones.zone(db.session.get_one(Person, giver_id).zone)
    rows = db.session.connection().execute(
        select(_contact.c.public_id, _contact.c.name, _dismissal.c.kind, _dismissal.c.until)
        .join(_contact, _contact.c.id == _dismissal.c.contact_id)
        .join(Membership, Membership.person_id == _dismissal.c.member_id)
        .where(
            _dismissal.c.person_id == giver_id,
            Membership.circle_id == circle_id,
            Membership.public_id == member_ref[:LONGEST_REF],
            or_(_dismissal.c.until.is_(None), _dismissal.c.until > now),
        )
        .order_by(_dismissal.c.made_at.desc(), _dismissal.c.id.desc())
    )
    return tuple(Dismissed(ref, name, _words(kind, until, zone)) for ref, name, kind, until in rows.all())


def locked_contact(giver_id: int, contact_ref: str) -> Contact:
    """Return a contact of the giver's, locked until the unit of work ends; raise StalePage without one."""
    theirs = Contact.public_id == contact_ref[:LONGEST_REF], Contact.person_id == giver_id
    found = None
    if "\0" not in contact_ref:
        # Two presses of a button come one after the other.
        found = db.session.scalar(select(Contact).where(*theirs).with_for_update(key_share=True))
    if found is None:
        raise StalePage("They are not among the people you know any more.")
    return found


def _words(kind: SetAside, until: datetime | None, zone: ZoneInfo) -> str:
    if until is None:
        return "For good"
    said = "Said not now; comes back" if kind is SetAside.NOT_NOW else "Comes back"
    return f"{said} on {day_words(zones.local_day(until, zone))}"


def _note(giver_id: int, contact_id: int, member_id: int, kind: SetAside, now: datetime) -> None:
    theirs = Dismissal.contact_id == contact_id, Dismissal.member_id == member_id
    noted = db.session.scalar(select(Dismissal).where(*theirs).execution_options(populate_existing=True))
    if noted is None:
        noted = Dismissal(person_id=giver_id, contact_id=contact_id, member_id=member_id)
        db.session.add(noted)
    elif noted.kind is SetAside.FOR_GOOD and kind is SetAside.NOT_NOW:
        return
    noted.kind, noted.made_at, noted.until = kind, now, sparing.until(kind, now)
    db.session.flush()


def _member(circle_id: int, member_ref: str) -> int:
    found = select(Membership.person_id).where(
        Membership.circle_id == circle_id,
        Membership.public_id == member_ref[:LONGEST_REF],
        Membership.left_at.is_(None),
    )
    member_id = db.session.scalar(found)
    if member_id is None:
        raise StalePage("They are not in this circle any more, so nothing was changed.")
    return member_id
