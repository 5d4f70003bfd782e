"""Posting: a claimed mail becomes bytes, and the outbox hears what the mail server made of them."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from circle.config import Settings
from circle.formats.message import Envelope, message_id, wire_bytes
from circle.letters import arriving, daily, frozen, leaving, organising, rounds
from circle.letters.connection import Relay
from circle.letters.letter import CAME_BACK, Letter, NotWanted
from circle.letters.line import Deadlines
from circle.letters.outcomes import Delivery, Outcome
from circle.rules.errors import CannotRender
from circle.rules.states import MailKind, MailState
from circle.services.post import dead_addresses, letter_facts, outbox
from circle.services.post.claims import Claimed, ClaimLost
from circle.services.work import end_reading

SENDER_NAME = "Circle"
NO_DATABASE = "The database did not answer in time."
NOTE_PAUSES = (0.2, 0.5, 1, 2)
"""Seconds between two tries to note what came of a mail."""
COMMANDS = 6
"""Answers one mail may have to wait for before its last line, each as long as its deadline."""

WRITERS: dict[MailKind, Callable[[Claimed, datetime], Letter]] = {
    MailKind.SIGN_IN: arriving.sign_in_letter,
    MailKind.NEW_ADDRESS: arriving.new_address_letter,
    MailKind.INVITATION: arriving.invitation_letter,
    MailKind.ROUND_OPENED: rounds.round_opened_letter,
    MailKind.DAILY: daily.daily_letter,
    MailKind.RECAP: rounds.recap_letter,
    MailKind.ALL_DONE: rounds.all_done_letter,
    MailKind.HELD_BACK: organising.held_back_letter,
    MailKind.JOB_TAKEN: organising.job_taken_letter,
    MailKind.NUDGE: organising.nudge_letter,
    MailKind.LEFT: leaving.left_letter,
}

KEPT = "Kept in the mailbox."

SETTLED = {
    Outcome.SENT: MailState.SENT,
    Outcome.RECIPIENT_REFUSED: MailState.FAILED,
    Outcome.MAIL_REFUSED: MailState.FAILED,
}

Moment = Callable[[], datetime]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done with a mail, in words, and the mail claimed after it.

    `way_is_open` says whether the mail server took mail at all, None when it was not asked.
    """

    words: str
    following: Claimed | None
    way_is_open: bool | None = None


def relay() -> Relay:
    """Return the way to the mail server, to be opened with `with`; it dials with the first mail."""
    return Relay(current_app.extensions["mail"], _deadlines())


def lease() -> timedelta:
    """Return how long a claim holds: longer than the deadlines of one try together."""
    waits = _deadlines()
    return max(outbox.LEASE, timedelta(seconds=waits.connect + COMMANDS * waits.command + waits.final + 60))


def post(mail: Claimed, relay: Relay, moment: Moment, goes_on: Callable[[], bool] = lambda: False) -> Posted:
    """Try to send a claimed mail and settle it or put it off; say in words what was done.

    While it goes on, the next mail is claimed in the unit of work that ends this one.
    """
    ending = _Ending(moment, goes_on)
    try:
        letter = _letter(mail, moment())
        wire = _frozen(mail, letter) or wire_bytes(_envelope(mail, letter))
    except NotWanted as reason:
        waits = reason.news_waits and mail.wire is None
        following = ending.settle(mail, MailState.DROPPED, reason.words, news_waits=waits)
        return Posted(f"Dropped {_named(mail)}: {reason.words}", following)
    except SQLAlchemyError:
        # The database was busy or away for a moment; nothing is wrong with the mail.
        log.exception("mail %s could not be read", mail.id)
        end_reading()
        return Posted(f"Put off {_named(mail)}: {NO_DATABASE}", ending.put_off(mail, NO_DATABASE))
    except Exception as error:
        # A mail that cannot be written fails alone: the next one may be fine.
        log.exception("mail %s could not be written", mail.id)
        words = error.sentence if isinstance(error, CannotRender) else f"It could not be written: {error!r}."
        return Posted(f"Failed {_named(mail)}: {words}", ending.settle(mail, MailState.FAILED, words))
    finally:
        end_reading()
    if not _settings().sends_mail:
        kept = ending.settle(mail, MailState.SENT, KEPT, wire=wire, recipient=letter.to)
        return Posted(f"Kept {_named(mail)} in the mailbox.", kept)
    return _send(mail, relay, letter, wire, ending)


def preview(mail_id: int, now: datetime) -> bytes | None:
    """Return the bytes of a mail that is still here, None when it is gone; a sign-in gets fresh secrets."""
    mail = outbox.facts(mail_id)
    if mail is None:
        return None
    if mail.wire:
        return mail.wire
    try:
        return wire_bytes(_envelope(mail, WRITERS[mail.kind](mail, now)))
    except NotWanted:
        return None
    finally:
        end_reading()


def _letter(mail: Claimed, now: datetime) -> Letter:
    letter = WRITERS[mail.kind](mail, now)
    if _settings().sends_mail and _goes_nowhere(mail, letter):
        raise NotWanted("Demo people get no mail.")
    if mail.kind not in outbox.SECRET and dead_addresses.is_dead(letter.to):
        raise NotWanted(CAME_BACK)
    return letter


def _goes_nowhere(mail: Claimed, letter: Letter) -> bool:
    reader = letter_facts.reader(mail.person_id) if mail.person_id else None
    return letter.to.lower().endswith(".invalid") or (reader is not None and reader.demo)


def _frozen(mail: Claimed, letter: Letter) -> bytes | None:
    # What went to an old address must not go there again, so then it is written anew.
    if mail.wire is None or mail.recipient != letter.to:
        return None
    if not frozen.still_says(mail.wire, letter):
        raise NotWanted("It may have arrived already, and what it said has changed since.")
    return mail.wire


def _send(mail: Claimed, relay: Relay, letter: Letter, wire: bytes, ending: "_Ending") -> Posted:
    def begin() -> None:
        outbox.start(mail, wire, letter.to, ending.moment(), lease())

    try:
        delivery = relay.send(wire, current_app.config["MAIL_DEFAULT_SENDER"], letter.to, begin)
    except ClaimLost:
        return Posted(f"Left {_named(mail)} to another worker.", None)
    words = f"{delivery.outcome.value.capitalize()}, {_named(mail)}: {delivery.words}"
    following = _noted(lambda: ending.close(mail, letter.to, delivery))
    return Posted(words, following, not delivery.way_is_closed)


def _noted(close: Callable[[], Claimed | None]) -> Claimed | None:
    # Nobody else knows what the mail server answered: a busy database must not make us forget it.
    for pause in NOTE_PAUSES:
        try:
            return close()
        except OperationalError:
            log.exception("an answer could not be noted yet")
            end_reading()
            time.sleep(pause)
    return close()


@dataclass(frozen=True, slots=True)
class _Ending:
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


def _envelope(mail: Claimed, letter: Letter) -> Envelope:
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    domain = sender.rpartition("@")[2]
    host = urlsplit(current_app.config["BASE_URL"]).hostname or domain
    return Envelope(
        sender_name=SENDER_NAME,
        sender=sender,
        recipient_name=letter.to_name,
        recipient=letter.to,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        message_id=message_id(mail.token, domain),
        date=mail.created_at,
        list_id=f"{letter.list_id}.{host}" if letter.list_id else None,
        unsubscribe_url=letter.unsubscribe_url,
        references=(message_id(letter.thread, domain),) if letter.thread else (),
        reply_to=letter.reply_to,
    )


def _deadlines() -> Deadlines:
    config = current_app.config
    return Deadlines(
        config["MAIL_CONNECT_SECONDS"], config["MAIL_COMMAND_SECONDS"], config["MAIL_FINAL_SECONDS"]
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _named(mail: Claimed) -> str:
    return f"mail {mail.id} ({mail.kind.words.lower()})"
