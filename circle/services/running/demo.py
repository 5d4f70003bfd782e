"""The demo circle: made in one stroke as if its rounds had run, and erased in one."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.models import (
    Circle,
    Commitment,
    Contact,
    Introduction,
    Membership,
    OutboxMail,
    Person,
    SignInRequest,
)
from circle.rules.states import Role
from circle.services.knowing import contacts, terms
from circle.services.running import demo_known, demo_rounds
from circle.services.running import demo_story as story
from circle.services.work import writing

PUBLIC_ID = "demo"
HERE_SINCE = timedelta(days=150)


def make(now: datetime) -> int:
    """Make the demo circle unless it is there, and return the person id of its organiser."""
    organiser = _organiser()
    if organiser is None:
        _make(now)
        organiser = _organiser()
    if organiser is None:
        raise RuntimeError("the demo circle was erased in the moment it was made")
    return organiser


def remove() -> bool:
    """Erase the demo circle, its people and everything of theirs; say whether there was any."""
    with writing():
        return _erase()


def _make(now: datetime) -> None:
    try:
        with writing():
            # What is left of a demo that somebody archived or took apart.
            _erase()
            circle, people = _seat_everybody(now)
            demo_rounds.play(circle, people, now)
            _write_down_whom_they_know(people, now)
            db.session.execute(delete(OutboxMail).where(OutboxMail.circle_id == circle.id))
    except IntegrityError:
        # Another browser made it in the same moment.
        return


def _organiser() -> int | None:
    return db.session.scalar(
        select(Membership.person_id)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(
            Circle.public_id == PUBLIC_ID,
            Circle.archived_at.is_(None),
            Membership.role == Role.ORGANISER,
            Membership.left_at.is_(None),
        )
        .order_by(Membership.id)
        .limit(1)
    )


def _seat_everybody(now: datetime) -> tuple[Circle, list[Person]]:
    since = now - HERE_SINCE
    circle = Circle(
        public_id=PUBLIC_ID,
        name=story.CIRCLE_NAME,
        zone=story.ZONE,
        charter=story.CHARTER,
        created_at=since,
    )
    people = [_person(told, since) for told in story.PEOPLE]
    db.session.add_all([circle, *people])
    db.session.flush()
    for seat, person in enumerate(people, 1):
        role = Role.ORGANISER if seat == 1 else Role.MEMBER
        place = {"circle_id": circle.id, "person_id": person.id, "seat": seat}
        db.session.add(Membership(role=role, joined_at=since, **place))
    db.session.flush()
    return circle, people


def _person(told: story.DemoPerson, since: datetime) -> Person:
    return Person(
        email=told.email,
        email_key=address_key(told.email),
        name=told.name,
        zone=story.ZONE,
        does=told.does,
        serves=told.serves,
        interests=told.interests,
        wish=told.wish,
        wish_at=since,
        forwardable=told.forwardable,
        created_at=since,
        demo=True,
    )


def _write_down_whom_they_know(people: list[Person], now: datetime) -> None:
    since = now - HERE_SINCE
    known = [(who, one) for who, known in zip(people, demo_known.KNOWN, strict=True) for one in known]
    ids = [contacts.keep(who.id, one.name, since) for who, one in known]
    rows = [
        {
            "id": contact_id,
            "organisation": one.organisation,
            "position": one.position,
            "line": one.line,
            "where_met": one.where_met,
            "archived_at": since if one.name in demo_known.RESTING else None,
        }
        for contact_id, (_, one) in zip(ids, known, strict=True)
    ]
    db.session.execute(update(Contact), rows)
    terms.remember(ids)


def _erase() -> bool:
    """Erase inside a unit of work; circles in which a demo person met real ones keep those."""
    people = list(db.session.scalars(select(Person.id).where(Person.demo)))
    found = db.session.scalar(select(Circle.id).where(Circle.public_id == PUBLIC_ID)) is not None
    if not people and not found:
        return False
    theirs = exists().where(Membership.circle_id == Circle.id, Membership.person_id.in_(people))
    others = exists().where(Membership.circle_id == Circle.id, Membership.person_id.not_in(people))
    for what in (
        delete(Circle).where(or_(Circle.public_id == PUBLIC_ID, theirs & ~others)),
        delete(Introduction).where(_either_end(Introduction, people)),
        delete(Commitment).where(_either_end(Commitment, people)),
        delete(SignInRequest).where(SignInRequest.email_key.endswith(".invalid")),
        delete(Person).where(Person.id.in_(people)),
    ):
        db.session.execute(what, execution_options={"synchronize_session": False})
    return True


def _either_end(model: type[Introduction] | type[Commitment], people: list[int]) -> ColumnElement[bool]:
    return or_(model.giver_id.in_(people), model.receiver_id.in_(people))
