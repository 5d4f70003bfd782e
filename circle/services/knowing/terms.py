"""Terms: what the texts about contacts speak of, kept beside them, and read anew when the rules change."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, insert, or_, select, update

from circle.extensions import db
from circle.models import Contact, ContactTerm
from circle.models.base import as_row
from circle.rules.matching import people
from circle.rules.matching.kept import VERSION, kept_terms
from circle.rules.matching.questions import missing
from circle.rules.matching.suggestions import keys
from circle.services.work import end_reading, writing

BATCH = 200
"""Contacts read anew in one unit of work, so that nobody waits long for it."""
CHUNK = 500
"""Contacts a statement speaks of."""

_contact, _term = as_row(Contact), as_row(ContactTerm)
_texts = select(
    *(_contact.c[name] for name in ("id", "person_id", "name", "organisation", "position", "line"))
)


def remember(contact_ids: Iterable[int]) -> None:
    """Read what the texts about these contacts speak of, and keep it; inside the caller's unit of work.

    To be called whenever name, organisation, position or line have changed. A few statements for hundreds.
    """
    waiting = iter(contact_ids)
    while ids := list(islice(waiting, CHUNK)):
        # Whoever changes a text meanwhile waits, and reads it again.
        locked = _texts.where(_contact.c.id.in_(ids)).order_by(_contact.c.id)
        _write([(row, _read(row)) for row in db.session.execute(locked.with_for_update(key_share=True))])


def columns(contact: people.Contact) -> dict[str, str]:
    """Return what a contact's row keeps of its texts."""
    kept = kept_terms(contact)
    gap = missing(kept)
    return {"terms": kept, "terms_version": VERSION, "missing": gap.name if gap else ""}


def contacts_to_renew() -> bool:
    """Say whether there are contacts whose terms other rules have read."""
    found = db.session.scalar(select(_contact.c.id).where(_of_other_rules()).limit(1)) is not None
    end_reading()
    return found


def renew() -> int:
    """Read a batch of the contacts anew whose terms other rules have read; return how many."""
    if not contacts_to_renew():
        return 0
    due = _texts.where(_of_other_rules()).order_by(_contact.c.id).limit(BATCH)
    rows = db.session.execute(due).all()
    end_reading()
    # Reading takes most of the time, and nobody who writes may wait for it.
    read = {tuple(row): _read(row) for row in rows}
    with writing() as session:
        # What another worker has in hand is left to it, and what was changed meanwhile has been read.
        same = _texts.where(_contact.c.id.in_([row.id for row in rows]), _of_other_rules())
        locked = session.execute(same.with_for_update(skip_locked=True, key_share=True)).all()
        _write(fresh := [(row, read[tuple(row)]) for row in locked if tuple(row) in read])
    return len(fresh)


def _read(row: Row[Any]) -> dict[str, str]:
    return columns(people.Contact(row.name, row.organisation, row.position, row.line))


def _write(read: Sequence[tuple[Row[Any], dict[str, str]]]) -> None:
    if not read:
        return
    db.session.execute(_keep, [{"of": row.id, **kept} for row, kept in read])
    db.session.execute(delete(_term).where(_term.c.contact_id.in_([row.id for row, _ in read])))
    found = [
        {"contact_id": row.id, "key": key, "person_id": row.person_id}
        for row, kept in read
        for key in keys(kept["terms"])
    ]
    if found:
        db.session.execute(insert(_term), found)


_keep = (
    update(_contact)
    .where(_contact.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("terms", "terms_version", "missing")})
)


def _of_other_rules() -> ColumnElement[bool]:
    # "Unequal" would look at every contact; before and after are found in the index.
    return or_(_contact.c.terms_version < VERSION, _contact.c.terms_version > VERSION)
