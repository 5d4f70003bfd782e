"""Rhythms: keeping a circle's rhythm, and the slots it has missed or is coming to."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Round, StoredRhythm
from circle.rules import zones
from circle.rules.errors import BadRhythm
from circle.rules.rhythm import Occurrence, Rhythm, check, occurrences
from circle.rules.states import RoundState
from circle.rules.wording import day_words
from circle.services.rounds import closings
from circle.services.work import lock_circle, writing


def set_rhythm(circle_id: int, rhythm: Rhythm, now: datetime) -> None:
    """Let a circle's rounds open by this rhythm from the next slot on; raise BadRhythm naming its field."""
    with writing() as session:
        circle = lock_circle(circle_id)
        first, used = _first_after_all_else(circle, rhythm, now)
        stored = row_of(circle_id)
        if stored is None:
            stored = StoredRhythm(circle_id=circle_id)
            session.add(stored)
        for name, value in asdict(rhythm).items():
            setattr(stored, name, value)
        stored.used_slot = used
        circle.next_opening_at = first.opens_at
        closings.set_seal_moments(circle)


def drop_rhythm(circle_id: int, now: datetime) -> None:
    """Let no more rounds open by themselves; the open one runs on."""
    with writing() as session:
        circle = lock_circle(circle_id)
        stored = row_of(circle_id)
        if stored is not None:
            session.delete(stored)
        circle.next_opening_at = None
        closings.set_seal_moments(circle, not_before=now)


def stored_rhythm(circle_id: int) -> Rhythm | None:
    """Return the rhythm of a circle, None when it has none."""
    stored = row_of(circle_id)
    return read_rhythm(stored) if stored else None


def coming(rhythm: Rhythm, zone_name: str, after: datetime, count: int = 6) -> tuple[Occurrence, ...]:
    """Return the next occurrences after a local time; raise BadRhythm naming the field out of bounds."""
    zone = zones.zone(zone_name)
    _refuse_faults(check(rhythm, zone))
    return tuple(islice(occurrences(rhythm, zone, after), count))


def row_of(circle_id: int) -> StoredRhythm | None:
    """Return the stored row of a circle's rhythm."""
    return db.session.scalar(select(StoredRhythm).where(StoredRhythm.circle_id == circle_id))


def read_rhythm(stored: StoredRhythm) -> Rhythm:
    """Turn the stored row into the value the rules read."""
    return Rhythm(**{field.name: getattr(stored, field.name) for field in fields(Rhythm)})


def missed(stored: StoredRhythm, zone_name: str, now: datetime) -> tuple[list[Occurrence], Occurrence | None]:
    """Return the slots that have come and are not used, oldest first, and the one that follows them."""
    past: list[Occurrence] = []
    for occurrence in _unused(stored, zone_name):
        if occurrence.opens_at > now:
            return past, occurrence
        past.append(occurrence)
    return past, None


def _unused(stored: StoredRhythm, zone_name: str) -> Iterator[Occurrence]:
    return occurrences(read_rhythm(stored), zones.zone(zone_name), stored.used_slot)


def _first_after_all_else(circle: Circle, rhythm: Rhythm, now: datetime) -> tuple[Occurrence, datetime]:
    zone = zones.zone(circle.zone)
    _refuse_faults(check(rhythm, zone))
    used = _last_slot_until(zones.to_local(now, zone), circle.id)
    first = next(occurrences(rhythm, zone, used), None)
    if first is None:
        raise BadRhythm("All of these dates have passed. Choose a later end, or none.", field="ends_on")
    _refuse_overlap_with_open_round(circle, first)
    return first, used


def _last_slot_until(local: datetime, circle_id: int) -> datetime:
    slot = db.session.scalar(select(func.max(Round.slot)).where(Round.circle_id == circle_id))
    return max(local, slot) if slot else local


def _refuse_overlap_with_open_round(circle: Circle, first: Occurrence) -> None:
    open_round = db.session.scalar(
        select(Round).where(Round.circle_id == circle.id, Round.state == RoundState.OPEN)
    )
    if open_round and open_round.due_at > first.opens_at:
        due = day_words(zones.local_day(open_round.due_at, zones.zone(circle.zone)))
        raise BadRhythm(
            f"The first opening would be on {day_words(first.slot.date())}, while round {open_round.number} "
            f"runs until {due}. Choose a start after {due}.",
            field="starts_on",
        )


def _refuse_faults(faults: dict[str, str]) -> None:
    for field, sentence in faults.items():
        raise BadRhythm(sentence, field=field)
