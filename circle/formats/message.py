"""Mail bytes: an envelope of plain values becomes one message that is safe to put on the wire."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import SMTP, EmailPolicy, compat32
from email.utils import getaddresses
from typing import cast

from circle.rules.errors import CannotRender

LONGEST_LINE = 998
LONGEST_HEADER_TEXT = 200
LONGEST_ENCODED_WORD = 75

_NARROW = SMTP.clone(max_line_length=76)

_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"\x00-\x20\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]{1,128}@[A-Za-z0-9.-]{1,253}>")
_LIST_ID = re.compile(r"[A-Za-z0-9._-]{1,254}")
_URL = re.compile(r"https?://[!-;=?-~]{1,900}")


class _Wire(EmailPolicy):
    """Write what people wrote as RFC 2047 says, and everything of ours unbroken."""

    # The library's own folding of long names loses quotes, so that a name can become an address.
    def fold_binary(self, name: str, value: str) -> bytes:
        """Return one header as it goes on the wire."""
        if name in {"From", "To"}:
            [address] = cast("AddressHeader", value).addresses
            return f"{name}: {_encoded_address(address)}\r\n".encode("ascii")
        if name == "Subject":
            return f"{name}: {_encoded(value)}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_WIRE = _Wire(linesep="\r\n", cte_type="7bit", utf8=False, max_line_length=LONGEST_LINE)


@dataclass(frozen=True)
class Envelope:
    """One mail to one person; addresses are ASCII, `message_id` and `references` in angle brackets."""

    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    list_id: str | None = None
    unsubscribe_url: str | None = None
    references: tuple[str, ...] = ()
    reply_to: str | None = None


def message_id(token: str, domain: str) -> str:
    """Return `<token@domain>`; raise CannotRender if that could not stand in a header."""
    return _checked(_MESSAGE_ID, f"<{token}@{domain}>", "message id")


def wire_bytes(envelope: Envelope) -> bytes:
    """Return the mail as ASCII bytes with CRLF, the same each time; raise CannotRender if unsafe."""
    headers = dict(_headers(envelope))
    try:
        wire = _message(envelope, headers).as_bytes(policy=_WIRE)
    except (MessageError, ValueError, LookupError) as error:
        raise CannotRender("This mail could not be put into safe bytes.") from error
    _refuse_unsafe_lines(wire)
    _refuse_other_headers(wire, envelope, [*headers, "MIME-Version", "Content-Type"])
    return wire


def header_text(text: str) -> str:
    """Return text as it may stand in a header: one line of visible characters, at most 200."""
    visible = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    # Broken up, not removed: removing could join two halves into a new encoded word.
    line = " ".join(visible.split()).replace("=?", "= ?")
    return line if len(line) <= LONGEST_HEADER_TEXT else line[: LONGEST_HEADER_TEXT - 1].rstrip() + "…"


def _headers(envelope: Envelope) -> Iterator[tuple[str, str | Address | datetime]]:
    yield "From", _address(envelope.sender_name, envelope.sender)
    yield "To", _address(envelope.recipient_name, envelope.recipient)
    yield "Subject", header_text(envelope.subject)
    yield "Date", _moment(envelope.date)
    yield "Message-ID", _checked(_MESSAGE_ID, envelope.message_id, "message id")
    if envelope.reply_to:
        yield "Reply-To", _address("", envelope.reply_to)
    if envelope.references:
        ids = (_checked(_MESSAGE_ID, each, "reference") for each in envelope.references)
        yield "References", " ".join(ids)
    if envelope.list_id:
        yield "List-Id", f"<{_checked(_LIST_ID, envelope.list_id, 'list id')}>"
    if envelope.unsubscribe_url:
        yield "List-Unsubscribe", f"<{_checked(_URL, envelope.unsubscribe_url, 'link to unsubscribe')}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Auto-Submitted", "auto-generated"


def _message(envelope: Envelope, headers: dict[str, str | Address | datetime]) -> EmailMessage:
    message = EmailMessage(policy=_NARROW)
    for name, value in headers.items():
        message[name] = value
    message["MIME-Version"] = "1.0"
    message.set_content(_body(envelope.text), cte="quoted-printable")
    message.add_alternative(_body(envelope.html), subtype="html", cte="quoted-printable")
    # Quoted-printable never holds "=_", so no body can end the message early.
    message.set_boundary("=_" + hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32])
    return message


def _refuse_unsafe_lines(wire: bytes) -> None:
    lines = wire.split(b"\r\n")
    stray = any(b"\r" in line or b"\n" in line or b"\0" in line for line in lines)
    if stray or not wire.isascii() or max(map(len, lines)) > LONGEST_LINE:
        raise CannotRender("This mail holds a line that mail servers refuse.")


def _refuse_other_headers(wire: bytes, envelope: Envelope, names: list[str]) -> None:
    # Read as the plainest of parsers would, so that nothing hides behind what the writer believes.
    parsed = BytesHeaderParser(policy=compat32).parsebytes(wire)
    if parsed.keys() != names:
        raise CannotRender("This mail would carry headers that nobody asked for.")
    wanted = {"From": envelope.sender, "To": envelope.recipient, "Reply-To": envelope.reply_to}
    for name, address in wanted.items():
        if _addresses(parsed, name) != ([address] if address else []):
            raise CannotRender("This mail would go to, or come from, another address.")


def _addresses(parsed: Message, name: str) -> list[str]:
    return [address for _, address in getaddresses(parsed.get_all(name, []))]


def _address(name: str, address: str) -> Address:
    spec = _checked(_ADDRESS, address, "address")
    try:
        return Address(display_name=header_text(name), addr_spec=spec)
    except (MessageError, ValueError, LookupError) as error:
        raise CannotRender("An email address in this mail cannot be one.") from error


def _encoded_address(address: Address) -> str:
    name = address.display_name
    return str(address) if name.isascii() else f"{_encoded(name)}\r\n <{address.addr_spec}>"


def _encoded(text: str) -> str:
    if text.isascii():
        return text
    # "Subject" leaves room for the longest header name that this is used for.
    return Header(text, "utf-8", maxlinelen=LONGEST_ENCODED_WORD, header_name="Subject").encode(
        linesep="\r\n"
    )


def _moment(date: datetime) -> datetime:
    if date.tzinfo is None:
        raise CannotRender("The date of this mail has no time zone.")
    return date.astimezone(UTC).replace(microsecond=0)


def _checked(shape: re.Pattern[str], value: str, what: str) -> str:
    if not shape.fullmatch(value):
        raise CannotRender(f"The {what} of this mail cannot stand in a mail.")
    return value


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Cs", "Zs", "Zl", "Zp"} else character


def _body(text: str) -> str:
    lines = "\n".join(text.splitlines())
    return "".join(filter(_may_stand_in_body, lines)) + "\n"


def _may_stand_in_body(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
