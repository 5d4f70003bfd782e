"""A round as members live it: opened, worked on, and read about; each step calls the real service."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from flask import Flask
from sqlalchemy import select

from circle import clock
from circle.extensions import db
from circle.models import Introduction, OutboxMail, Person, RosterMember, Round
from circle.rules.limits import Limits
from circle.rules.states import MailKind, MailState, NewsKind, Outcome, Synergy
from circle.services.giving import commitments, introductions, receiving
from circle.services.giving.introductions import Logging
from circle.services.post import news
from circle.services.rounds import by_hand
from circle.services.work import writing
from tests.cast import NOON, Actor, Cast, Stage

LIMITS = Limits(min_members=3, max_members=6)
DUE = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
A_WEEK_BEFORE = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
TWO_DAYS_BEFORE = datetime(2026, 11, 13, 9, 0, tzinfo=UTC)
"""A Friday: the due day is a Monday, and letters come on working days."""
ON_THE_DAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@dataclass
class Story:
    """One circle in its first round, due on Monday 16 November at 17:00 in London."""

    app: Flask
    cast: Cast
    stage: Stage
    number: int
    people: dict[str, Actor] = field(default_factory=dict)

    def log(self, giver: str, *receivers: str, contact: str = "Lena Krüger", now: datetime = NOON) -> None:
        """Let a giver log one introduction for each receiver."""
        refs = tuple(self.stage.refs[receiver] for receiver in receivers)
        made = Logging(
            contact_name=contact,
            made_on=now.date(),
            synergy=Synergy.TEAM_UP,
            reason="You both plan a move.",
            receiver_refs=refs,
        )
        with self.app.app_context():
            introductions.log(self.id(giver), self.stage.id, self.number, made, now)

    def ask(self, giver: str, receiver: str, contact: str = "Lena Krüger", now: datetime = NOON) -> None:
        """Let a giver ask a contact first."""
        with self.app.app_context():
            ref = self.stage.refs[receiver]
            commitments.ask(self.id(giver), self.stage.id, self.number, ref, contact, now)

    def pass_on(self, giver: str, receiver: str, line: str = "", now: datetime = NOON) -> None:
        """Let a giver find no fit."""
        with self.app.app_context():
            ref = self.stage.refs[receiver]
            commitments.pass_on(self.id(giver), self.stage.id, self.number, ref, line, now)

    def answer(self, receiver: str, outcome: Outcome, now: datetime = NOON) -> None:
        """Let a receiver answer the newest introduction made for them."""
        with self.app.app_context():
            receiving.answer(self.id(receiver), self._newest_for(receiver), outcome, now)

    def thank(self, receiver: str, text: str, *, shared: bool = False, now: datetime = NOON) -> None:
        """Let a receiver thank for the newest introduction made for them."""
        with self.app.app_context():
            receiving.thank(self.id(receiver), self._newest_for(receiver), text, shared, now)

    def withdraw(self, giver: str, receiver: str, now: datetime = NOON) -> None:
        """Let a giver withdraw the newest introduction for a receiver."""
        with self.app.app_context():
            introductions.withdraw(self.id(giver), self._newest_for(receiver), now)

    def id(self, first: str) -> int:
        """Return somebody's person id."""
        return self.people[first].id

    def round_id(self) -> int:
        """Return the round's id."""
        with self.app.app_context():
            return db.session.execute(
                select(Round.id).where(Round.circle_id == self.stage.id, Round.number == self.number)
            ).scalar_one()

    def next_reminder(self, first: str) -> datetime | None:
        """Return when somebody is reminded next."""
        with self.app.app_context():
            return db.session.execute(
                select(RosterMember.next_reminder_at).where(RosterMember.person_id == self.id(first))
            ).scalar_one()

    def _newest_for(self, receiver: str) -> str:
        mine = select(Introduction.public_id).where(Introduction.receiver_id == self.id(receiver))
        return db.session.scalars(mine.order_by(Introduction.id.desc())).first() or ""


def begin(cast: Cast, *members: str, now: datetime = NOON, told: bool = True) -> Story:
    """Open the first round of Ada's circle; `told` says that its opening letters went out the day before."""
    stage = cast.circle(*members)
    people = {first: cast.person(first) for first in ("Ada", *members)}
    with cast.app.app_context():
        number = by_hand.open_now(
            stage.id, people["Ada"].id, date(2026, 11, 16), time(17, 0), now, limits=LIMITS
        )
    story = Story(cast.app, cast, stage, number, people)
    if told:
        clear_outbox(cast.app)
    return story


def clear_outbox(app: Flask) -> None:
    """Settle all that waits as if it had been sent."""
    with app.app_context(), writing() as session:
        for mail in session.scalars(select(OutboxMail).where(OutboxMail.try_at.is_not(None))):
            mail.state, mail.try_at, mail.wire = MailState.SENT, None, None


def mails(app: Flask, *kinds: MailKind) -> list[OutboxMail]:
    """Return the mails of these kinds, or all, oldest first."""
    with app.app_context():
        found = select(OutboxMail).order_by(OutboxMail.id)
        wanted = [kind.key for kind in kinds]
        return list(db.session.scalars(found.where(OutboxMail.kind.in_(wanted)) if wanted else found))


def change(app: Flask, actor: Actor, **values: object) -> None:
    """Set columns of somebody's row."""
    with app.app_context(), writing() as session:
        person = session.get_one(Person, actor.id)
        for name, value in values.items():
            setattr(person, name, value)


def names(mails: Iterable[OutboxMail], story: Story) -> list[str]:
    """Return to whom mails go, by first name."""
    first = {actor.id: name for name, actor in story.people.items()}
    return [first[mail.person_id or 0] for mail in mails]


def let_news_wait(app: Flask, cast: Cast, stage: Stage, first: str) -> None:
    """Have Ada introduce somebody now, and the letter that tells it be due."""
    reader_id, ada_id, now = cast.person(first).id, cast.person("Ada").id, clock.now()
    with app.app_context(), writing() as session:
        made = Introduction(
            circle_id=stage.id,
            giver_id=ada_id,
            receiver_id=reader_id,
            contact_name="Rosa Lind",
            made_on=now.date(),
            logged_at=now,
        )
        session.add(made)
        session.flush()
        news.tell(reader_id, NewsKind.INTRODUCED, circle_id=stage.id, now=now, introduction_id=made.id)
        session.get_one(Person, reader_id).news_due_at = now - timedelta(minutes=1)
