"""Sittings: a quarter of an hour is begun, taken one thought at a time, and is over."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import exists, select

from circle.extensions import db
from circle.models import Contact, Membership, Person, Sitting, Thought
from circle.rules.errors import BadName, BadText, StalePage
from circle.rules.matching.questions import Asked
from circle.services.knowing import asking
from circle.services.thinking import choosing, ideas
from circle.services.thinking.ideas import Parking
from circle.services.work import writing

QUARTER = timedelta(minutes=15)
NOTHING_PARKED = Parking()
OVER = "That quarter of an hour is over. Begin another one when you like."


def begin(person_id: int, now: datetime) -> bool:
    """Begin fifteen minutes, or go on with those that run; False when there is nobody to think of."""
    chosen = choosing.choose(person_id, now)
    with writing() as session:
        _hold(person_id)
        last = latest(person_id)
        if last and is_running(last, now) and _anything_left(last):
            return True
        if not chosen:
            return False
        if last and last.ended_at is None:
            last.ended_at = min(now, last.began_at + QUARTER)
        sitting = Sitting(person_id=person_id, began_at=now)
        session.add(sitting)
        session.flush()
        session.add_all(
            Thought(
                sitting_id=sitting.id,
                position=position,
                circle_id=one.circle_id,
                member_id=one.member_id,
                contact_id=one.contact_id,
                asked=one.asked,
            )
            for position, one in enumerate(chosen, 1)
        )
        return True


def go_on(person_id: int, began: int, position: int, now: datetime) -> None:
    """Leave a thought for another day; raise StalePage once another sitting has begun."""
    with writing():
        _hold(person_id)
        _settle(*_thought(person_id, began, position), now)


def park(person_id: int, began: int, position: int, parking: Parking, now: datetime) -> None:
    """Park an idea that came with a thought, and go on to the next one. What comes late is kept too.

    Raise BadName, BadText, or StalePage once another sitting has begun.
    """
    words = ideas.cleaned_words(parking.words)
    with writing():
        _hold(person_id)
        sitting, thought = _thought(person_id, began, position)
        if thought.settled_at is not None:
            return
        whom = ideas.member_of(person_id, parking.member_ref) if parking.member_ref else None
        circle_id, member_id = whom or (thought.circle_id, thought.member_id)
        if thought.asked and not (whom or words):
            raise BadText("Choose a member or write a line first, or go on without.", field="words")
        ideas.park(
            person_id,
            now,
            words=words,
            contact_name=parking.contact_name.strip(),
            circle_id=circle_id,
            member_id=member_id,
            contact_id=thought.contact_id if thought.asked else None,
        )
        _settle(sitting, thought, now)


def answer(
    person_id: int, began: int, position: int, typed: str, now: datetime, parking: Parking = NOTHING_PARKED
) -> None:
    """Keep what somebody knows about the contact who is asked about, and an idea typed beside it.

    Raise BadText or StalePage.
    """
    ideas.cleaned_words(parking.words)
    _, thought = _thought(person_id, began, position)
    if thought.settled_at is not None:
        return
    ref, gap = _contact_ref(thought), thought.asked
    if not ref or gap not in Asked.__members__:
        raise StalePage("This question is not asked any more.")
    try:
        asking.answer(person_id, ref, Asked[gap], typed)
    except (BadText, BadName) as refusal:
        raise BadText(refusal.sentence, field="answer") from None
    if parking == NOTHING_PARKED:
        go_on(person_id, began, position, now)
    else:
        park(person_id, began, position, parking, now)


def finish(person_id: int, now: datetime) -> None:
    """End the quarter of an hour that runs."""
    with writing():
        last = latest(person_id)
        if last and last.ended_at is None:
            last.ended_at = now


def latest(person_id: int) -> Sitting | None:
    """Return somebody's latest sitting."""
    theirs = select(Sitting).where(Sitting.person_id == person_id)
    return db.session.scalar(theirs.order_by(Sitting.began_at.desc(), Sitting.id.desc()).limit(1))


def is_running(sitting: Sitting, now: datetime) -> bool:
    """Say whether a sitting goes on: it has not been ended, and its time is not over."""
    return sitting.ended_at is None and now < sitting.began_at + QUARTER


def mark(sitting: Sitting) -> int:
    """Return what tells this sitting of a person from their others."""
    return int(sitting.began_at.astimezone(UTC).timestamp())


def _anything_left(sitting: Sitting) -> bool:
    """Say whether there is still something to think about: who left a circle is passed over."""
    here = exists().where(
        Membership.circle_id == Thought.circle_id,
        Membership.person_id == Thought.member_id,
        Membership.left_at.is_(None),
    )
    asked = Thought.member_id.is_(None) & Thought.contact_id.is_not(None)
    left = select(Thought.id).where(
        Thought.sitting_id == sitting.id, Thought.settled_at.is_(None), here | asked
    )
    return db.session.scalar(left.limit(1)) is not None


def _hold(person_id: int) -> None:
    """Let two presses of one person come one after the other."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _thought(person_id: int, began: int, position: int) -> tuple[Sitting, Thought]:
    sitting = latest(person_id)
    if sitting is None or mark(sitting) != began:
        raise StalePage(OVER)
    thought = db.session.scalar(
        select(Thought).where(Thought.sitting_id == sitting.id, Thought.position == position)
    )
    if thought is None:
        raise StalePage(OVER)
    return sitting, thought


def _settle(sitting: Sitting, thought: Thought, now: datetime) -> None:
    thought.settled_at = thought.settled_at or now
    db.session.flush()
    left = select(Thought.id).where(Thought.sitting_id == sitting.id, Thought.settled_at.is_(None))
    if sitting.ended_at is None and (
        not is_running(sitting, now) or db.session.scalar(left.limit(1)) is None
    ):
        sitting.ended_at = now


def _contact_ref(thought: Thought) -> str | None:
    return db.session.scalar(select(Contact.public_id).where(Contact.id == thought.contact_id))
