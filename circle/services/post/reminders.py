"""Reminders: when each giver of an open round hears from it next."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Person, RosterMember, Round
from circle.rules import reminders as rules
from circle.rules import zones
from circle.rules.reminders import Step
from circle.rules.states import RoundState
from circle.services.post import news
from circle.services.post.readers import reader_of
from circle.services.thinking import planning


def schedule(round_: Round, now: datetime) -> None:
    """Set the next reminder of a whole roster; none unless the round is open. Inside a unit of work."""
    db.session.flush()
    rows = db.session.execute(
        select(RosterMember, Person)
        .join(Person, Person.id == RosterMember.person_id)
        .where(RosterMember.round_id == round_.id)
    ).all()
    for member, person in rows:
        member.next_reminder_at = _next(round_, member, person, now)


def schedule_one(round_: Round, person_id: int, now: datetime) -> None:
    """Set the next reminder of somebody who takes part again or late; inside a unit of work."""
    db.session.flush()
    rows = db.session.execute(
        select(RosterMember, Person)
        .join(Person, Person.id == RosterMember.person_id)
        .where(RosterMember.round_id == round_.id, RosterMember.person_id == person_id)
    ).all()
    for member, person in rows:
        member.next_reminder_at = _next(round_, member, person, now)


def schedule_person(person_id: int, now: datetime) -> None:
    """Compute anew when a person is reminded and told news, after a change of hour, days, zone or pause.

    Inside a unit of work.
    """
    person = db.session.get_one(Person, person_id)
    rows = db.session.execute(
        select(RosterMember, Round)
        .join(Round, Round.id == RosterMember.round_id)
        .where(RosterMember.person_id == person_id, Round.state == RoundState.OPEN)
    ).all()
    for member, round_ in rows:
        member.next_reminder_at = _next(round_, member, person, now)
    if person.quarter_weekdays:
        planning.plan(person, now)
    if person.news_due_at:
        person.news_due_at = news.next_due(person, now)


def leave_today_out(round_: Round, member: RosterMember, person: Person, now: datetime) -> None:
    """Remember that a giver was reminded today by other means; inside a unit of work."""
    member.last_reminder_at = now
    member.next_reminder_at = _next(round_, member, person, now)


def steps_of(round_: Round, person: Person) -> tuple[Step, ...]:
    """Return all reminders of a round for one reader, in order of time."""
    if round_.opened_at is None:
        return ()
    return rules.moments(round_.opened_at, round_.due_at, reader_of(person), _days(round_.circle_id))


def _next(round_: Round, member: RosterMember, person: Person, now: datetime) -> datetime | None:
    """Return the moment of the next reminder; never one on the day of the last."""
    if round_.state is not RoundState.OPEN:
        return None
    steps, last = steps_of(round_, person), member.last_reminder_at
    moved = last and round_.due_moved_at and round_.due_moved_at >= last
    apart = rules.DAYS_APART if moved else 1
    step = rules.upcoming(steps, now, last=last, apart=apart, zone=zones.zone(person.zone))
    return step.at if step else None


def _days(circle_id: int) -> Sequence[int]:
    circle = db.session.get_one(Circle, circle_id)
    return [int(days) for days in circle.reminder_days.split()]
