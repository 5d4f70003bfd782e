"""The plan of mails: what the running round will still send, to whom and when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Commitment, Person, RosterMember
from circle.rules import zones
from circle.rules.absence import Absence
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name
from circle.rules.states import CommitmentState, MailKind
from circle.rules.wording import apart
from circle.services.post.readers import wants
from circle.services.post.reminders import steps_of
from circle.services.rounds import openings, recaps


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One kind of mail at one moment: when in words of the circle's zone, what, and to whom."""

    at: datetime
    when: str
    what: str
    to: str


def read(circle_id: int, now: datetime) -> tuple[PlannedMail, ...]:
    """Return the mails to come in order of time; a reminder goes out only if something is still open then."""
    circle = db.session.get_one(Circle, circle_id)
    round_ = openings.open_round_of(circle.id)
    planned: dict[tuple[datetime, str], list[str]] = defaultdict(list)
    if round_:
        states, told = _outstanding(round_.id), recaps.readers(round_.id)
        for member, person in _roster(round_.id):
            name = first_name(person.name)
            if person.id not in told and _wants(person, MailKind.RECAP, round_.due_at):
                planned[round_.due_at, "how the round went"].append(name)
            for step in steps_of(round_, person):
                asks_for = OUTSTANDING if step.for_asking else {CommitmentState.OPEN}
                to_come = member.next_reminder_at is not None and step.at >= member.next_reminder_at
                if to_come and states[person.id] & asks_for and _is_reached(person, step.at):
                    planned[step.at, "reminder, if something is still open"].append(name)
    opens_at = circle.next_opening_at
    if opens_at and opens_at > now and not circle.held_at:
        for person in _members(circle.id):
            if _wants(person, MailKind.ROUND_OPENED, opens_at) and not _is_away(person, opens_at):
                planned[opens_at, MailKind.ROUND_OPENED.words.lower()].append(first_name(person.name))
    zone = zones.zone(circle.zone)
    return tuple(
        PlannedMail(at, f"{zones.to_local(at, zone):%A %-d %B, %H:%M}", what, ", ".join(map(apart, names)))
        for (at, what), names in sorted(planned.items())
    )


def _outstanding(round_id: int) -> dict[int, set[CommitmentState]]:
    rows = db.session.execute(
        select(Commitment.giver_id, Commitment.state).where(
            Commitment.round_id == round_id, Commitment.state.in_(OUTSTANDING)
        )
    )
    states: dict[int, set[CommitmentState]] = defaultdict(set)
    for giver_id, state in rows:
        states[giver_id].add(state)
    return states


def _is_reached(person: Person, at: datetime) -> bool:
    return _wants(person, MailKind.DAILY, at) and not _is_away(person, at)


def _wants(person: Person, kind: MailKind, at: datetime) -> bool:
    return wants(person, kind.switch or "", zones.local_day(at, zones.zone(person.zone)))


def _is_away(person: Person, at: datetime) -> bool:
    if person.away_from is None:
        return False
    return Absence(person.away_from, person.away_until).holds(zones.local_day(at, zones.zone(person.zone)))


def _roster(round_id: int) -> list[tuple[RosterMember, Person]]:
    rows = db.session.execute(
        select(RosterMember, Person)
        .join(Person, Person.id == RosterMember.person_id)
        .where(RosterMember.round_id == round_id, RosterMember.gone.is_(False))
        .order_by(RosterMember.seat, RosterMember.id)
    )
    return [(member, person) for member, person in rows]


def _members(circle_id: int) -> list[Person]:
    ids = [member.person_id for member in openings.sitting(circle_id)]
    people = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [people[person_id] for person_id in ids]
