"""A trial: one real mail to an address of the operator's, to see whether mail can be sent."""

import secrets
from datetime import datetime

from flask import current_app

from circle.formats.message import Envelope, message_id, wire_bytes
from circle.letters import posting
from circle.letters.outcomes import Delivery, Outcome

SUBJECT = "Circle can send mail"
TEXT = "This is a test mail from Circle at {base}. If you can read it, mail works.\n"
HTML = '<!DOCTYPE html><html lang="en"><title>{subject}</title><p>{text}</p></html>'

VERDICTS = {
    Outcome.SENT: "Accepted. See whether it arrives, also among what is taken for spam.",
    Outcome.RETRY: "Not sent; for a letter this would be tried again later.",
    Outcome.UNKNOWN: "It may have arrived, or not.",
    Outcome.RECIPIENT_REFUSED: "The mail server refuses this recipient: check the address.",
    Outcome.MAIL_REFUSED: "The mail server refuses what the mail says.",
    Outcome.CONFIGURATION: "Not sent; all mail would wait until this is mended.",
}


def send(address: str, now: datetime) -> Delivery:
    """Send the test mail and say what came of it; nothing is written down. Raise CannotRender."""
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    with posting.relay() as relay:
        return relay.send(_wire(sender, address, now), sender, address, lambda: None)


def _wire(sender: str, address: str, now: datetime) -> bytes:
    text = TEXT.format(base=current_app.config["BASE_URL"])
    return wire_bytes(
        Envelope(
            sender_name=posting.SENDER_NAME,
            sender=sender,
            recipient_name="",
            recipient=address,
            subject=SUBJECT,
            text=text,
            html=HTML.format(subject=SUBJECT, text=text.strip()),
            message_id=message_id(secrets.token_hex(16), sender.rpartition("@")[2]),
            date=now,
        )
    )
