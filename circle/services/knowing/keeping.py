"""Keeping: who is on somebody's list, what is written down of them, and who rests in its archive."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from circle.extensions import db
from circle.formats.addresses import read_address
from circle.formats.people.person import (
    LINE_LIMIT,
    ORGANISATION_LIMIT,
    POSITION_LIMIT,
    WHERE_MET_LIMIT,
    PersonKnown,
)
from circle.models import Contact, Introduction, Person
from circle.models.base import public_id
from circle.rules.errors import AlreadyKnown, BadText, ListIsFull, StalePage
from circle.rules.names import clean_line, clean_name, name_key
from circle.services.inserting import insert_once
from circle.services.knowing import contacts, terms
from circle.services.work import hold_circles_of, writing

GONE = "This person is not on your list any more."
_LIMITS = {
    "organisation": ORGANISATION_LIMIT,
    "position": POSITION_LIMIT,
    "line": LINE_LIMIT,
    "where_met": WHERE_MET_LIMIT,
}


def add(person_id: int, typed: PersonKnown, now: datetime) -> str:
    """Put somebody on the list and return their public id; the same press again changes nothing.

    Raise BadName, BadText, BadAddress, AlreadyKnown or ListIsFull.
    """
    person = _cleaned(typed)
    key, ref = name_key(person.name), public_id()
    with writing():
        hold(person_id)
        if known := _named(person_id, key):
            return _the_same(known, person)
        refuse_above_limit(person_id, 1)
        row = asdict(person) | {"person_id": person_id, "name_key": key, "created_at": now, "public_id": ref}
        if not insert_once(Contact, **row):
            # A log kept the name in this very moment.
            raise _already_known(person.name)
        terms.remember([_id_of(person_id, ref)])
    return ref


def edit(person_id: int, ref: str, typed: PersonKnown) -> None:
    """Write down what is known of somebody; another name is theirs in introductions too.

    Raise BadName, BadText, BadAddress, AlreadyKnown, or StalePage once they are gone.
    """
    person = _cleaned(typed)
    try:
        with writing():
            contact = locked(person_id, ref)
            key = name_key(person.name)
            if key != contact.name_key and (known := _named(person_id, key)):
                raise _already_known(known.name, known)
            if person.name != contact.name:
                rename(contact.id, person.name)
            for column, text in asdict(person).items():
                setattr(contact, column, text)
            contact.name_key = key
            db.session.flush()
            terms.remember([contact.id])
    except IntegrityError:
        raise _already_known(person.name) from None


def write_down(person_id: int, name: str, texts: Mapping[str, str]) -> None:
    """Write down of somebody on the list what is not empty; a line is added to what was known before.

    Raise BadText beside its field.
    """
    said = {field: line for field, line in _lines(texts).items() if line}
    if not said:
        return
    with writing():
        hold(person_id)
        if contact := _named(person_id, name_key(name)):
            said["line"] = _added(contact.line, said.get("line", ""))
            for field, line in said.items():
                setattr(contact, field, line)
            db.session.flush()
            terms.remember([contact.id])


def refuse_too_long(texts: Mapping[str, str]) -> None:
    """Raise BadText beside the first field that holds too much."""
    _lines(texts)


def archive(person_id: int, ref: str, now: datetime) -> str:
    """Keep somebody without suggesting them any more, and return their name; raise StalePage."""
    return _rest(person_id, ref, now)


def unarchive(person_id: int, ref: str) -> str:
    """Take somebody back out of the archive, and return their name; raise StalePage."""
    return _rest(person_id, ref, None)


def hold(person_id: int) -> None:
    """Let nobody else change this person's list until the unit of work ends."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def locked(person_id: int, ref: str) -> Contact:
    """Lock somebody on the list with every circle in which they may stand; raise StalePage."""
    hold_circles_of(person_id)
    hold(person_id)
    contact = db.session.scalar(
        select(Contact).where(Contact.public_id == ref, Contact.person_id == person_id)
    )
    if contact is None:
        raise StalePage(GONE)
    return contact


def rename(contact_id: int, name: str) -> None:
    """Give a contact this name in every introduction, at both ends; inside a unit of work."""
    for column, values in (
        (Introduction.contact_id, {"contact_name": name}),
        (Introduction.other_contact_id, {"other_name": name}),
    ):
        db.session.execute(update(Introduction).where(column == contact_id).values(values))


def refuse_above_limit(person_id: int, more: int) -> None:
    """Raise ListIsFull when so many more would be too many; the list is held."""
    held = db.session.scalar(select(func.count(Contact.id)).where(Contact.person_id == person_id)) or 0
    if held + more > contacts.MOST:
        raise ListIsFull(full_words(held, more))


def full_words(held: int, more: int) -> str:
    """Say that so many more do not go on a list that holds so many."""
    free = max(contacts.MOST - held, 0)
    room = f"There is room for {free:,} more, and here are {more:,}. " if free else ""
    return f"A list holds {contacts.MOST:,} people, and yours has {held:,}. {room}Erase some first."


def _rest(person_id: int, ref: str, since: datetime | None) -> str:
    with writing() as session:
        mine = select(Contact).where(Contact.public_id == ref, Contact.person_id == person_id)
        contact = session.scalar(mine.with_for_update())
        if contact is None:
            raise StalePage(GONE)
        if (contact.archived_at is None) != (since is None):
            contact.archived_at = since
        return contact.name


def _cleaned(typed: PersonKnown) -> PersonKnown:
    lines = _lines({field: getattr(typed, field) for field in _LIMITS})
    email = read_address(typed.email) if typed.email.strip() else ""
    return replace(typed, name=clean_name(typed.name), email=email, **lines)


def _added(known: str, said: str) -> str:
    """Return a line with what is said now behind it; where both are too long for it, what was known stays."""
    whole = "; ".join(part.rstrip(" ;") for part in (known, said) if part)
    return known if said in known or len(whole) > LINE_LIMIT else whole


def _lines(texts: Mapping[str, str]) -> dict[str, str]:
    return {field: _line(field, text, _LIMITS[field]) for field, text in texts.items()}


def _line(field: str, text: str, limit: int) -> str:
    try:
        return clean_line(text, limit)
    except BadText as refusal:
        raise BadText(refusal.sentence, field=field) from None


def _named(person_id: int, key: str) -> Contact | None:
    return db.session.scalar(select(Contact).where(Contact.person_id == person_id, Contact.name_key == key))


def _id_of(person_id: int, ref: str) -> int:
    mine = select(Contact.id).where(Contact.public_id == ref, Contact.person_id == person_id)
    return db.session.execute(mine).scalar_one()


def _the_same(known: Contact, person: PersonKnown) -> str:
    """Return who is known just so already; raise AlreadyKnown for somebody else of that name."""
    if all(getattr(known, column) == text for column, text in asdict(person).items()):
        return known.public_id
    raise _already_known(known.name, known)


def _already_known(name: str, known: Contact | None = None) -> AlreadyKnown:
    where = "in your archive" if known is not None and known.archived_at else "on your list"
    return AlreadyKnown(
        f"{name} is {where} already. If this is somebody else, add to the name what tells them apart.",
        field="name",
        ref=known.public_id if known is not None else "",
    )
