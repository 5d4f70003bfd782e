"""The bytes of a mail carry what was meant and nothing else, whatever people type."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.formats.message import Envelope, header_text, message_id, wire_bytes
from circle.rules.errors import CannotRender
from tests.hostile import hostile

LETTER = Envelope(
    sender_name="Circle",
    sender="circle@example.org",
    recipient_name="Ben",
    recipient="ben@example.net",
    subject="One more to make",
    text="Dear Ben,\n\nCy is left.\n",
    html="<p>Dear Ben,</p>\n<p>Cy is left.</p>\n",
    message_id="<a1b2@example.org>",
    date=datetime(2026, 11, 19, 9, 0, tzinfo=UTC),
)
CIRCLE_LETTER = replace(
    LETTER,
    list_id="p-ab12.example.org",
    unsubscribe_url="https://circle.example.org/mail/stop/" + "t" * 120,
    references=("<round-3@example.org>", "<round-3-opened@example.org>"),
    reply_to="ada@example.com",
)
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def parsed(wire: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(wire)


def body(wire: bytes, kind: str) -> str:
    return parsed(wire).get_body([kind]).get_content().replace("\r\n", "\n")


def header(wire: bytes, name: str) -> str:
    return BytesParser(policy=policy.compat32).parsebytes(wire)[name].replace("\r\n", "")


def decoded(text: str) -> str:
    return str(make_header(decode_header(text)))


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(name=st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=80))
def test_a_name_is_read_as_it_was_written(name: str):
    wire = wire_bytes(replace(LETTER, recipient_name=name))
    [(written, _)] = getaddresses([header(wire, "To")])
    assert decoded(written) == header_text(name)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(text=hostile)
def test_header_text_is_one_line_of_visible_characters(text: str):
    line = header_text(text)
    assert line == header_text(line)
    assert "=?" not in line
    assert len(line) <= 200
    assert not {unicodedata.category(character) for character in line} & UNSEEN


def test_the_parts_say_what_was_written():
    wire = wire_bytes(replace(LETTER, text="Grüße\r\n.\nFrom here\n\tLena 🎉"))
    assert body(wire, "plain") == "Grüße\n.\nFrom here\n\tLena 🎉\n"


def test_the_html_part_stands_beside_the_text():
    assert body(wire_bytes(LETTER), "html") == LETTER.html


def test_a_mail_offers_text_first_and_html_last():
    kinds = [part.get_content_type() for part in parsed(wire_bytes(LETTER)).iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_no_encoded_word_is_longer_than_mail_programs_read():
    words = header(wire_bytes(replace(LETTER, recipient_name="Ü" * 80)), "To").split()[:-1]
    assert max(map(len, words)) <= 75


def test_a_long_name_keeps_its_quotes():
    name = "Ben, of " + "a rather long house, " * 5 + "Vienna"
    assert f'To: "{name}" <ben@example.net>'.encode() in wire_bytes(replace(LETTER, recipient_name=name))


def test_both_parts_are_quoted_printable():
    parts = parsed(wire_bytes(LETTER)).iter_parts()
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2


def test_a_line_of_500_umlauts_becomes_short_lines():
    lines = wire_bytes(replace(LETTER, text="ü" * 500)).split(b"\r\n\r\n", 1)[1].split(b"\r\n")
    assert max(map(len, lines)) <= 76


def test_characters_no_mail_may_hold_are_left_out_of_the_body():
    assert body(wire_bytes(replace(LETTER, text="a\x00b\x07c\ud800d")), "plain") == "abcd\n"


def test_the_same_envelope_gives_the_same_bytes():
    assert wire_bytes(CIRCLE_LETTER) == wire_bytes(replace(CIRCLE_LETTER))


def test_another_message_id_gives_another_boundary():
    other = replace(LETTER, message_id="<z9@example.org>")
    assert parsed(wire_bytes(other)).get_boundary() != parsed(wire_bytes(LETTER)).get_boundary()


def test_every_mail_says_that_it_was_sent_by_a_site():
    assert parsed(wire_bytes(LETTER))["Auto-Submitted"] == "auto-generated"


def test_the_date_is_the_moment_given():
    vienna = timezone(timedelta(hours=1))
    letter = replace(LETTER, date=datetime(2026, 11, 19, 10, 0, 0, 7, tzinfo=vienna))
    assert b"\r\nDate: Thu, 19 Nov 2026 09:00:00 +0000\r\n" in wire_bytes(letter)


def test_a_mail_of_a_circle_carries_its_list():
    assert parsed(wire_bytes(CIRCLE_LETTER))["List-Id"] == "<p-ab12.example.org>"


def test_a_long_link_to_unsubscribe_stays_in_one_piece():
    line = f"\r\nList-Unsubscribe: <{CIRCLE_LETTER.unsubscribe_url}>\r\n".encode()
    assert line in wire_bytes(CIRCLE_LETTER)


def test_the_link_to_unsubscribe_works_with_one_click():
    assert parsed(wire_bytes(CIRCLE_LETTER))["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_sign_in_mail_carries_nothing_to_unsubscribe_from():
    assert "List-Unsubscribe" not in parsed(wire_bytes(LETTER))


def test_a_mail_names_those_it_follows():
    references = parsed(wire_bytes(CIRCLE_LETTER))["References"]
    assert references == "<round-3@example.org> <round-3-opened@example.org>"


def test_an_answer_goes_where_it_should():
    assert parsed(wire_bytes(CIRCLE_LETTER))["Reply-To"] == "ada@example.com"


def test_a_message_id_is_made_of_a_token_and_a_domain():
    assert message_id("k3-x_9", "circle.example.org") == "<k3-x_9@circle.example.org>"


@pytest.mark.parametrize("token", ["", "a b", "a>", "a\r\nBcc: x", "ü", "a" * 129])
def test_a_token_that_cannot_stand_in_a_header_is_refused(token: str):
    with pytest.raises(CannotRender):
        message_id(token, "example.org")


@pytest.mark.parametrize(
    "address",
    [
        "ben",
        "ben@",
        "@example.net",
        "ben@example.net, eve@example.com",
        "ben@example.net\r\nBcc: eve@example.com",
        "Ben <ben@example.net>",
        "bén@example.net",
        "ben@exämple.net",
        "ben@@example.net",
        "ben.@example.net",
        "b en@example.net",
    ],
)
@pytest.mark.parametrize("field", ["recipient", "sender", "reply_to"])
def test_what_is_not_one_plain_address_is_refused(field: str, address: str):
    with pytest.raises(CannotRender):
        wire_bytes(replace(LETTER, **{field: address}))


@pytest.mark.parametrize(
    "fault",
    [
        {"message_id": "a@example.org"},
        {"message_id": "<a@example.org>\r\nBcc: eve@example.com"},
        {"references": ("<a@b.c>", "<a b@c>")},
        {"list_id": "a b"},
        {"list_id": "a\r\nBcc: eve@example.com"},
        {"unsubscribe_url": "javascript:alert(1)"},
        {"unsubscribe_url": "https://example.org/ü"},
        {"unsubscribe_url": "https://example.org/> <https://evil.example"},
        {"unsubscribe_url": "https://example.org/" + "t" * 990},
        {"date": datetime(2026, 11, 19, 9, 0)},  # noqa: DTZ001 (a naive date is the fault)
    ],
    ids=lambda fault: next(iter(fault)),
)
def test_a_mail_that_could_carry_something_else_is_refused(fault: dict[str, Any]):
    with pytest.raises(CannotRender):
        wire_bytes(replace(LETTER, **fault))
