"""A thousand people who are each to get one mail: an opening, a reminder or an invitation, bit by bit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import TypeVar

from flask import Flask
from sqlalchemy.exc import OperationalError

from circle import clock
from circle.extensions import db
from circle.models import Circle, Invitation, Membership, OutboxMail, Person, RosterMember
from circle.rules.limits import Limits
from circle.rules.states import MailKind, Role
from circle.services.post import outbox
from circle.services.rounds import by_hand
from circle.services.work import writing
from tests.proof.faulty_server import FAULTS

OPENINGS, REMINDERS, INVITATIONS = 500, 400, 100
MAILS = OPENINGS + REMINDERS + INVITATIONS
SEATS = 5
LIMITS = Limits(SEATS, 6)
One = TypeVar("One")


def address(number: int) -> str:
    """Return where the mail of this number goes; every fifth address is one the server treats badly."""
    if number % 5:
        return f"m{number:04}@example.org"
    at, turn = divmod(number // 5, len(FAULTS))
    kind = FAULTS[turn]
    return f"m{number:04}.{kind[at % len(kind)]}@example.org"


FAULTY = sum("." in address(number).partition("@")[0] for number in range(MAILS))


@dataclass
class Crowd:
    """Rows that make mails once they are released."""

    app: Flask
    to_open: list[tuple[int, int]]
    """A circle and who organises it."""
    to_remind: list[tuple[int, datetime]]
    """A roster row and when its reminder has come due."""
    to_invite: list[int]

    def release(self, share: float) -> None:
        """Let this share of all mails become due, while the workers work."""
        now = clock.now()
        with self.app.app_context():
            for circle in _first(self.to_open, share * OPENINGS / SEATS):
                _patiently(partial(_open, *circle, now))
            for reminder in _first(self.to_remind, share * REMINDERS):
                _patiently(partial(_remind, *reminder))
            for invitation in _first(self.to_invite, share * INVITATIONS):
                _patiently(partial(_invite, invitation, now))


def gather(app: Flask) -> Crowd:
    """Make everybody, and nothing due yet."""
    now = clock.now()
    with app.app_context():
        people = _people(range(OPENINGS + REMINDERS), now)
        groups = [people[first : first + SEATS] for first in range(0, len(people), SEATS)]
        circles = [_circle(number, seated, now) for number, seated in enumerate(groups)]
        opening, reminding = circles[: OPENINGS // SEATS], circles[OPENINGS // SEATS :]
        return Crowd(app, opening, _reminders(reminding, now), _invitations(*opening[0], now))


def _open(circle_id: int, organiser: int, now: datetime) -> None:
    due_on = now.date() + timedelta(days=14)
    by_hand.open_now(circle_id, organiser, due_on, time(17), now, limits=LIMITS)


def _remind(member_id: int, at: datetime) -> None:
    with writing() as session:
        session.get_one(RosterMember, member_id).next_reminder_at = at


def _invite(invitation_id: int, now: datetime) -> None:
    with writing():
        key = f"invitation:{invitation_id}:0"
        outbox.queue(MailKind.INVITATION, key=key, now=now, invitation_id=invitation_id)


def _patiently(do: Callable[[], None]) -> None:
    # On SQLite a dozen connections write at a time here, so that one may not get its turn in 5 seconds.
    for _ in range(10):
        try:
            return do()
        except OperationalError:
            db.session.rollback()
    return do()


def _first(waiting: list[One], count: float) -> list[One]:
    taken, waiting[: round(count)] = waiting[: round(count)], []
    return taken


def _people(numbers: range, now: datetime) -> list[int]:
    with writing() as session:
        people = [
            Person(
                email=address(number),
                email_key=address(number),
                name=f"Member {number}",
                zone="UTC",
                letter_hour=now.hour,
                letter_weekdays="0123456",
                created_at=now,
            )
            for number in numbers
        ]
        session.add_all(people)
        session.flush()
        return [person.id for person in people]


def _circle(number: int, seated: list[int], now: datetime) -> tuple[int, int]:
    with writing() as session:
        circle = Circle(name=f"Circle {number}", zone="UTC", created_at=now)
        session.add(circle)
        session.flush()
        session.add_all(
            Membership(
                circle_id=circle.id,
                person_id=person,
                role=Role.MEMBER if seat > 1 else Role.ORGANISER,
                seat=seat,
                joined_at=now,
            )
            for seat, person in enumerate(seated, 1)
        )
        return circle.id, seated[0]


def _reminders(circles: list[tuple[int, int]], now: datetime) -> list[tuple[int, datetime]]:
    opened = now - timedelta(days=5)
    for circle_id, organiser in circles:
        due_on = now.date() + timedelta(days=7)
        by_hand.open_now(circle_id, organiser, due_on, time(23, 59), opened, limits=LIMITS)
    moment = now.replace(minute=0, second=0, microsecond=0)
    with writing() as session:
        session.query(OutboxMail).delete()
        roster = session.query(RosterMember).all()
        for member in roster:
            assert member.next_reminder_at == moment
            member.next_reminder_at = None
        return [(member.id, moment) for member in roster]


def _invitations(circle_id: int, inviter: int, now: datetime) -> list[int]:
    with writing() as session:
        invitations = [
            Invitation(
                circle_id=circle_id,
                inviter_id=inviter,
                email=address(number),
                email_key=address(number),
                created_at=now,
                expires_at=now + timedelta(days=14),
            )
            for number in range(MAILS - INVITATIONS, MAILS)
        ]
        session.add_all(invitations)
        session.flush()
        return [invitation.id for invitation in invitations]
