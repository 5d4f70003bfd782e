"""Quarters of an hour: on which days somebody takes them, and where they are reminded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Person
from circle.rules.errors import BadText
from circle.services.thinking import planning
from circle.services.work import hold_circles_of, writing


@dataclass(frozen=True, slots=True)
class Quarter:
    """The days (Monday is 0), the local hour in the calendar, and where it stands."""

    weekdays: frozenset[int]
    hour: int
    in_letter: bool
    in_calendar: bool


@dataclass(frozen=True, slots=True)
class CalendarQuarter:
    """A person's quarters of an hour as they stand in their calendar."""

    person_ref: str
    zone: str
    weekdays: tuple[int, ...]
    hour: int
    changed_at: datetime


def settings(person_id: int) -> Quarter:
    """Return what a person has chosen."""
    person = db.session.get_one(Person, person_id)
    return _chosen(person)


def update(person_id: int, chosen: Quarter, now: datetime) -> None:
    """Keep what a person chooses; raise BadText beside the field."""
    _check(chosen)
    with writing() as session:
        hold_circles_of(person_id)
        person = session.get_one(
            Person, person_id, with_for_update={"key_share": True}, populate_existing=True
        )
        days = "".join(str(day) for day in sorted(chosen.weekdays))
        entry = (days, chosen.hour, chosen.in_calendar)
        if chosen == _chosen(person):
            return
        if (person.quarter_weekdays, person.quarter_hour, person.quarter_in_calendar) != entry:
            person.quarter_changed_at = now
        person.quarter_weekdays, person.quarter_hour, person.quarter_in_calendar = entry
        person.quarter_in_letter = chosen.in_letter
        session.flush()
        planning.plan(person, now)


def of_calendar(calendar_ref: str) -> CalendarQuarter | None:
    """Return what stands in the calendar of this address, None when its owner wants nothing there."""
    person = db.session.scalar(select(Person).where(Person.calendar_ref == calendar_ref))
    if person is None or not (person.quarter_in_calendar and person.quarter_weekdays):
        return None
    return CalendarQuarter(
        person.public_id,
        person.zone,
        tuple(int(day) for day in person.quarter_weekdays),
        person.quarter_hour,
        person.quarter_changed_at or person.created_at,
    )


def _chosen(person: Person) -> Quarter:
    weekdays = frozenset(int(day) for day in person.quarter_weekdays)
    return Quarter(weekdays, person.quarter_hour, person.quarter_in_letter, person.quarter_in_calendar)


def _check(chosen: Quarter) -> None:
    if not 0 <= chosen.hour <= 23:
        raise BadText("Choose an hour from the list.", field="hour")
    if not chosen.weekdays <= frozenset(range(7)):
        raise BadText("Choose days from the list, or none.", field="weekdays")
