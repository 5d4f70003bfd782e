"""A circle of five with an open round, as tests of pages speak of it: browsers, addresses, states."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from circle import clock
from circle.extensions import db
from circle.letters import links
from circle.models import Commitment, Introduction, Person, Round
from circle.rules.limits import Limits
from circle.rules.states import CommitmentState
from circle.services.rounds import by_hand, turns
from tests.cast import Cast
from tests.client import Client

LIMITS = Limits(5, 6)


class Acting:
    """Speaks of people by first name; the round was opened a moment ago and is due in fourteen days."""

    def __init__(self, cast: Cast, *, opened: bool = True) -> None:
        self.cast, self.app = cast, cast.app
        self.now: datetime = clock.now()
        self.stage = cast.circle("Ben", "Cy", "Dee", "Eve", now=self.now)
        self.url = f"/circles/{self.stage.public_id}"
        if opened:
            self.open()

    def open(self, days: int = 14) -> int:
        """Open a round by its service."""
        ada = self.cast.person("Ada").id
        due_on = (self.now + timedelta(days=days)).date()
        with self.app.app_context():
            return by_hand.open_now(self.stage.id, ada, due_on, time(17), self.now, limits=LIMITS)

    def turn(self, days: int) -> None:
        """Let time pass over every round."""
        then = self.now + timedelta(days=days)
        with self.app.app_context():
            for round_id in turns.rounds_to_turn(then):
                turns.turn(round_id, then)

    def browser(self, first: str) -> Client:
        """Return a browser in which this one is signed in."""
        return self.cast.client(first)

    def form(self, *receivers: str, **changes: str) -> dict[str, object]:
        """Return a filled-in log form."""
        refs = [self.stage.refs[receiver] for receiver in receivers]
        return {
            "contact_name": "Rosa Lind",
            "receiver_refs": refs,
            "made_on": self.now.date().isoformat(),
            **changes,
        }

    def log_url(self, number: int = 1) -> str:
        """Return where a log is posted."""
        return f"{self.url}/rounds/{number}/introductions"

    def promise_url(self, receiver: str, what: str) -> str:
        """Return an address about the promise for a receiver."""
        return f"{self.url}/rounds/1/for/{self.stage.refs[receiver]}/{what}"

    def promise_token(self, giver: str, receiver: str, *names: str) -> str:
        """Return the token of the link that a giver's letter holds for this promise."""
        with self.app.app_context():
            person = db.session.get_one(Person, self.cast.person(giver).id)
            url = links.promise(links.promise_token(person, self.promise_id(giver, receiver), names))
        return url.rpartition("/")[2]

    def wish_token(self, first: str) -> str:
        """Return the token of the link by which somebody says their wish in the newest round."""
        with self.app.app_context():
            person = db.session.get_one(Person, self.cast.person(first).id)
            newest = select(Round.id).order_by(Round.id.desc())
            return links.wish(person, db.session.scalars(newest).first() or 0).rpartition("/")[2]

    def introduction_token(self, receiver: str, ref: str) -> str:
        """Return the token of the link that a receiver's letter holds for this introduction."""
        with self.app.app_context():
            person = db.session.get_one(Person, self.cast.person(receiver).id)
            return links.introduction(person, ref).rpartition("/")[2]

    def state(self, giver: str, receiver: str) -> CommitmentState:
        """Return where a promise stands."""
        return self.promise(giver, receiver).state

    def promise(self, giver: str, receiver: str) -> Commitment:
        """Return a promise of round 1 as it is now."""
        with self.app.app_context():
            return db.session.get_one(Commitment, self.promise_id(giver, receiver))

    def refs(self) -> list[str]:
        """Return the public ids of all introductions."""
        with self.app.app_context():
            return list(db.session.scalars(select(Introduction.public_id).order_by(Introduction.id)))

    def rows(self) -> list[Introduction]:
        """Return all introductions."""
        with self.app.app_context():
            return list(db.session.scalars(select(Introduction).order_by(Introduction.id)))

    def promise_id(self, giver: str, receiver: str) -> int:
        """Return the id of a promise of round 1; inside an app context."""
        ids = [self.cast.person(one).id for one in (giver, receiver)]
        with self.app.app_context():
            found = select(Commitment.id).join(Round, Round.id == Commitment.round_id)
            return db.session.execute(
                found.where(
                    Commitment.giver_id == ids[0], Commitment.receiver_id == ids[1], Round.number == 1
                )
            ).scalar_one()
