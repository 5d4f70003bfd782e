"""`flask circle letter NAME`: every letter as it would go out, made where nothing of it is kept."""

import email
from email import policy
from email.message import EmailMessage
from typing import cast

import pytest
from flask import Flask

from circle.formats.opened import open_mail
from circle.rules.states import MailKind
from circle.services.post import claims
from circle.services.running import demo_letters, rehearsal
from tests.cast import NOON, Cast
from tests.letters.test_letters import Shown
from tests.snapshot import rows

pytestmark = pytest.mark.one_database

NAMES = [scene.name for scene in demo_letters.SCENES]
ALWAYS_SENT = {
    "sign_in",
    "confirmation",
    "new_address",
    "invitation",
    "invitation_again",
    "left",
    "to_be_erased",
}
DAILY = {"daily", "reminder", "news", "look_again", "fifteen_minutes"}
OF_A_ROUND = {"round_opened", "recap", "all_done", "nudge"}
ON_BUTTONS = frozenset(
    (
        "Circle",
        "Everything",
        "Hello",
        "Open",
        "Sign",
        "Look",
        "Organise",
        "Round",
        "Confirm",
        "Please",
        "Your",
    )
)
"""Words that only a heading or a button of the HTML begins with."""


@pytest.fixture(scope="module")
def printed(app: Flask) -> dict[str, bytes]:
    """What the command prints for each letter."""
    runner = app.test_cli_runner()
    return {name: runner.invoke(args=["circle", "letter", name]).stdout_bytes for name in NAMES}


def parsed(wire: bytes) -> EmailMessage:
    return cast("EmailMessage", email.message_from_bytes(wire, policy=policy.default))


def test_every_kind_of_mail_has_a_letter_to_look_at(app: Flask):
    kinds = set()
    for name in NAMES:
        with app.app_context(), rehearsal.empty_database():
            staged = demo_letters.stage(name, NOON)
            mail = claims.facts(staged.mail_id)
            assert mail, name
            kinds.add(mail.kind)
    assert kinds == set(MailKind)


def test_without_a_name_it_lists_them_all(app: Flask):
    listed = app.test_cli_runner().invoke(args=["circle", "letter"]).output.splitlines()
    assert [line.split()[0] for line in listed[:-1]] == NAMES


def test_a_name_that_is_no_letter_is_refused_in_words(app: Flask):
    result = app.test_cli_runner().invoke(args=["circle", "letter", "postcard"])
    assert (result.exit_code, "There is no letter postcard." in result.output) == (1, True)


def test_nothing_of_the_site_is_changed(app: Flask, cast: Cast):
    cast.circle("Ben")
    before = rows(app)
    app.test_cli_runner().invoke(args=["circle", "letter", "recap"])
    assert rows(app) == before


@pytest.mark.parametrize("name", NAMES)
def test_each_is_printed_as_it_would_go_on_the_wire(printed: dict[str, bytes], name: str):
    wire = printed[name]
    message = parsed(wire)
    assert not message.defects
    assert wire.isascii()
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert (message["Auto-Submitted"], message["From"]) == ("auto-generated", "Circle <circle@example.org>")
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Date"].datetime.utcoffset() is not None


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_stopped_by_one_click_unless_it_is_always_sent(printed: dict[str, bytes], name: str):
    wire, message = printed[name], parsed(printed[name])
    stops = [line for line in wire.split(b"\r\n") if line.startswith(b"List-Unsubscribe: <http")]
    assert len(stops) == (0 if name in ALWAYS_SENT else 1)
    assert message["List-Unsubscribe-Post"] == (None if name in ALWAYS_SENT else "List-Unsubscribe=One-Click")
    if stops:
        url = stops[0].removeprefix(b"List-Unsubscribe: <").removesuffix(b">").decode()
        assert url in open_mail(wire).text


@pytest.mark.parametrize("name", NAMES)
def test_each_names_its_list_and_those_of_a_round_their_thread(printed: dict[str, bytes], name: str):
    message = parsed(printed[name])
    list_id = str(message["List-Id"] or "")
    if name in DAILY:
        assert list_id.startswith("<daily-")
    elif name in ALWAYS_SENT - {"left"}:
        assert not list_id
    else:
        assert list_id.startswith("<circle-demo.")
    assert (message["References"] is not None) == (name in OF_A_ROUND)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_and_link_of_the_html_is_in_the_text(printed: dict[str, bytes], name: str):
    mail = open_mail(printed[name])
    shown = Shown(mail.html)
    assert {link for link in shown.links if link not in mail.text} == set()
    text = mail.text.split()
    names = {word for word in shown.words.replace(",", " ").split() if word[:1].isupper() and len(word) > 3}
    assert names
    missing = {word.strip(".,:?!'()") for word in names} - {word.strip(".,:?!'*\"()") for word in text}
    assert missing <= ON_BUTTONS


@pytest.mark.parametrize("name", NAMES)
def test_a_subject_is_short_enough_for_a_phone(printed: dict[str, bytes], name: str):
    assert 0 < len(open_mail(printed[name]).subject) <= 70
