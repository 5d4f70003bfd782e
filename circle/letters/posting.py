"""Posting: a claimed mail becomes bytes, and the outbox hears what the mail server made of them."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from circle.config import Settings
from circle.formats.message import Envelope, message_id, wire_bytes
from circle.letters import arriving, daily, frozen, leaving, organising, rounds
from circle.letters.connection import Relay
from circle.letters.ledger import Ledger, deadlines
from circle.letters.letter import CAME_BACK, Letter, NotWanted
from circle.rules.errors import CannotRender
from circle.rules.states import MailKind, MailState
from circle.services.post import claims, dead_addresses, letter_facts, outbox
from circle.services.post.claims import Claimed, ClaimLost
from circle.services.work import end_reading

SENDER_NAME = "Circle"
NO_DATABASE = "The database did not answer in time."

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
    MailKind.TO_BE_ERASED: leaving.to_be_erased_letter,
}

KEPT = "Kept in the mailbox."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """What was done with a mail, in words.

    `way_is_open` says whether the mail server took mail at all, None when it was not asked; `waited` is how
    many seconds its answers took.
    """

    words: str
    way_is_open: bool | None = None
    waited: float = 0.0


def relay() -> Relay:
    """Return the way to the mail server, to be opened with `with`; it dials with the first mail."""
    return Relay(current_app.extensions["mail"], deadlines())


def post(mail: Claimed, relay: Relay, ledger: Ledger) -> Posted:
    """Try to send a claimed mail and let the ledger settle it or put it off; say in words what was done."""
    try:
        letter = _letter(mail, ledger.moment())
        wire = _frozen(mail, letter) or wire_bytes(_envelope(mail, letter))
    except NotWanted as reason:
        waits = reason.news_waits and mail.wire is None
        ledger.settle(mail, MailState.DROPPED, reason.words, news_waits=waits)
        return Posted(f"Dropped {_named(mail)}: {reason.words}")
    except SQLAlchemyError:
        # The database was busy or away for a moment; nothing is wrong with the mail.
        log.exception("mail %s could not be read", mail.id)
        end_reading()
        ledger.put_off(mail, NO_DATABASE)
        return Posted(f"Put off {_named(mail)}: {NO_DATABASE}")
    except Exception as error:
        # A mail that cannot be written fails alone: the next one may be fine.
        log.exception("mail %s could not be written", mail.id)
        words = error.sentence if isinstance(error, CannotRender) else f"It could not be written: {error!r}."
        ledger.settle(mail, MailState.FAILED, words)
        return Posted(f"Failed {_named(mail)}: {words}")
    finally:
        end_reading()
    if not _settings().sends_mail:
        ledger.settle(mail, MailState.SENT, KEPT, wire=wire, recipient=letter.to)
        return Posted(f"Kept {_named(mail)} in the mailbox.")
    return _send(mail, relay, letter, wire, ledger)


def preview(mail_id: int, now: datetime) -> bytes | None:
    """Return the bytes of a mail that is still here, None when it is gone; a sign-in gets fresh secrets."""
    mail = claims.facts(mail_id)
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
    # Whoever writes to a member has looked at this already.
    by_address = letter.to_demo is None and mail.kind not in outbox.SECRET
    if by_address and dead_addresses.is_dead(letter.to):
        raise NotWanted(CAME_BACK)
    return letter


def _goes_nowhere(mail: Claimed, letter: Letter) -> bool:
    if letter.to.lower().endswith(".invalid"):
        return True
    if letter.to_demo is None and mail.person_id:
        reader = letter_facts.reader(mail.person_id)
        return reader is not None and reader.demo
    return bool(letter.to_demo)


def _frozen(mail: Claimed, letter: Letter) -> bytes | None:
    # What went to an old address must not go there again, so then it is written anew.
    if mail.wire is None or mail.recipient != letter.to:
        return None
    if not frozen.still_says(mail.wire, letter):
        raise NotWanted("It may have arrived already, and what it said has changed since.")
    return mail.wire


def _send(mail: Claimed, relay: Relay, letter: Letter, wire: bytes, ledger: Ledger) -> Posted:
    asked, own = time.monotonic(), 0.0

    def begin() -> None:
        nonlocal own
        began = time.monotonic()
        ledger.begin(mail, wire, letter.to)
        own = time.monotonic() - began

    try:
        delivery = relay.send(wire, current_app.config["MAIL_DEFAULT_SENDER"], letter.to, begin)
    except ClaimLost:
        return Posted(f"Left {_named(mail)} to another worker.")
    waited = time.monotonic() - asked - own
    ledger.close(mail, letter.to, delivery)
    words = f"{delivery.outcome.value.capitalize()}, {_named(mail)}: {delivery.words}"
    return Posted(words, not delivery.way_is_closed, waited)


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


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _named(mail: Claimed) -> str:
    return f"mail {mail.id} ({mail.kind.words.lower()})"
