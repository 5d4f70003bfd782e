"""A circle of five with an open round, as tests of rounds and promises speak of it."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Introduction, Membership, News, OutboxMail, Round
from circle.rules.limits import Limits
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import CommitmentState, NewsKind
from circle.services.giving import introductions
from circle.services.giving.introductions import Logged, Logging
from circle.services.rounds import by_hand, excusal
from circle.services.work import lock_circle, writing
from tests.cast import NOON, Cast

LIMITS = Limits(5, 6)
WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=5)
TUESDAY = datetime.combine(WEEKLY.starts_on, time(9))
WEEK = timedelta(days=7)
DUE_ON = date(2026, 11, 16)
DUE = datetime(2026, 11, 16, 17, tzinfo=NOON.tzinfo)


class Playing:
    """Speaks of people by first name; reads what is so from the database."""

    def __init__(self, cast: Cast, *members: str) -> None:
        self.cast = cast
        self.stage = cast.circle(*(members or ("Ben", "Cy", "Dee", "Eve")))

    def id(self, first: str) -> int:
        """Return a person's id."""
        return self.cast.person(first).id

    def membership_id(self, first: str) -> int:
        """Return the id of somebody's membership."""
        db.session.rollback()
        found = select(Membership.id).where(
            Membership.circle_id == self.stage.id, Membership.person_id == self.id(first)
        )
        return db.session.execute(found).scalar_one()

    def open(self, now: datetime = NOON, due_on: date = DUE_ON) -> int:
        """Open a round as Ada and return its number."""
        return by_hand.open_now(self.stage.id, self.id("Ada"), due_on, time(17), now, limits=LIMITS)

    def log(
        self,
        giver: str,
        *receivers: str,
        to: str = "Rosa Lind",
        number: int = 1,
        made_on: date | None = None,
        now: datetime = NOON,
    ) -> Logged:
        """Log an introduction."""
        said = Logging(
            contact_name=to,
            receiver_refs=tuple(self.stage.refs[receiver] for receiver in receivers),
            made_on=made_on or now.date(),
        )
        return introductions.log(self.id(giver), self.stage.id, number, said, now)

    def state(self, giver: str, receiver: str, number: int = 1) -> CommitmentState:
        """Return where a promise stands."""
        return self.promise(giver, receiver, number).state

    def promise(self, giver: str, receiver: str, number: int = 1) -> Commitment:
        """Return a promise as it is now."""
        db.session.rollback()
        found = (
            select(Commitment)
            .join(Round, Round.id == Commitment.round_id)
            .where(
                Round.number == number,
                Commitment.giver_id == self.id(giver),
                Commitment.receiver_id == self.id(receiver),
            )
        )
        return db.session.execute(found).scalar_one()

    def round(self, number: int = 1) -> Round:
        """Return a round as it is now."""
        db.session.rollback()
        return db.session.execute(
            select(Round).where(Round.circle_id == self.stage.id, Round.number == number)
        ).scalar_one()

    def news(self, first: str) -> list[NewsKind]:
        """Return what somebody is to be told in their next letter, in order."""
        db.session.rollback()
        told = News.person_id == self.id(first), News.tell_from == News.created_at
        found = select(News.kind).where(*told).order_by(News.id)
        return list(db.session.scalars(found))

    def mails(self, kind: str) -> int:
        """Count the mails of a kind."""
        db.session.rollback()
        return len(db.session.scalars(select(OutboxMail.id).where(OutboxMail.kind == kind)).all())

    def introductions(self) -> list[Introduction]:
        """Return every introduction."""
        db.session.rollback()
        return list(db.session.scalars(select(Introduction).order_by(Introduction.id)))

    def leave(self, first: str, now: datetime = NOON) -> None:
        """Let somebody leave."""
        with writing() as session:
            lock_circle(self.stage.id)
            membership = session.execute(
                select(Membership).where(Membership.public_id == self.stage.refs[first])
            ).scalar_one()
            membership.left_at, membership.seat = now, None
            session.flush()
            excusal.excuse_leaver(self.stage.id, self.id(first), now)


def days(count: float) -> timedelta:
    """Return a number of days."""
    return timedelta(days=count)
