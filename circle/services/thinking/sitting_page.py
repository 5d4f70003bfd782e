"""The page of fifteen minutes: the thought one is at, how long is left, and the ideas that are parked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Contact, Idea, Membership, Person, Sitting, Thought
from circle.models.base import as_row
from circle.rules.matching.questions import Asked
from circle.rules.names import first_name, initials
from circle.rules.wording import count_of, listed
from circle.services.knowing import contacts, suggestions
from circle.services.thinking import choosing, parked, sittings
from circle.services.thinking.parked import Parked
from circle.services.thinking.sittings import QUARTER

_person, _membership, _contact = as_row(Person), as_row(Membership), as_row(Contact)


@dataclass(frozen=True, slots=True)
class ThoughtHere:
    """What to think about now: a member, perhaps with somebody who may fit, or a question about a contact."""

    position: int
    of: int
    name: str
    does: str
    serves: str
    interests: str
    wish: str
    contact: str
    contact_line: str
    why: str
    """Why this contact may fit, in one true sentence."""
    question: str
    """What is asked about the contact; empty where it is about a member."""

    @property
    def first_name(self) -> str:
        return first_name(self.name or self.contact) or "Somebody"

    @property
    def initials(self) -> str:
        return initials(self.name or self.contact)


@dataclass(frozen=True, slots=True)
class SittingPage:
    """Where somebody is: at a thought, at the end, or before the beginning."""

    thought: ThoughtHere | None
    began: int
    ends_at: datetime | None
    left: str
    """How long is left, in words."""
    done: str
    """What the quarter of an hour that has just ended brought; empty where none has."""
    ahead: str
    """Of whom one would think next, in words; empty when there is nobody."""
    ideas: tuple[Parked, ...]
    known: tuple[str, ...]


def read(person_id: int, now: datetime) -> SittingPage:
    """Read where somebody is; it changes nothing."""
    last, ideas = sittings.latest(person_id), parked.all_of(person_id)
    if last and sittings.is_running(last, now):
        thought = _thought(last, person_id, now)
        if thought:
            ends_at = last.began_at + QUARTER
            known = tuple(contacts.names_known_by(person_id))
            return SittingPage(
                thought, sittings.mark(last), ends_at, _left(ends_at - now), "", "", ideas, known
            )
    ahead = [one.first_name for one in choosing.choose(person_id, now)]
    done = _done(last, now) if last else ""
    return SittingPage(None, 0, None, "", done, listed(ahead) if ahead else "", ideas, ())


def _thought(sitting: Sitting, person_id: int, now: datetime) -> ThoughtHere | None:
    thoughts = db.session.scalars(
        select(Thought).where(Thought.sitting_id == sitting.id).order_by(Thought.position)
    ).all()
    for thought in thoughts:
        here = None if thought.settled_at else _here(thought, thoughts[-1].position, person_id, now)
        if here:
            return here
    return None


def _here(thought: Thought, of: int, person_id: int, now: datetime) -> ThoughtHere | None:
    """Return a thought as it is to be thought about; None when whom it is about is not here any more."""
    member = _member(thought)
    contact = db.session.get(Contact, thought.contact_id) if thought.contact_id else None
    if (thought.member_id and member is None) or not (member or contact):
        return None
    name, does, serves, interests, wish = member or ("", "", "", "", "")
    question = ""
    if contact and not member:
        asked = Asked[thought.asked] if thought.asked in Asked.__members__ else Asked.SERVES
        question = asked.value.format(first_name(contact.name))
    return ThoughtHere(
        thought.position,
        of,
        *(name, does, serves, interests, wish),
        contact.name if contact else "",
        contact.line if contact else "",
        _why(thought, contact, person_id, now) if member and contact else "",
        question,
    )


def _member(thought: Thought) -> tuple[str, str, str, str, str] | None:
    row = db.session.execute(
        select(_person.c.name, _person.c.does, _person.c.serves, _person.c.interests, _person.c.wish)
        .join(_membership, _membership.c.person_id == _person.c.id)
        .where(
            _person.c.id == thought.member_id,
            _membership.c.circle_id == thought.circle_id,
            _membership.c.left_at.is_(None),
        )
    ).one_or_none()
    return (*row,) if row else None


def _why(thought: Thought, contact: Contact, person_id: int, now: datetime) -> str:
    member_id = thought.member_id or 0
    found = suggestions.suggest(person_id, thought.circle_id or 0, [member_id], now).get(member_id, ())
    return next((one.sentence for one in found if one.ref == contact.public_id), "")


def _done(sitting: Sitting, now: datetime) -> str:
    ended_at = sitting.ended_at or sitting.began_at + QUARTER
    if now - ended_at > QUARTER:
        return ""
    since = select(func.count(Idea.id)).where(
        Idea.person_id == sitting.person_id, Idea.parked_at >= sitting.began_at
    )
    count = db.session.scalar(since) or 0
    return f"You parked {count_of(count, 'idea')}." if count else "Nothing came to mind, and that is fine."


def _left(left: timedelta) -> str:
    minutes = max(1, round(left / timedelta(minutes=1)))
    return f"About {count_of(minutes, 'minute')} left"
