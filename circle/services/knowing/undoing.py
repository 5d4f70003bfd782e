"""Undoing an import: whom it brought leaves the list again, but for those who stand somewhere by now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, select

from circle.extensions import db
from circle.models import Commitment, Contact, ContactImport, Idea, Introduction
from circle.rules.errors import StalePage
from circle.services.knowing import imports, keeping
from circle.services.work import hold_circles_of, writing


@dataclass(frozen=True, slots=True)
class Staying:
    """Somebody who stays on the list, and why."""

    ref: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an import would do: how many leave, and who stays."""

    file_name: str
    kept_at: datetime
    leaving: int
    staying: tuple[Staying, ...]

    @property
    def leaving_words(self) -> str:
        return "One person leaves" if self.leaving == 1 else f"{self.leaving:,} people leave"

    @property
    def staying_words(self) -> str:
        return "One stays" if len(self.staying) == 1 else f"{len(self.staying):,} stay"


def look(person_id: int, ref: str) -> Undoing | None:
    """Say what undoing an import would do; None unless it is this person's and kept."""
    held = imports.of_person(person_id, ref)
    return _undoing(held, held.kept_at) if held is not None and held.kept_at else None


def undo(person_id: int, ref: str) -> Undoing:
    """Take off the list whom an import brought, and return what was done; raise StalePage once undone."""
    with writing() as session:
        hold_circles_of(person_id)
        keeping.hold(person_id)
        held = imports.of_person(person_id, ref)
        if held is None or held.kept_at is None:
            raise StalePage("This import is undone already.")
        done = _undoing(held, held.kept_at)
        staying = _standing(person_id)
        session.execute(
            delete(Contact).where(Contact.import_id == held.id, Contact.id.not_in([*staying])),
            execution_options={"synchronize_session": False},
        )
        session.execute(delete(ContactImport).where(ContactImport.id == held.id))
        return done


def _undoing(held: ContactImport, kept_at: datetime) -> Undoing:
    standing = _standing(held.person_id)
    rows = db.session.execute(
        select(Contact.id, Contact.public_id, Contact.name)
        .where(Contact.import_id == held.id, Contact.id.in_([*standing]))
        .order_by(Contact.name_key)
    )
    staying = tuple(Staying(ref, name, standing[contact_id]) for contact_id, ref, name in rows)
    brought = db.session.scalar(select(func.count(Contact.id)).where(Contact.import_id == held.id)) or 0
    return Undoing(held.file_name, kept_at, brought - len(staying), staying)


def _standing(person_id: int) -> dict[int, str]:
    """Return who stands in an introduction, a plan or an idea of this person, with the words for it."""
    places = (
        ("an idea", Idea.contact_id, and_(Idea.person_id == person_id, Idea.settled_at.is_(None))),
        ("a draft or question", Commitment.contact_id, Commitment.giver_id == person_id),
        ("an introduction", Introduction.other_contact_id, Introduction.giver_id == person_id),
        ("an introduction", Introduction.contact_id, Introduction.giver_id == person_id),
    )
    return {
        contact_id: words
        for words, column, mine in places
        for contact_id in db.session.scalars(select(column).where(mine, column.is_not(None)))
        if contact_id is not None
    }
