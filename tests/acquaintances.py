"""People whom the cast know, as tests speak of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select

from circle.extensions import db
from circle.models import Contact
from circle.models.base import as_row, public_id
from circle.rules.matching import people
from circle.rules.names import name_key
from circle.services.knowing import terms
from circle.services.work import writing
from tests.cast import NOON


def know(person_id: int, *known: people.Contact, now: datetime = NOON, **columns: object) -> list[int]:
    """Let somebody know these people, their texts read; return the ids in the same order."""
    with writing():
        ids = put_down(person_id, known, now=now, **columns)
        terms.remember(ids)
    return ids


def put_down(
    person_id: int, known: Iterable[people.Contact], *, now: datetime = NOON, **columns: object
) -> list[int]:
    """Put people on somebody's list whose texts nobody has read yet; inside a unit of work."""
    rows = [
        {
            "public_id": public_id(),
            "person_id": person_id,
            "name": each.name,
            "name_key": name_key(each.name),
            "organisation": each.organisation,
            "position": each.position,
            "line": each.line,
            "created_at": now,
            "where_met": "",
            "email": "",
            "terms": "",
            "terms_version": "",
            "missing": "",
            **columns,
        }
        for each in known
    ]
    db.session.execute(insert(as_row(Contact)), rows)
    found = select(Contact.name_key, Contact.id).where(Contact.person_id == person_id)
    ids = {key: contact_id for key, contact_id in db.session.execute(found)}  # noqa: C416 - rows are not pairs to dict()
    return [ids[row["name_key"]] for row in rows]
