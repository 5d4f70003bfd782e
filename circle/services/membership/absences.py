"""Absences: going away, coming back, and what a day that begins or ends one does."""

from datetime import date, datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Membership, Person
from circle.rules import absence as rules
from circle.rules import zones
from circle.rules.absence import Absence
from circle.rules.states import ChangeKind
from circle.services import changes
from circle.services.rounds import excusal, schedules
from circle.services.work import end_reading, lock_circle, writing


def go_away(person_id: int, first: date, last: date | None, now: datetime) -> None:
    """Be away on these days, in all one's circles; raise BadDate beside `first` or `last`.

    An absence that was known before ends where this one begins to hold.
    """
    wanted = Absence(first, last)
    circles = _circles_of(person_id)
    with writing():
        locked = [lock_circle(circle_id, archived_too=True) for circle_id in circles]
        person = _locked(person_id)
        today = zones.local_day(now, zones.zone(person.zone))
        rules.check(wanted, today)
        before = absence_of(person)
        if before == wanted:
            return
        _keep(person, wanted, now)
        if before and before.holds(today) and not wanted.holds(today):
            _open_again(locked, person, now)
        _begin(locked, person, wanted, today, now)


def come_back(person_id: int, now: datetime) -> None:
    """End one's absence now, or drop one that has not begun."""
    circles = _circles_of(person_id)
    with writing():
        locked = [lock_circle(circle_id, archived_too=True) for circle_id in circles]
        person = _locked(person_id)
        absence = absence_of(person)
        if absence is None:
            return
        _keep(person, None, now)
        if absence.holds(zones.local_day(now, zones.zone(person.zone))):
            _open_again(locked, person, now)
        _note(locked, person, ChangeKind.BACK, now)


def turn(person_id: int, now: datetime) -> str:
    """Begin or end an absence whose day has come; say in words what was done."""
    circles = _circles_of(person_id)
    with writing():
        locked = [lock_circle(circle_id, archived_too=True) for circle_id in circles]
        person = _locked(person_id)
        absence = absence_of(person)
        if absence is None or person.away_turns_at is None or person.away_turns_at > now:
            return ""
        today = zones.local_day(now, zones.zone(person.zone))
        if absence.is_over(today):
            _keep(person, None, now)
            _open_again(locked, person, now)
            _note(locked, person, ChangeKind.BACK, now)
            return f"{person.name} is back."
        _keep(person, absence, now)
        _excuse(locked, person, absence, today, now)
        return f"{person.name} is away."


def people_turning(now: datetime) -> list[int]:
    """List the people whose absence begins or ends by this moment."""
    due = select(Person.id).where(Person.away_turns_at <= now).order_by(Person.away_turns_at)
    found = list(db.session.scalars(due))
    end_reading()
    return found


def known(person_id: int) -> Absence | None:
    """Return the absence that is known of a person by id, None without one."""
    return absence_of(db.session.get_one(Person, person_id))


def absence_of(person: Person) -> Absence | None:
    """Return the absence that is known of a person, None without one."""
    return Absence(person.away_from, person.away_until) if person.away_from else None


def reckon(person: Person, now: datetime) -> None:
    """Compute anew when an absence turns, after a change of zone; inside a unit of work.

    One that has begun there is looked at by the next pass: it may only just have begun, or be over already.
    """
    known = absence_of(person)
    if known and known.first <= zones.local_day(now, zones.zone(person.zone)):
        person.away_turns_at = now
    else:
        _plan(person, known, now)


def _begin(circles: list[Circle], person: Person, wanted: Absence, today: date, now: datetime) -> None:
    _excuse(circles, person, wanted, today, now)
    _note(circles, person, ChangeKind.AWAY, now, rules.in_words(wanted, today))


def _excuse(circles: list[Circle], person: Person, known: Absence, today: date, now: datetime) -> None:
    if known.holds(today):
        for circle in circles:
            excusal.excuse(circle.id, person.id, now)


def _open_again(circles: list[Circle], person: Person, now: datetime) -> None:
    for circle in circles:
        excusal.open_again(circle.id, person.id, now)
        if circle.held_at:
            schedules.follow(circle, now)


def _keep(person: Person, absence: Absence | None, now: datetime) -> None:
    person.away_from = absence.first if absence else None
    person.away_until = absence.last if absence else None
    _plan(person, absence, now)
    db.session.flush()


def _plan(person: Person, absence: Absence | None, now: datetime) -> None:
    person.away_turns_at = rules.next_turn(absence, now, zones.zone(person.zone)) if absence else None


def _note(circles: list[Circle], person: Person, kind: ChangeKind, now: datetime, words: str = "") -> None:
    for circle in circles:
        changes.note(circle.id, kind, now, by=person.id, words=words)


def _locked(person_id: int) -> Person:
    return db.session.execute(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def _circles_of(person_id: int) -> list[int]:
    # In one order, so that two people with the same circles never wait for each other.
    mine = select(Membership.circle_id).join(Circle, Circle.id == Membership.circle_id)
    return list(
        db.session.scalars(
            mine.where(
                Membership.person_id == person_id, Membership.left_at.is_(None), Circle.archived_at.is_(None)
            ).order_by(Membership.circle_id)
        )
    )
