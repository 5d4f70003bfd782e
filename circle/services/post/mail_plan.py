"""The plan of mails: what the running round will still send, to whom and when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Commitment, Person, RosterMember
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name
from circle.rules.states import CommitmentState, MailKind
from circle.services.membership import seats
from circle.services.post.reminders import steps_of
from circle.services.rounds import openings


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
        states = _outstanding(round_.id)
        for member, person in _present(round_.id, now):
            name = first_name(person.name)
            if "rounds" not in person.letters_off.split():
                planned[round_.due_at, "how the round went"].append(name)
            if member.next_reminder_at is None or "daily" in person.letters_off.split():
                continue
            for step in steps_of(round_, person):
                wanted = OUTSTANDING if step.for_asking else {CommitmentState.OPEN}
                if step.at >= member.next_reminder_at and states[person.id] & wanted:
                    planned[step.at, "reminder, if something is still open"].append(name)
    if circle.next_opening_at and circle.next_opening_at > now:
        everybody = [first_name(person.name) for person in _members(circle.id)]
        planned[circle.next_opening_at, MailKind.ROUND_OPENED.words.lower()] = everybody
    zone = zones.zone(circle.zone)
    return tuple(
        PlannedMail(at, f"{zones.to_local(at, zone):%A %-d %B, %H:%M}", what, ", ".join(names))
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


def _present(round_id: int, now: datetime) -> list[tuple[RosterMember, Person]]:
    rows = db.session.execute(
        select(RosterMember, Person)
        .join(Person, Person.id == RosterMember.person_id)
        .where(RosterMember.round_id == round_id, RosterMember.gone.is_(False))
        .order_by(RosterMember.seat)
    ).all()
    away = seats.away_ids([person.id for _, person in rows], now)
    return [(member, person) for member, person in rows if person.id not in away]


def _members(circle_id: int) -> list[Person]:
    ids = [member.person_id for member in openings.sitting(circle_id)]
    people = {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}
    return [people[person_id] for person_id in ids]
