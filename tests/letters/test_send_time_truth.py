"""Whatever is committed between the steps of the sender, no letter contradicts what was so at its claim."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import delete, select

from circle.extensions import db
from circle.letters import posting
from circle.letters.connection import Relay
from circle.letters.ledger import Ledger, lease
from circle.models import Membership
from circle.models.base import Base
from circle.rules.errors import Refusal
from circle.rules.states import MailKind, Switch
from circle.services.door import people
from circle.services.giving import commitments
from circle.services.membership import archiving, memberships
from circle.services.post import daily, letter_switches, nudges, outbox
from circle.services.rounds import by_hand
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.smtp_sink import ReceivedMail, Sink
from tests.story import A_WEEK_BEFORE, Story
from tests.truth import Truth, committed, statements

FIRSTS = ("Ada", "Ben", "Cy", "Dee")
RUNS, MANY_RUNS = 15, {"sqlite": 300, "postgresql": 100}


@dataclass(frozen=True)
class Handed:
    """One letter as the server got it, and the first truth it may rest on."""

    mail: ReceivedMail
    claimed: int
    over: int


class Meddled(Sink):
    """A mail server during whose every answer something may happen on the site."""

    def __init__(self) -> None:
        super().__init__()
        self.dice = random.Random(0)
        self.meanwhile: Callable[[], None] = _nothing
        self.is_over: Callable[[ReceivedMail], None] = _nothing_of

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Let something happen before a letter is begun, and put some off."""
        self.meanwhile()
        if self.dice.random() < 0.1:
            return "450 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Take a letter, let something happen before it is answered, and answer some badly or never."""
        kept = await super().handle_DATA(server, session, envelope)
        self.is_over(self.mails[-1])
        self.meanwhile()
        fate = self.dice.random()
        if fate < 0.15:
            server.transport.abort()
        return "451 later" if fate > 0.85 else kept


def _nothing() -> None:
    pass


def _nothing_of(_mail: ReceivedMail) -> None:
    pass


class Interleaving:
    """One circle, one sender, and what happens between its steps, as the dice have it."""

    def __init__(self, app: Flask, cast: Cast, server: Meddled, seed: int) -> None:
        self.dice = server.dice = random.Random(seed)
        self.app, self.server = app, server
        server.meanwhile, server.is_over = self.maybe, self.note
        self.begun = self.now = NOON
        self.story = self._begin(cast)
        self.truths: list[Truth] = [self._truth()]
        self.claimed = 0
        self.contacts = 0
        self.letters: list[Handed] = []

    def play(self) -> None:
        """Let the sender take its steps until nothing is left, and things happen meanwhile."""
        with self.app.app_context():
            relay = posting.relay()
        with relay:
            while self.now < self.begun + timedelta(minutes=12):
                self.maybe()
                if not self._send_one(relay):
                    self.now += timedelta(minutes=3)

    def _send_one(self, relay: Relay) -> bool:
        with self.app.app_context():
            self.claimed = len(self.truths) - 1
            mail = outbox.claim(self.now, lease())
        if mail is None:
            return False
        self.maybe()
        with self.app.app_context():
            posting.post(mail, relay, Ledger(lambda: self.now))
        return True

    def maybe(self) -> None:
        """Let something happen, or not."""
        if self.dice.random() < 0.4:
            with self.app.app_context():
                try:
                    self.dice.choice(self.deeds)()
                except Refusal:
                    db.session.rollback()
            self.truths.append(self._truth())

    def note(self, mail: ReceivedMail) -> None:
        """Remember that a letter is at the server."""
        self.letters.append(Handed(mail, self.claimed, len(self.truths) - 1))

    def contradictions(self) -> list[str]:
        """Say which letters say what held neither at their claim nor at any time until they were sent."""
        with self.app.app_context():
            rows = {row.message_id: row for row in story.mails(self.app)}
        first = {self.story.id(name): name for name in FIRSTS}
        found = []
        for letter in self.letters:
            row = rows[letter.mail.message["Message-ID"].strip("<>").partition("@")[0]]
            kind, reader = MailKind.named(row.kind), first[row.person_id or 0]
            truths = self.truths[letter.claimed : letter.over + 1]
            found += [
                f"{kind.words} to {reader}: {said.words}"
                for said in statements(letter.mail, kind, reader)
                if not any(said.holds(truth) for truth in truths)
            ]
        return found

    def _begin(self, cast: Cast) -> Story:
        opening = self.dice.random() < 0.4
        begun = story.begin(cast, *FIRSTS[1:], told=not opening)
        if not opening:
            self.begun = self.now = A_WEEK_BEFORE
            with self.app.app_context():
                for person_id in daily.people_due(self.now):
                    daily.write_daily(person_id, self.now)
        return begun

    @property
    def deeds(self) -> list[Callable[[], None]]:
        """What may happen, the more likely the oftener it stands here."""
        promises = [*[self.log] * 4, *[self.withdraw] * 2, *[self.no_fit] * 2, self.ask, self.take_back]
        letters = [*[self.unsubscribe] * 2, *[self.pause] * 2, self.nudge]
        return [*promises, *letters, self.leave, self.remove, self.close, self.archive]

    def log(self) -> None:
        giver, receiver = self._pair()
        self.contacts += 1
        self.story.log(giver, receiver, contact=f"Contact {self.contacts}", now=self.now)

    def withdraw(self) -> None:
        self.story.withdraw(*self._pair(), now=self.now)

    def no_fit(self) -> None:
        self.story.pass_on(*self._pair(), now=self.now)

    def ask(self) -> None:
        self.story.ask(*self._pair(), contact="Lena", now=self.now)

    def take_back(self) -> None:
        giver, receiver = self._pair()
        ref = self.story.stage.refs[receiver]
        commitments.reopen(self.story.id(giver), self.story.stage.id, self.story.number, ref, self.now)

    def leave(self) -> None:
        memberships.leave(self.story.stage.id, self._one_id(but="Ada"), self.now)

    def remove(self) -> None:
        of = self._one_id(but="Ada")
        membership = db.session.execute(select(Membership.id).where(Membership.person_id == of)).scalar_one()
        memberships.remove(self.story.stage.id, self.story.id("Ada"), membership, self.now)

    def unsubscribe(self) -> None:
        letter_switches.stop(self._one_id(), [self.dice.choice(list(Switch))], self.now)

    def pause(self) -> None:
        person_id = self._one_id()
        until = self.now.date() + timedelta(days=self.dice.choice([0, 3]))
        chosen = replace(people.letter_settings(person_id), paused_until=until)
        people.update_letters(person_id, chosen, self.now)

    def nudge(self) -> None:
        nudges.nudge(self.story.stage.id, self.story.id("Ada"), [self._one_id()], "", self.now)

    def close(self) -> None:
        by_hand.close(self.story.stage.id, self.story.id("Ada"), self.story.number, self.now)

    def archive(self) -> None:
        if self.dice.random() < 0.3:
            archiving.archive(self.story.stage.id, self.story.id("Ada"), self.now)

    def _pair(self) -> tuple[str, str]:
        giver, receiver = self.dice.sample(FIRSTS, 2)
        return giver, receiver

    def _one_id(self, but: str = "") -> int:
        return self.story.id(self.dice.choice([first for first in FIRSTS if first != but]))

    def _truth(self) -> Truth:
        with self.app.app_context():
            return committed(self.story, self.now.date())


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meddled:
    """The mail server that things happen at."""
    with Meddled() as server:
        monkeypatch.setattr(app.extensions["mail"], "port", server.port)
        yield server


def test_no_letter_contradicts_what_was_so_at_its_claim(app: Flask, cast: Cast, server: Meddled):
    play_many(app, cast, server, range(RUNS))


@pytest.mark.proof
def test_none_of_many_letters_contradicts_what_was_so_at_its_claim(app: Flask, cast: Cast, server: Meddled):
    database = app.config["DATABASE_URL"].partition(":")[0].partition("+")[0]
    play_many(app, cast, server, range(1000, 1000 + MANY_RUNS[database]))


def play_many(app: Flask, cast: Cast, server: Meddled, seeds: range) -> None:
    """Play many interleavings; see that letters of all kinds were really sent in them."""
    kinds: Counter[str] = Counter()
    for seed in seeds:
        one = Interleaving(app, cast, server, seed)
        one.play()
        assert (seed, one.contradictions()) == (seed, [])
        kinds.update(mail.kind for mail in story.mails(app))
        empty(app)
        server.clear()
    assert {"round_opened", "daily", "recap"} <= set(kinds)


def empty(app: Flask) -> None:
    """Delete all rows."""
    with app.app_context(), writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
