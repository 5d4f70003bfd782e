"""Imports: a file of people is brought, looked at, and then kept or given up; nothing is half done."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.formats.people import reading
from circle.formats.people.columns import Column, Mapping
from circle.formats.people.person import PersonKnown
from circle.formats.people.reading import PeopleRead
from circle.models import Contact, ContactImport
from circle.models.base import as_row, public_id
from circle.rules.errors import CannotReadFile, OtherColumns, StalePage
from circle.rules.names import name_key
from circle.services.inserting import insert_many_once
from circle.services.knowing import keeping, terms
from circle.services.work import end_reading, writing

KEPT_FOR = timedelta(days=1)
"""How long a file waits to be looked at."""
READ_AT_ONCE = 50
"""So many are read for what they speak of while everybody waits; the worker reads a longer list after it."""
GONE = "This file is not here any more. Bring it once more."
CHANGED = "The columns were changed meanwhile, in another window. Here is how they are taken now."
NOBODY_NEW = "There is nobody new in this file, so nothing was kept."

_contact = as_row(Contact)


def bring(person_id: int, file_name: str, file: bytes, now: datetime) -> str:
    """Hold a file until it is looked at, in place of one held before, and return its public id.

    Without a file name it is what somebody pasted. Raise CannotReadFile.
    """
    # A long file is read for a second, and nobody who writes may wait for that.
    end_reading()
    read(file_name, file, None, ())
    with writing() as session:
        keeping.hold(person_id)
        held = session.scalar(_waiting(person_id))
        if held is not None and held.file == file and held.file_name == file_name:
            return held.public_id
        session.execute(delete(ContactImport).where(*_is_waiting(person_id)))
        brought = ContactImport(person_id=person_id, file_name=file_name, file=file, uploaded_at=now)
        session.add(brought)
        session.flush()
        return brought.public_id


def take_columns(person_id: int, ref: str, mapping: Mapping) -> None:
    """Note what the columns of a file hold; raise StalePage once it is kept or gone."""
    with writing():
        held = of_person(person_id, ref)
        if held is None or held.file is None:
            raise StalePage(GONE)
        held.columns = written_down(mapping)


def keep(person_id: int, ref: str, now: datetime, shown: Mapping | None = None) -> int:
    """Put everybody new in a file on the list and return how many; a second time changes nothing.

    `shown`: how the page has the columns. Raise OtherColumns when it is not as they were taken, StalePage
    or ListIsFull.
    """
    held = of_person(person_id, ref)
    if held is None or held.file is None:
        return _kept_before(held)
    columns, before = held.columns, known(person_id)
    end_reading()
    found = read(held.file_name, held.file, taken(columns), before)
    if shown and found.columns and shown != found.columns.mapping:
        raise OtherColumns
    rows = [_row(person_id, person, held.id, now) for person in found.people]
    with writing() as session:
        keeping.hold(person_id)
        held = session.scalar(_one(person_id, ref).with_for_update())
        if held is None or held.file is None:
            return _kept_before(held)
        if held.columns != columns:
            raise StalePage(CHANGED)
        fresh = _new_ones(rows, known(person_id))
        if not fresh:
            raise StalePage(NOBODY_NEW)
        keeping.refuse_above_limit(person_id, len(fresh))
        insert_many_once(Contact, fresh)
        ids = session.scalars(select(Contact.id).where(Contact.import_id == held.id)).all()
        held.people, held.kept_at, held.file, held.columns = len(ids), now, None, ""
        if len(ids) <= READ_AT_ONCE:
            terms.remember(ids)
        return len(ids)


def give_up(person_id: int, ref: str) -> None:
    """Let go of a file that was not kept."""
    with writing() as session:
        session.execute(delete(ContactImport).where(ContactImport.public_id == ref, *_is_waiting(person_id)))


def forget_waiting(now: datetime) -> int:
    """Let go of files that nobody looked at for a day, and return how many."""
    old = (ContactImport.kept_at.is_(None), ContactImport.uploaded_at < now - KEPT_FOR)
    ids = db.session.scalars(select(ContactImport.id).where(*old)).all()
    end_reading()
    if ids:
        with writing() as session:
            session.execute(delete(ContactImport).where(ContactImport.id.in_(ids), *old))
    return len(ids)


def read(
    file_name: str, file: bytes, mapping: Mapping | None, known_before: Collection[tuple[str, str]]
) -> PeopleRead:
    """Read a file, or what was pasted where it has no name; raise CannotReadFile beside its field."""
    try:
        if file_name:
            return reading.read_people(file, known_before, mapping)
        return reading.read_pasted(file.decode("utf-8", errors="replace"), known_before, mapping)
    except CannotReadFile as refusal:
        raise CannotReadFile(refusal.sentence, field="file" if file_name else "pasted") from None


def known(person_id: int) -> list[tuple[str, str]]:
    """Return key and address of everybody on somebody's list."""
    rows = select(_contact.c.name_key, _contact.c.email).where(_contact.c.person_id == person_id)
    return [(key, email) for key, email in db.session.connection().execute(rows)]


def is_there(person_id: int, ref: str) -> bool:
    """Say whether this person has such an import."""
    return db.session.scalar(_one(person_id, ref).with_only_columns(ContactImport.id)) is not None


def of_person(person_id: int, ref: str) -> ContactImport | None:
    """Return an import of this person; None for any other."""
    return db.session.scalar(_one(person_id, ref))


def taken(columns: str) -> Mapping | None:
    """Return what a person said the columns hold; None where the guess stands."""
    if not columns:
        return None
    return Mapping(tuple(Column(one) if one else None for one in columns.split(",")))


def written_down(mapping: Mapping) -> str:
    """Return a mapping as it is stored."""
    return ",".join(column.value if column else "" for column in mapping.columns)


def _one(person_id: int, ref: str) -> Select[ContactImport]:
    return select(ContactImport).where(ContactImport.public_id == ref, ContactImport.person_id == person_id)


def _waiting(person_id: int) -> Select[ContactImport]:
    return select(ContactImport).where(*_is_waiting(person_id)).order_by(ContactImport.id.desc()).limit(1)


def _is_waiting(person_id: int) -> tuple[Any, ...]:
    return ContactImport.person_id == person_id, ContactImport.kept_at.is_(None)


def _kept_before(held: ContactImport | None) -> int:
    if held is None:
        raise StalePage(GONE)
    return held.people


def _row(person_id: int, person: PersonKnown, import_id: int, now: datetime) -> dict[str, Any]:
    return asdict(person) | {
        "public_id": public_id(),
        "person_id": person_id,
        "name_key": name_key(person.name),
        "created_at": now,
        "import_id": import_id,
    }


def _new_ones(rows: list[dict[str, Any]], known_now: Collection[tuple[str, str]]) -> list[dict[str, Any]]:
    """Leave out who came onto the list since the file was read."""
    keys = {key for key, _ in known_now}
    emails = {address_key(email) for _, email in known_now if email}
    return [row for row in rows if row["name_key"] not in keys and address_key(row["email"]) not in emails]
