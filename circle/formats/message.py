"""Mail bytes: an envelope of plain values becomes one message that is safe to put on the wire."""

import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses

from circle.rules.errors import CannotRender

LONGEST_LINE = 998
LONGEST_HEADER_TEXT = 200
LONGEST_ENCODED_WORD = 75

_ADDRESS = re.compile(r"[^@\s<>()\[\]\\,;:\"\x00-\x20\x7f-\U0010ffff]{1,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]{1,128}@[A-Za-z0-9.-]{1,253}>")
_LIST_ID = re.compile(r"[A-Za-z0-9._-]{1,254}")
_UNFIT_FOR_BODY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but tab and line feed, and halves of surrogate pairs."""
_URL = re.compile(r"https?://[!-;=?-~]{1,900}")


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
    try:
        headers = dict(_headers(envelope))
        wire = _put_together(headers, envelope)
    except (MessageError, ValueError, LookupError) as error:
        raise CannotRender("This mail could not be put into safe bytes.") from error
    _refuse_unsafe_lines(wire)
    _refuse_other_headers(wire, envelope, list(headers))
    return wire


def header_text(text: str) -> str:
    """Return text as it may stand in a header: one line of visible characters, at most 200."""
    visible = "".join(map(_visible, unicodedata.normalize("NFC", text)))
    # Broken up, not removed: removing could join two halves into a new encoded word.
    line = " ".join(visible.split()).replace("=?", "= ?")
    return line if len(line) <= LONGEST_HEADER_TEXT else line[: LONGEST_HEADER_TEXT - 1].rstrip() + "…"


def _headers(envelope: Envelope) -> Iterator[tuple[str, str]]:
    yield "From", _encoded_address(_address(envelope.sender_name, envelope.sender))
    yield "To", _encoded_address(_address(envelope.recipient_name, envelope.recipient))
    yield "Subject", _encoded(header_text(envelope.subject))
    yield "Date", format_datetime(_moment(envelope.date))
    yield "Message-ID", _checked(_MESSAGE_ID, envelope.message_id, "message id")
    if envelope.reply_to:
        yield "Reply-To", _encoded_address(_address("", envelope.reply_to))
    if envelope.references:
        ids = (_checked(_MESSAGE_ID, each, "reference") for each in envelope.references)
        yield "References", " ".join(ids)
    if envelope.list_id:
        yield "List-Id", f"<{_checked(_LIST_ID, envelope.list_id, 'list id')}>"
    if envelope.unsubscribe_url:
        yield "List-Unsubscribe", f"<{_checked(_URL, envelope.unsubscribe_url, 'link to unsubscribe')}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "Auto-Submitted", "auto-generated"
    yield "MIME-Version", "1.0"
    yield "Content-Type", f'multipart/alternative; boundary="{_boundary(envelope)}"'


# By hand: the library's own folding breaks long links, and loses quotes of long names, so that a name can
# become an address. It also takes four times as long.
def _put_together(headers: dict[str, str], envelope: Envelope) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    edge = b"--" + _boundary(envelope).encode("ascii")
    parts = (_part("plain", envelope.text), _part("html", envelope.html))
    return (
        head.encode("ascii") + b"".join(b"\r\n" + edge + part for part in parts) + b"\r\n" + edge + b"--\r\n"
    )


def _part(kind: str, text: str) -> bytes:
    kind = f'Content-Type: text/{kind}; charset="utf-8"'
    head = f"\r\n{kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    body = binascii.b2a_qp(_body(text).encode("utf-8"), istext=True)
    return head.encode("ascii") + body.replace(b"\n", b"\r\n")


def _boundary(envelope: Envelope) -> str:
    # Quoted-printable never holds "=_", so no body can end the message early.
    return "=_" + hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]


def _refuse_unsafe_lines(wire: bytes) -> None:
    lines = wire.split(b"\r\n")
    ends = len(lines) - 1
    stray = wire.count(b"\r") != ends or wire.count(b"\n") != ends or b"\0" in wire
    if stray or not wire.isascii() or max(map(len, lines)) > LONGEST_LINE:
        raise CannotRender("This mail holds a line that mail servers refuse.")


def _refuse_other_headers(wire: bytes, envelope: Envelope, names: list[str]) -> None:
    # Read as the plainest of parsers would, so that nothing hides behind what the writer believes.
    head, end, _ = wire.partition(b"\r\n\r\n")
    parsed = BytesHeaderParser(policy=compat32).parsebytes(head + end)
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
    return _UNFIT_FOR_BODY.sub("", "\n".join(text.splitlines())) + "\n"
