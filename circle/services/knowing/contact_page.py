"""Somebody on the list, with where they stand: introductions, what is planned with them, ideas."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import Commitment, Contact, Idea, Introduction, Membership, Person, Round
from circle.models.base import as_row
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name, initials
from circle.rules.states import CommitmentState
from circle.rules.wording import count_of, day_words
from circle.services.giving.standing import ANSWERABLE

LONGEST_REF = 24

_contact, _introduction = as_row(Contact), as_row(Introduction)
_commitment, _person, _membership = as_row(Commitment), as_row(Person), as_row(Membership)
_round = as_row(Round)


@dataclass(frozen=True, slots=True)
class Made:
    """One introduction with them; `ref` is empty where its circle is no longer one's own."""

    other: str
    day: str
    ref: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Somebody on the list, and where they stand."""

    id: int
    ref: str
    person: PersonKnown
    archived_at: datetime | None
    made: tuple[Made, ...]
    asked_for: tuple[str, ...]
    drafted_for: tuple[str, ...]
    ideas: int

    @property
    def first_name(self) -> str:
        return first_name(self.person.name)

    @property
    def initials(self) -> str:
        return initials(self.person.name)

    @property
    def ideas_words(self) -> str:
        return count_of(self.ideas, "idea")

    @property
    def made_words(self) -> str:
        return f"{'The' if len(self.made) == 1 else 'Each'} introduction you made with {self.first_name}"

    @property
    def stands_somewhere(self) -> bool:
        return bool(self.made or self.asked_for or self.drafted_for or self.ideas)


def read(person_id: int, ref: str) -> ContactPage | None:
    """Read somebody on a person's list; None for anybody who is not on it."""
    row = db.session.execute(
        select(
            _contact.c.id,
            _contact.c.public_id,
            _contact.c.archived_at,
            _contact.c.name,
            _contact.c.organisation,
            _contact.c.position,
            _contact.c.line,
            _contact.c.where_met,
            _contact.c.email,
        ).where(_contact.c.person_id == person_id, _contact.c.public_id == ref[:LONGEST_REF])
    ).one_or_none()
    if row is None:
        return None
    asked, drafted = _planned(row[0], person_id)
    return ContactPage(
        row[0],
        row[1],
        PersonKnown(*row[3:]),
        row[2],
        _made(row[0], person_id),
        asked,
        drafted,
        _ideas(row[0]),
    )


def _made(contact_id: int, person_id: int) -> tuple[Made, ...]:
    mine = (_membership.c.circle_id == _introduction.c.circle_id) & (_membership.c.person_id == person_id)
    rows = db.session.execute(
        select(
            func.coalesce(_person.c.name, _introduction.c.contact_name),
            _introduction.c.made_on,
            _introduction.c.public_id,
            _membership.c.id,
            _introduction.c.other_name,
            _introduction.c.contact_id,
            _introduction.c.circle_id,
        )
        .outerjoin(_person, _person.c.id == _introduction.c.receiver_id)
        .outerjoin(_membership, mine & _membership.c.left_at.is_(None))
        .where(
            or_(_introduction.c.contact_id == contact_id, _introduction.c.other_contact_id == contact_id),
            _introduction.c.withdrawn_at.is_(None),
        )
        .order_by(_introduction.c.made_on.desc(), _introduction.c.id.desc())
    )
    return tuple(
        Made(
            row[4] if row[4] and row[5] == contact_id else row[0],
            f"{day_words(row[1])} {row[1].year}",
            row[2] if row[3] or row[6] is None else "",
        )
        for row in rows
    )


def _planned(contact_id: int, person_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return for whom somebody is being asked, and to whom a draft speaks of them."""
    rows = db.session.execute(
        select(_person.c.name, _commitment.c.state, _commitment.c.drafted_at)
        .join(_person, _person.c.id == _commitment.c.receiver_id)
        .join(_round, _round.c.id == _commitment.c.round_id)
        .where(
            _commitment.c.contact_id == contact_id,
            _commitment.c.giver_id == person_id,
            _commitment.c.state.in_(OUTSTANDING),
            _round.c.state.in_(ANSWERABLE),
        )
        .order_by(_commitment.c.id)
    ).all()
    asked = tuple(name for name, state, _ in rows if state is CommitmentState.ASKING)
    return asked, tuple(name for name, _, drafted_at in rows if drafted_at)


def _ideas(contact_id: int) -> int:
    parked = select(func.count(Idea.id)).where(Idea.contact_id == contact_id, Idea.settled_at.is_(None))
    return db.session.scalar(parked) or 0
