"""Endings: how a try to send a mail ends, and that the outbox hears of it."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Ending:
    """How a try ends: with the moment it ends at, and another claim while there is to be one."""

    moment: Moment
    goes_on: Callable[[], bool]

    def close(self, mail: Claimed, recipient: str, delivery: Delivery) -> Claimed | None:
        """Let the outbox hear what the mail server made of a mail."""
        if delivery.outcome is Outcome.CONFIGURATION:
            outbox.hold_back(mail, delivery.words, self.moment())
            return None
        if delivery.way_is_closed:
            outbox.give_back(mail, delivery.words)
            return None
        if delivery.outcome is Outcome.UNKNOWN and mail.kind.at_most_once:
            return self.settle(mail, MailState.UNKNOWN, f"It may not have arrived. {delivery.words}")
        if delivery.outcome in SETTLED:
            state, dead = SETTLED[delivery.outcome], delivery.address_is_dead
            return self.settle(mail, state, delivery.words, recipient=recipient, address_is_dead=dead)
        return self.put_off(mail, delivery.words, may_have_arrived=delivery.outcome is Outcome.UNKNOWN)

    def settle(self, mail: Claimed, state: MailState, words: str, **more: Any) -> Claimed | None:
        """Close the mail for good."""
        return outbox.settle(mail, state, words, self.moment(), claim_next=self._next(), **more)

    def put_off(self, mail: Claimed, words: str, *, may_have_arrived: bool = False) -> Claimed | None:
        """Leave the mail for a later try."""
        return outbox.put_off(
            mail, words, self.moment(), may_have_arrived=may_have_arrived, claim_next=self._next()
        )

    def _next(self) -> timedelta | None:
        return lease() if self.goes_on() else None


def noted(close: Callable[[], Claimed | None]) -> Claimed | None:
    """Close a try, again and again while the database is busy."""
    # Nobody else knows what the mail server answered: a busy database must not make us forget it.
    for pause in NOTE_PAUSES:
        try:
            return close()
        except OperationalError:
            log.exception("an answer could not be noted yet")
            end_reading()
            time.sleep(pause)
    return close()
