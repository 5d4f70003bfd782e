"""Whatever people type as names, subjects and notes, a mail goes where it should and says who sent it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser

import pytest
from hypothesis import given, settings

from circle.formats.message import LONGEST_LINE, Envelope, header_text, wire_bytes
from tests.hostile import fields

LETTER = Envelope(
    sender_name="Circle",
    sender="circle@example.org",
    recipient_name="Ben",
    recipient="ben@example.net",
    subject="One more to make",
    text="Cy is left.\n",
    html="<p>Cy is left.</p>\n",
    message_id="<a1b2@example.org>",
    date=datetime(2026, 11, 19, 9, 0, tzinfo=UTC),
    list_id="circle-ab12.example.org",
    unsubscribe_url="https://circle.example.org/letters/" + "t" * 120,
    references=("<round-3@example.org>",),
    reply_to="ada@example.com",
)
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
PARTS = [["Content-Type", "Content-Transfer-Encoding"]] * 2


@settings(max_examples=2_000, deadline=None, derandomize=True, database=None)
@given(words=fields(4))
def test_words_stay_where_they_were_typed(words: tuple[str, str, str, str]):
    assert_safe(*words)


@pytest.mark.proof
@settings(max_examples=20_000, deadline=None, database=None)
@given(words=fields(4))
def test_of_many_words_all_stay_where_they_were_typed(words: tuple[str, str, str, str]):
    assert_safe(*words)


def assert_safe(name: str, subject: str, note: str, circle: str) -> None:
    """Write a mail of these words, and read it back."""
    said = f"{subject} in {circle}"
    written = replace(LETTER, recipient_name=name, sender_name=circle, subject=said, text=note, html=note)
    wire = wire_bytes(written)
    assert wire.isascii()
    lines = wire.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) <= LONGEST_LINE
    mail = BytesParser(policy=policy.compat32).parsebytes(wire)
    assert mail.keys() == HEADERS
    assert addresses(mail, "To") == ["ben@example.net"]
    assert addresses(mail, "From") == ["circle@example.org"]
    assert str(make_header(decode_header(unfolded(mail, "Subject")))) == header_text(said)
    assert [part.keys() for part in mail.get_payload()] == PARTS


def addresses(mail: Message, name: str) -> list[str]:
    """Return the addresses of a header as another parser reads them than the one that guards the renderer."""
    header = policy.default.header_factory(name, unfolded(mail, name))
    return [address.addr_spec for address in header.addresses]


def unfolded(mail: Message, name: str) -> str:
    """Return a header in one line."""
    return mail[name].replace("\r\n", "")
