"""The stage of the demo circle: its people and its open round, as scenes speak of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Introduction, Membership, OutboxMail, Person, RosterMember, Round
from circle.rules import zones
from circle.rules.reminders import next_moment
from circle.rules.states import MailKind, RoundState, Synergy
from circle.services.giving import introductions
from circle.services.giving.introductions import Logging
from circle.services.post import daily
from circle.services.post.readers import reader_of


@dataclass(frozen=True, slots=True)
class Staged:
    """A mail in the outbox, and the moment at which it is read."""

    mail_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo circle as its scenes speak of it: ids, people by first name."""

    circle_id: int
    people: dict[str, int]
    now: datetime

    def round(self) -> Round:
        """Return the open round."""
        running = select(Round).where(Round.circle_id == self.circle_id, Round.state == RoundState.OPEN)
        return db.session.execute(running).scalar_one()

    def ref(self, first: str) -> str:
        """Return the public id of somebody's membership."""
        return self.membership(first).public_id

    def membership(self, first: str) -> Membership:
        """Return somebody's membership."""
        theirs = select(Membership).where(Membership.person_id == self.people[first])
        return db.session.execute(theirs).scalar_one()

    def reminder_of(self, first: str) -> datetime:
        """Return when somebody is reminded next, or would be on an ordinary day."""
        theirs = select(RosterMember.next_reminder_at).where(
            RosterMember.person_id == self.people[first], RosterMember.round_id == self.round().id
        )
        return db.session.scalar(theirs) or self.tomorrow(first)

    def tomorrow(self, first: str) -> datetime:
        """Return the next moment of somebody's daily letter."""
        person = db.session.get_one(Person, self.people[first])
        return next_moment(self.now, reader_of(person)) or self.now

    def newest(self, kind: MailKind, first: str | None = None) -> int:
        """Return the newest mail of a kind, to one person where a name is given."""
        mails = select(OutboxMail.id).where(OutboxMail.kind == kind.key).order_by(OutboxMail.id.desc())
        if first:
            mails = mails.where(OutboxMail.person_id == self.people[first])
        return db.session.scalars(mails).first() or 0

    def promise(self, giver: str, receiver: str) -> Commitment:
        """Return what somebody promised somebody in the open round."""
        theirs = select(Commitment).where(
            Commitment.round_id == self.round().id,
            Commitment.giver_id == self.people[giver],
            Commitment.receiver_id == self.people[receiver],
        )
        return db.session.execute(theirs).scalar_one()

    def made(self, giver: str, receiver: str) -> Introduction:
        """Return the introduction somebody made for somebody in the open round."""
        theirs = select(Introduction).where(Introduction.commitment_id == self.promise(giver, receiver).id)
        return db.session.execute(theirs).scalar_one()

    def log(self, giver: str, receiver: str, contact: str, reason: str) -> None:
        """Let somebody log an introduction."""
        zone = zones.zone(db.session.get_one(Person, self.people[giver]).zone)
        said = Logging(
            contact_name=contact,
            made_on=zones.local_day(self.now, zone),
            synergy=Synergy.SAME_CLIENTS,
            reason=reason,
            receiver_refs=(self.ref(receiver),),
        )
        introductions.log(self.people[giver], self.circle_id, self.round().number or 0, said, self.now)

    def write_daily(self, first: str, at: datetime) -> Staged:
        """Let somebody's daily letter be written."""
        daily.write_daily(self.people[first], at)
        return Staged(self.newest(MailKind.DAILY, first), at)
