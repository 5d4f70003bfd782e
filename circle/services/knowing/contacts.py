"""Contacts: people somebody knows, private to that person, as other rooms speak of them."""

from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Contact, Membership, Person
from circle.models.base import public_id
from circle.rules.alphabet import sort_key
from circle.rules.errors import BadName
from circle.rules.matching import people
from circle.rules.names import SOMEONE, clean_name, name_key
from circle.services.inserting import insert_once
from circle.services.knowing import terms

FIELD = "contact_name"
NAMES_OFFERED = 200
"""Names that stand in a page for a field to offer; a list of thousands would weigh more than all the rest."""
MOST = 5_000
"""Contacts a person may keep in all; only what is logged is kept beyond."""

OFFERED = 300
"""Names a page offers while one is typed; the page of the whole list has the rest."""


def contact_name(typed: str) -> str:
    """Return a contact's name made clean; raise BadName beside the contact's field."""
    try:
        return clean_name(typed)
    except BadName as refusal:
        raise BadName(refusal.sentence, field=FIELD) from None


def keep(person_id: int, name: str, now: datetime) -> int:
    """Keep somebody a person knows and return the contact's id, the kept one's where there is one."""
    key = name_key(name)
    # Two logs of one person in two circles may add the same name at one moment.
    insert_once(
        Contact,
        person_id=person_id,
        name=name,
        name_key=key,
        created_at=now,
        public_id=public_id(),
        # A name alone is found under nothing.
        **terms.columns(people.Contact(name)),
    )
    kept = select(Contact.id).where(Contact.person_id == person_id, Contact.name_key == key)
    return db.session.execute(kept).scalar_one()


def keep_unless_erased(person_id: int, name: str, now: datetime) -> int | None:
    """Keep whom an introduction names and return the contact's id; None where they were erased."""
    return None if name == SOMEONE else keep(person_id, name, now)


def as_noted(contact_id: int) -> people.Contact:
    """Return what a person noted about somebody they know."""
    texts = select(Contact.name, Contact.organisation, Contact.position, Contact.line)
    return people.Contact(*db.session.execute(texts.where(Contact.id == contact_id)).one())


def is_fellow_member(circle_id: int, name: str) -> bool:
    """Say whether somebody who sits in the circle has this name."""
    names = db.session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.circle_id == circle_id, Membership.left_at.is_(None))
    )
    return name_key(name) in {name_key(member) for member in names}


def names_known_by(person_id: int) -> list[str]:
    """List the names to be offered while somebody types one: at most 300, those not imported first."""
    names = db.session.scalars(
        select(Contact.name)
        .where(Contact.person_id == person_id, Contact.archived_at.is_(None))
        .order_by(Contact.import_id.is_not(None), Contact.id.desc())
        .limit(OFFERED)
    )
    return sorted(names, key=sort_key)
