"""Rhythms: setting and removing a circle's rhythm, and the dates it would bring."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Round, StoredRhythm
from circle.rules import zones
from circle.rules.errors import BadRhythm
from circle.rules.recurrence import occurrences
from circle.rules.rhythm import Occurrence, Rhythm, check, in_words
from circle.rules.schedule import ROUNDS_A_YEAR, Schedule, carried, look, planned
from circle.rules.states import ChangeKind
from circle.rules.wording import day_words
from circle.services import changes
from circle.services.membership import seats
from circle.services.rounds import openings, schedules
from circle.services.work import lock_circle, writing

CHANGED_BEFORE = "The rhythm was changed before it could open."


def set_rhythm(circle_id: int, by: int, rhythm: Rhythm, now: datetime, *, zone: str = "") -> None:
    """Let a circle's rounds open by this rhythm from the next slot on; raise BadRhythm naming its field.

    `zone` is the clock it goes by; empty leaves the circle's; raise UnknownZone for one that is none.
    Days skipped by hand stay skipped, and moved rounds stay where the new rhythm has their slot too.
    """
    with writing() as session:
        circle = lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        stored = schedules.row_of(circle_id)
        if stored and schedules.read_rhythm(stored) == rhythm and zone in {"", circle.zone}:
            return
        _settle(circle, now)
        coming = _under(circle, rhythm, zone, now)
        circle.zone = coming.zone.key
        if stored is None:
            stored = StoredRhythm(circle_id=circle_id)
            session.add(stored)
        for name, value in asdict(rhythm).items():
            setattr(stored, name, value)
        stored.used_slot = coming.used_slot
        session.flush()
        schedules.keep_exceptions(circle_id, coming.exceptions.values())
        schedules.dates_changed(circle, now)
        changes.note(circle_id, ChangeKind.RHYTHM, now, by=by, words=in_words(rhythm))


def drop_rhythm(circle_id: int, by: int, now: datetime) -> None:
    """Let no more rounds open by themselves; the open one runs on."""
    with writing() as session:
        circle = lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        stored = schedules.row_of(circle_id)
        if stored is None:
            return
        _settle(circle, now)
        session.delete(stored)
        session.flush()
        schedules.keep_exceptions(circle_id, ())
        circle.held_at = None
        schedules.dates_changed(circle, now)
        changes.note(circle_id, ChangeKind.NO_RHYTHM, now, by=by)


def stored_rhythm(circle_id: int) -> Rhythm | None:
    """Return the rhythm of a circle, None when it has none."""
    stored = schedules.row_of(circle_id)
    return schedules.read_rhythm(stored) if stored else None


def coming(rhythm: Rhythm, zone_name: str, after: datetime, count: int = 6) -> tuple[Occurrence, ...]:
    """Return the next occurrences after a local time; raise BadRhythm naming the field out of bounds."""
    zone = zones.zone(zone_name)
    _refuse_faults(check(rhythm, zone))
    return tuple(islice(occurrences(rhythm, zone, after), count))


def compare(
    circle_id: int, rhythm: Rhythm, now: datetime, count: int = 6, *, zone: str = ""
) -> tuple[tuple[Occurrence, ...], tuple[Occurrence, ...]]:
    """Return the coming rounds as they are and as `set_rhythm` would make them; raise as it does."""
    circle = db.session.get_one(Circle, circle_id)
    after = _under(circle, rhythm, zone, now)
    return schedules.ahead(circle_id, now, count), schedules.first_ahead(after, now, count)


def _under(circle: Circle, rhythm: Rhythm, zone_name: str, now: datetime) -> Schedule:
    """Return what a circle's schedule becomes under another rhythm; raise BadRhythm or UnknownZone."""
    zone = zones.zone(zone_name or circle.zone)
    _refuse_faults(check(rhythm, zone))
    used = _last_slot_until(zones.to_local(now, zone), circle.id)
    after = Schedule(rhythm=rhythm, zone=zone, paused_until=circle.paused_until, used_slot=used)
    before = schedules.schedule_of(circle)
    after = replace(after, exceptions=carried(before, after)) if before else after
    to_come = [*islice((one for one in planned(after) if one.opens_at > now), ROUNDS_A_YEAR)]
    if not to_come:
        raise BadRhythm("All of these dates have passed. Choose a later end, or none.", field="ends_on")
    first = next((one for one in to_come if not one.skipped), None)
    if first:
        _refuse_overlap_with_open_round(circle, first, zones.local_day(now, zone))
    return after


def _settle(circle: Circle, now: datetime) -> None:
    """Record what has come under the rhythm until now and did not open."""
    schedule = schedules.schedule_of(circle)
    past, _ = look(schedule, now) if schedule else ([], None)
    for occurrence in past:
        openings.skip(circle, occurrence, occurrence.skipped or CHANGED_BEFORE)


def _last_slot_until(local: datetime, circle_id: int) -> datetime:
    slot = db.session.scalar(select(func.max(Round.slot)).where(Round.circle_id == circle_id))
    return max(local, slot) if slot else local


def _refuse_overlap_with_open_round(circle: Circle, first: Occurrence, today: date) -> None:
    due_at = schedules.running_due(circle.id)
    if due_at and due_at > first.opens_at:
        due = day_words(zones.local_day(due_at, zones.zone(circle.zone)), today)
        opens = day_words(first.opens_local.date(), today)
        raise BadRhythm(
            f"The first opening would be on {opens}, while the open round runs until {due}. "
            f"Choose a start after {due}.",
            field="starts_on",
            start=zones.local_day(due_at, zones.zone(circle.zone)) + timedelta(days=1),
        )


def _refuse_faults(faults: dict[str, str]) -> None:
    if faults:
        raise BadRhythm.of(faults)
