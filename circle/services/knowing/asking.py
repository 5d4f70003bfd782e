"""Asking: the one question about one contact that helps where little is known, and its answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, union_all

from circle.extensions import db
from circle.models import Contact
from circle.models.base import as_row
from circle.rules.matching.answers import with_answer
from circle.rules.matching.kept import VERSION
from circle.rules.matching.questions import Asked, question
from circle.rules.names import first_name
from circle.services.knowing import terms
from circle.services.knowing.dismissals import LONGEST_REF, locked_contact
from circle.services.work import writing

EACH = 7
"""Contacts considered of each kind of gap; every day begins with another one."""

_contact = as_row(Contact)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One question about one contact of the giver's: "Whom does Lena serve?"."""

    ref: str
    name: str
    asked: Asked
    sentence: str

    @property
    def first_name(self) -> str:
        return first_name(self.name)


def one_question(giver_id: int, now: datetime, fitting: Collection[str] = ()) -> OpenQuestion | None:
    """Return what would help most to know of one of a giver's contacts, None when nothing is missing.

    `fitting` are the refs of contacts who fit somebody already: others are asked about first. The contact
    changes from day to day. One statement.
    """
    lacking: Any = union_all(*(_lacking(giver_id, gap) for gap in Asked))
    rows = db.session.connection().execute(lacking).all()
    begin = now.toordinal() % max(len(rows), 1)
    names = {row[0]: row[1] for row in (*rows[begin:], *rows[:begin])}
    asked = question(names, {row[0]: row[2] for row in rows}, fitting)
    return OpenQuestion(asked.ref, names[asked.ref], asked.asked, asked.sentence) if asked else None


def about(giver_id: int, contact_ref: str, asked: Asked) -> OpenQuestion | None:
    """Return this question about this contact of a giver's, None when they are not there any more."""
    mine = _contact.c.public_id == contact_ref[:LONGEST_REF], _contact.c.person_id == giver_id
    name = db.session.scalar(select(_contact.c.name).where(*mine))
    return OpenQuestion(contact_ref, name, asked, asked.value.format(first_name(name))) if name else None


def answer(giver_id: int, contact_ref: str, asked: Asked, typed: str) -> str:
    """Add an answer to the line about a contact, read it, and return the contact's name.

    Raise BadText, or StalePage when the contact is not there any more.
    """
    with writing() as session:
        contact = locked_contact(giver_id, contact_ref)
        contact.line = with_answer(contact.line, asked, typed)
        session.flush()
        terms.remember([contact.id])
        session.refresh(contact)
        if contact.missing == asked.name:
            # Answered in words the rules make nothing of: asking again would help nobody.
            contact.missing = ""
        return contact.name


def _lacking(giver_id: int, gap: Asked) -> Select[tuple[str, str, str]]:
    newest = (
        select(_contact.c.public_id, _contact.c.name, _contact.c.terms)
        .where(
            _contact.c.person_id == giver_id,
            _contact.c.missing == gap.name,
            _contact.c.archived_at.is_(None),
            _contact.c.terms_version == VERSION,
        )
        .order_by(_contact.c.id.desc())
        .limit(EACH)
        .subquery()
    )
    return select(newest)
