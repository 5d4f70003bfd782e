"""Ideas: parked when they come, brought back when the next round opens, made or dropped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from circle.extensions import db
from circle.models import Circle, Idea, Membership
from circle.models.base import as_row
from circle.rules.errors import BadText
from circle.rules.names import clean_line
from circle.services.giving.commitments import outside_contact
from circle.services.giving.standing import LONGEST_REF
from circle.services.knowing import contacts
from circle.services.work import writing

LIMIT = 300
NOTHING = "Write a name or a line first, or go on without."

_idea = as_row(Idea)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parking:
    """What somebody types of an idea: a contact's name, a line, and the member it is for where it has one."""

    contact_name: str = ""
    words: str = ""
    member_ref: str = ""


def cleaned_words(text: str) -> str:
    """Return the line of an idea as it is kept; raise BadText beside its field."""
    try:
        return clean_line(text, LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="words") from None


def park(
    person_id: int,
    now: datetime,
    *,
    words: str = "",
    contact_name: str = "",
    circle_id: int | None = None,
    member_id: int | None = None,
    contact_id: int | None = None,
) -> None:
    """Keep an idea, once; raise BadName or BadText. Inside a unit of work.

    `contact_name` is somebody new or known; it takes the place of `contact_id`.
    """
    if contact_name:
        name = contacts.contact_name(contact_name)
        contact_id = (
            outside_contact(person_id, circle_id, name, now)
            if circle_id
            else contacts.keep(person_id, name, now)
        )
    if not (words or contact_id):
        raise BadText(NOTHING, field="words")
    facts = {"circle_id": circle_id, "member_id": member_id, "contact_id": contact_id, "words": words}
    same = select(Idea.id).filter_by(person_id=person_id, settled_at=None, **facts)
    if db.session.scalar(same.limit(1)) is None:
        db.session.add(Idea(person_id=person_id, parked_at=now, **facts))


def settle(person_id: int, ref: str, now: datetime) -> bool:
    """Let go of an idea that was made or dropped; False for one that never was."""
    if not ref or "\0" in ref:
        return False
    with writing():
        idea = db.session.scalar(
            select(Idea).where(Idea.public_id == ref[:LONGEST_REF], Idea.person_id == person_id)
        )
        if idea is not None:
            idea.settled_at = idea.settled_at or now
    return idea is not None


def made(giver_id: int, receiver_id: int | None, contact_id: int | None, now: datetime) -> None:
    """Settle the ideas that this introduction has made true. Inside a unit of work."""
    if contact_id is None:
        return
    db.session.execute(
        update(_idea)
        .where(
            _idea.c.person_id == giver_id,
            _idea.c.contact_id == contact_id,
            _idea.c.member_id == receiver_id,
            _idea.c.settled_at.is_(None),
        )
        .values(settled_at=now)
    )


def member_of(person_id: int, ref: str) -> tuple[int, int] | None:
    """Return circle and person of a member one sits in a circle with; None for others."""
    if "\0" in ref:
        return None
    mine = select(Membership.circle_id).where(Membership.person_id == person_id, Membership.left_at.is_(None))
    found = (
        select(Membership.circle_id, Membership.person_id)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(
            Membership.public_id == ref[:LONGEST_REF],
            Membership.circle_id.in_(mine),
            Membership.left_at.is_(None),
            Circle.archived_at.is_(None),
        )
    )
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None
