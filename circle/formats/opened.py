"""Mail read back: what a mail program would show of the bytes."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """One mail as its reader sees it."""

    sender: str
    recipient: str
    subject: str
    date: datetime | None
    text: str
    html: str


def open_mail(wire: bytes) -> OpenedMail:
    """Return what a mail program would show of these bytes."""
    message = BytesParser(policy=policy.default).parsebytes(wire)
    date = message["Date"]
    return OpenedMail(
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        date=date.datetime if date else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def subject_of(wire: bytes) -> str:
    """Return the subject of these bytes alone."""
    return str(BytesHeaderParser(policy=policy.default).parsebytes(wire)["Subject"])


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
