"""Acquainting: who of those met is on somebody's list already, and who comes onto it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.formats.people.person import LINE_LIMIT, PersonKnown
from circle.models import Contact
from circle.models.base import as_row, public_id
from circle.rules.errors import ListIsFull
from circle.rules.names import name_key
from circle.services.giving import fellows
from circle.services.inserting import insert_many_once
from circle.services.knowing import keeping, terms

_contact = as_row(Contact)
_BLANKS = ("organisation", "position", "line", "where_met", "email")


@dataclass(slots=True)
class Known:
    """Who is on the list: ids of contacts by the keys of names and of addresses."""

    names: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)

    def of(self, person: PersonKnown) -> int | None:
        """Return who this person is on the list, by name or else by address; None for nobody."""
        return self.names.get(name_key(person.name)) or (
            self.addresses.get(address_key(person.email)) if person.email else None
        )


def contacts_of(
    person_id: int, people: Sequence[PersonKnown], where_met: str, now: datetime, *, keep: bool
) -> Known:
    """Return who of these people is on the list, those who are new put on it if they are to be kept.

    Who sits in a circle with the person stays off it. The list is held; inside a unit of work. Raise
    ListIsFull.
    """
    known = _known(person_id)
    if not keep:
        return known
    _fill_in([(known.of(one), one) for one in people], where_met)
    beside = fellows.of(person_id)
    names = {name_key(one.name) for one in beside}
    addresses = {address_key(one.email) for one in beside}
    fresh = [
        one
        for one in people
        if known.of(one) is None
        and name_key(one.name) not in names
        and address_key(one.email) not in addresses
    ]
    _put_on_list(person_id, fresh, where_met, now)
    return _known(person_id)


def _known(person_id: int) -> Known:
    rows = select(_contact.c.id, _contact.c.name_key, _contact.c.email).where(
        _contact.c.person_id == person_id
    )
    known = Known()
    for contact_id, key, email in db.session.connection().execute(rows).all():
        known.names[key] = contact_id
        if email:
            known.addresses.setdefault(address_key(email), contact_id)
    return known


def _fill_in(met: Iterable[tuple[int | None, PersonKnown]], where_met: str) -> None:
    """Write down of those on the list what was not known yet; what is known stays."""
    by_id = {contact_id: person for contact_id, person in met if contact_id is not None}
    for contact in db.session.scalars(select(Contact).where(Contact.id.in_(by_id)).order_by(Contact.id)):
        told = asdict(by_id[contact.id]) | {"where_met": where_met}
        for column in _BLANKS:
            if not getattr(contact, column):
                setattr(contact, column, told[column])
        contact.line = _with(contact.line, told["line"])
    db.session.flush()
    terms.remember(sorted(by_id))


def _with(line: str, told: str) -> str:
    """Return a line with what was told besides; the line alone where that says nothing new or is too long."""
    both = f"{line.rstrip(' ;.')}; {told}"
    return line if told.casefold() in line.casefold() or len(both) > LINE_LIMIT else both


def _put_on_list(person_id: int, fresh: Sequence[PersonKnown], where_met: str, now: datetime) -> None:
    if not fresh:
        return
    try:
        keeping.refuse_above_limit(person_id, len(fresh))
    except ListIsFull as refusal:
        raise ListIsFull(refusal.sentence, field="keep") from None
    rows = [
        asdict(one)
        | {"person_id": person_id, "name_key": name_key(one.name), "where_met": where_met}
        | {"public_id": public_id(), "created_at": now}
        for one in fresh
    ]
    insert_many_once(Contact, rows)
    keys = [row["name_key"] for row in rows]
    new = select(Contact.id).where(Contact.person_id == person_id, Contact.name_key.in_(keys))
    terms.remember(db.session.scalars(new.order_by(Contact.id)).all())
