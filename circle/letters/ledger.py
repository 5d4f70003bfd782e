"""The ledger of one connection: how each try to send a mail ends, and that the outbox hears of it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy.exc import OperationalError

from circle.letters.line import Deadlines
from circle.letters.outcomes import Delivery, Outcome
from circle.rules.states import MailState
from circle.services.post import outbox
from circle.services.post.claims import Claimed
from circle.services.work import end_reading

NOTE_PAUSES = (0.2, 0.5, 1, 2)
"""Seconds between two tries to note what came of a mail."""
COMMANDS = 6
"""Answers one mail may have to wait for before its last line, each as long as its deadline."""
SETTLED = {
    Outcome.SENT: MailState.SENT,
    Outcome.RECIPIENT_REFUSED: MailState.FAILED,
    Outcome.MAIL_REFUSED: MailState.FAILED,
}

Moment = Callable[[], datetime]

log = logging.getLogger(__name__)


def deadlines() -> Deadlines:
    """Return how long each answer of the mail server is waited for."""
    config = current_app.config
    return Deadlines(
        config["MAIL_CONNECT_SECONDS"], config["MAIL_COMMAND_SECONDS"], config["MAIL_FINAL_SECONDS"]
    )


def lease() -> timedelta:
    """Return how long a claim holds: longer than the deadlines of one try together."""
    waits = deadlines()
    return max(outbox.LEASE, timedelta(seconds=waits.connect + COMMANDS * waits.command + waits.final + 60))


class Ledger:
    """What one connection tells the outbox, and the mail it holds to send next.

    While answers come at once, that a mail was sent is told with the beginning of the next one: a unit of
    work a mail, not two. Who is killed in between leaves a mail that is sent again as it was, so what goes at
    most once is told at once. Behind an answer that takes its time no mail is held: another connection could
    have sent it.
    """

    def __init__(
        self,
        moment: Moment,
        goes_on: Callable[[], bool] = lambda: False,
        are_answers_quick: Callable[[], bool] = lambda: False,
    ) -> None:
        self.moment = moment
        self.following: Claimed | None = None
        self._goes_on = goes_on
        self._are_answers_quick = are_answers_quick
        self._sent: outbox.Sent | None = None

    def take_following(self) -> Claimed | None:
        """Return the mail to send next and hold it no more."""
        following, self.following = self.following, None
        return following

    def begin(self, mail: Claimed, wire: bytes, recipient: str) -> None:
        """Record that the bytes are about to go out; raise ClaimLost when the mail is another's by now."""
        ahead = self._next() if self._are_answers_quick() else None
        now, before = self.moment(), self._sent
        self.following = outbox.start(mail, wire, recipient, now, lease(), before=before, claim_next=ahead)
        self._sent = None

    def close(self, mail: Claimed, recipient: str, delivery: Delivery) -> None:
        """Note what the mail server made of a mail, again and again while the database is busy."""
        if delivery.outcome is Outcome.SENT and self.following and not mail.kind.at_most_once:
            self._sent = outbox.Sent(mail, recipient, delivery.words, self.moment())
        else:
            _noted(lambda: self._close(mail, recipient, delivery))

    def settle(self, mail: Claimed, state: MailState, words: str, **more: Any) -> None:
        """Close a mail for good."""
        self._note_sent()
        claimed = outbox.settle(mail, state, words, self.moment(), claim_next=self._next(), **more)
        self.following = self.following or claimed

    def put_off(self, mail: Claimed, words: str, *, may_have_arrived: bool = False) -> None:
        """Leave a mail for a later try."""
        self._note_sent()
        now, following = self.moment(), self._next()
        claimed = outbox.put_off(mail, words, now, may_have_arrived=may_have_arrived, claim_next=following)
        self.following = self.following or claimed

    def end(self) -> None:
        """Note what is not noted yet, and give back the mail that was to be sent next."""
        _noted(self._note_sent)
        following = self.take_following()
        if following:
            outbox.give_back(following)

    def _close(self, mail: Claimed, recipient: str, delivery: Delivery) -> None:
        # First, as a mail that was sent lets mail go again: it must not undo the pause that comes after it.
        self._note_sent()
        if delivery.outcome is Outcome.CONFIGURATION:
            outbox.hold_back(mail, delivery.words, self.moment())
            self.end()
        elif delivery.way_is_closed:
            outbox.give_back(mail, delivery.words)
            self.end()
        elif delivery.outcome is Outcome.UNKNOWN and mail.kind.at_most_once:
            self.settle(mail, MailState.UNKNOWN, f"It may not have arrived. {delivery.words}")
        elif delivery.outcome in SETTLED:
            state, dead = SETTLED[delivery.outcome], delivery.address_is_dead
            self.settle(mail, state, delivery.words, recipient=recipient, address_is_dead=dead)
        else:
            self.put_off(mail, delivery.words, may_have_arrived=delivery.outcome is Outcome.UNKNOWN)

    def _note_sent(self) -> None:
        if self._sent:
            outbox.note(self._sent)
            self._sent = None

    def _next(self) -> timedelta | None:
        return lease() if self._goes_on() and not self.following else None


def _noted(close: Callable[[], None]) -> None:
    # Nobody else knows what the mail server answered: a busy database must not make us forget it.
    for pause in NOTE_PAUSES:
        try:
            return close()
        except OperationalError:
            log.exception("an answer could not be noted yet")
            end_reading()
            time.sleep(pause)
    return close()
