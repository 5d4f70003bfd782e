"""Calendars: the private address of a person's calendar, and the rounds that stand in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from circle.extensions import db
from circle.models import Circle, Membership, Person, Round, StoredException, StoredRhythm
from circle.models.base import public_id
from circle.rules import zones
from circle.rules.schedule import RoundException, Schedule, look
from circle.rules.states import RoundState
from circle.services.rounds import schedules
from circle.services.work import writing

BEHIND = timedelta(days=90)
AHEAD = 12


@dataclass(frozen=True, slots=True)
class CalendarRound:
    """One round as it stands in a calendar; its slot names it from before it opens until it is over."""

    circle_ref: str
    circle_name: str
    zone: str
    slot: datetime
    number: int | None
    opens_at: datetime
    due_at: datetime
    theme: str
    cancelled: str
    edition: int
    changed_at: datetime


def address_of(person_id: int) -> str | None:
    """Return what the address of a person's calendar holds, None when they have none."""
    return db.session.scalar(select(Person.calendar_ref).where(Person.id == person_id))


def make_address(person_id: int) -> None:
    """Give a person a new calendar address; the one before ends."""
    with writing() as session:
        session.get_one(Person, person_id).calendar_ref = public_id()


def end_address(person_id: int) -> None:
    """End a person's calendar address."""
    with writing() as session:
        session.get_one(Person, person_id).calendar_ref = None


def of_address(ref: str, now: datetime) -> list[CalendarRound] | None:
    """Return the rounds of all circles of whom this address belongs to, None when it has ended."""
    person_id = db.session.scalar(select(Person.id).where(Person.calendar_ref == ref))
    if person_id is None:
        return None
    mine = (
        select(Circle, StoredRhythm)
        .join(Membership, Membership.circle_id == Circle.id)
        .outerjoin(StoredRhythm, StoredRhythm.circle_id == Circle.id)
        .where(Membership.person_id == person_id, Membership.left_at.is_(None), Circle.archived_at.is_(None))
    )
    rows = db.session.execute(mine.order_by(Circle.id)).all()
    ids = [circle.id for circle, _ in rows]
    lately, exceptions = _lately(ids, now), _exceptions(ids)
    return [
        one
        for circle, rhythm in rows
        for one in (
            *(_of_row(circle, round_) for round_ in lately[circle.id]),
            *_coming(circle, rhythm, exceptions[circle.id], now),
        )
    ]


def one_round(circle_id: int, number: int) -> CalendarRound | None:
    """Return one round that has opened, None where the circle has no such round."""
    circle = db.session.get_one(Circle, circle_id)
    found = select(Round).where(Round.circle_id == circle_id, Round.number == number)
    round_ = db.session.scalar(found)
    return _of_row(circle, round_) if round_ else None


def _lately(circle_ids: Sequence[int], now: datetime) -> dict[int, list[Round]]:
    """Return the rounds of the last 90 days and the open ones by circle."""
    since = now - BEHIND
    found = select(Round).where(
        Round.circle_id.in_(circle_ids),
        or_(
            Round.opened_at > since,
            Round.state == RoundState.OPEN,
            (Round.state == RoundState.SKIPPED) & (Round.due_at > since),
        ),
    )
    rounds = defaultdict(list)
    for round_ in db.session.scalars(found.order_by(Round.slot)):
        rounds[round_.circle_id].append(round_)
    return rounds


def _exceptions(circle_ids: Sequence[int]) -> dict[int, list[RoundException]]:
    found = select(
        StoredException.circle_id,
        StoredException.slot,
        StoredException.opens_local,
        StoredException.due_local,
        StoredException.skipped,
    ).where(StoredException.circle_id.in_(circle_ids))
    exceptions = defaultdict(list)
    for row in db.session.execute(found):
        exceptions[row[0]].append(RoundException(*row[1:]))
    return exceptions


def _coming(
    circle: Circle, rhythm: StoredRhythm | None, exceptions: Iterable[RoundException], now: datetime
) -> list[CalendarRound]:
    """Return what has come and waits or was skipped, and the next twelve rounds."""
    if rhythm is None:
        return []
    schedule = Schedule(
        rhythm=schedules.read_rhythm(rhythm),
        zone=zones.zone(circle.zone),
        exceptions={one.slot: one for one in exceptions},
        paused_until=circle.paused_until,
        used_slot=rhythm.used_slot,
    )
    come = [one for one in look(schedule, now)[0] if one.opens_at > now - BEHIND]
    ahead = schedules.first_ahead(schedule, now, AHEAD)
    return [
        _round(circle, one.slot, one.opens_at, one.due_at, cancelled=one.skipped) for one in (*come, *ahead)
    ]


def _of_row(circle: Circle, round_: Round) -> CalendarRound:
    planned = zones.to_utc(round_.slot, zones.zone(circle.zone))
    opens_at = (round_.opened_at or planned).replace(second=0, microsecond=0)
    return _round(
        circle,
        round_.slot,
        opens_at,
        round_.due_at.replace(second=0, microsecond=0),
        number=round_.number,
        theme=round_.theme,
        cancelled=round_.skipped_why,
    )


def _round(
    circle: Circle,
    slot: datetime,
    opens_at: datetime,
    due_at: datetime,
    *,
    number: int | None = None,
    theme: str = "",
    cancelled: str = "",
) -> CalendarRound:
    return CalendarRound(
        circle_ref=circle.public_id,
        circle_name=circle.name,
        zone=circle.zone,
        slot=slot,
        number=number,
        opens_at=opens_at,
        due_at=due_at,
        theme=theme,
        cancelled=cancelled,
        edition=circle.edition,
        changed_at=circle.edited_at or circle.created_at,
    )
