"""Letters about people and circles with hostile names arrive, byte for byte, as they were rendered."""

import re
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from circle import worker
from circle.extensions import db
from circle.formats.message import LONGEST_LINE
from circle.letters import posting
from circle.models import Circle, Introduction, Invitation, News, OutboxMail, Person, Round
from circle.rules.states import MailKind, MailState, NewsKind
from circle.services.post import news, outbox
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.hostile import fields
from tests.smtp_sink import Sink
from tests.story import Story

INPUTS = 100
"""On each database: 200 through SMTP."""
FIRST = ["From", "To", "Subject", "Date", "Message-ID"]
LAST = ["Auto-Submitted", "MIME-Version", "Content-Type"]
STOPPABLE = ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"]
HEADERS = {
    MailKind.INVITATION: [*FIRST, "Reply-To", *LAST],
    MailKind.ROUND_OPENED: [*FIRST, "References", *STOPPABLE, *LAST],
    MailKind.DAILY: [*FIRST, *STOPPABLE, *LAST],
    MailKind.NUDGE: [*FIRST, "Reply-To", "References", *STOPPABLE, *LAST],
}


def test_letters_of_hostile_words_arrive_as_they_were_rendered(app: Flask, cast: Cast, sink: Sink):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    invitation = invite(app, round_)

    @settings(max_examples=INPUTS, deadline=None, derandomize=True, database=None)
    @given(kind=st.sampled_from(list(HEADERS)), words=fields(6))
    def send(kind: MailKind, words: tuple[str, ...]) -> None:
        sink.clear()
        with app.app_context():
            mail_id = fill_in_and_queue(kind, words, round_, invitation)
            rendered = posting.preview(mail_id, NOON)
            worker.tick(NOON)
        assert [mail.state for mail in story.mails(app)] == [MailState.SENT]
        [received] = sink.mails
        assert received.raw == rendered
        assert (received.sender, received.recipients) == ("circle@example.org", (recipient_of(kind),))
        assert_safe(kind, received.raw)

    send()


def assert_safe(kind: MailKind, wire: bytes) -> None:
    """See that a mail holds the headers of its kind, one recipient, our sender, and fit lines."""
    assert wire.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire)
    assert max(map(len, wire.split(b"\r\n"))) <= LONGEST_LINE
    parsed = BytesHeaderParser().parsebytes(wire)
    assert parsed.keys() == HEADERS[kind]
    [(_, recipient)] = getaddresses([parsed["To"]])
    assert recipient == recipient_of(kind)
    assert parseaddr(parsed["From"]) == ("Circle", "circle@example.org")


def recipient_of(kind: MailKind) -> str:
    """Return to whom a letter of this kind goes here."""
    return "finn@example.org" if kind is MailKind.INVITATION else "ben@example.org"


def invite(app: Flask, round_: Story) -> int:
    """Let Ada invite Finn, who has no name yet."""
    with app.app_context(), writing() as session:
        invitation = Invitation(
            circle_id=round_.stage.id,
            inviter_id=round_.id("Ada"),
            email="finn@example.org",
            email_key="finn@example.org",
            created_at=NOON,
            expires_at=NOON.replace(day=16),
        )
        session.add(invitation)
        session.flush()
        return invitation.id


def fill_in_and_queue(kind: MailKind, words: tuple[str, ...], round_: Story, invitation_id: int) -> int:
    """Put hostile words where people's names, circles and notes are, queue a letter, and return its id."""
    reader, giver, circle, note, wish, said = words
    with writing() as session:
        session.query(News).delete()
        session.query(OutboxMail).delete()
        put(session.get_one(Person, round_.id("Ben")), Person.name, reader)
        put(session.get_one(Person, round_.id("Ada")), Person.name, giver)
        put(session.get_one(Person, round_.id("Cy")), Person.name, said)
        put(session.get_one(Person, round_.id("Cy")), Person.wish, wish)
        put(session.get_one(Circle, round_.stage.id), Circle.name, circle)
        put(session.get_one(Circle, round_.stage.id), Circle.charter, note)
        put(session.get_one(Invitation, invitation_id), Invitation.name, reader)
        put(session.query(Round).one(), Round.theme, wish)
        put(session.query(Introduction).one(), Introduction.contact_name, wish)
        put(session.query(Introduction).one(), Introduction.reason, said)
        return queue(kind, round_, invitation_id, storable(note, OutboxMail.note))


def queue(kind: MailKind, round_: Story, invitation_id: int, note: str) -> int:
    """Queue a letter; a daily one tells of Ada's introduction."""
    about: dict[str, Any] = {"by_id": round_.id("Ada"), "note": note}
    if kind is MailKind.INVITATION:
        about |= {"invitation_id": invitation_id}
    else:
        about |= {"person_id": round_.id("Ben"), "circle_id": round_.stage.id, "round_id": round_.round_id()}
    outbox.queue(kind, key="the one", now=NOON, **about)
    mail_id = db.session.execute(select(OutboxMail.id)).scalar_one()
    if kind is MailKind.DAILY:
        made = db.session.execute(select(Introduction.id)).scalar_one()
        news.tell(
            round_.id("Ben"), NewsKind.INTRODUCED, circle_id=round_.stage.id, now=NOON, introduction_id=made
        )
        news.put_into(mail_id, round_.id("Ben"), NOON)
    return mail_id


def put(row: object, column: InstrumentedAttribute[str], text: str) -> None:
    """Set a column, past the gate that would refuse such words."""
    setattr(row, column.key, storable(text, column))


def storable(text: str, column: InstrumentedAttribute[str]) -> str:
    """Return what of a text a database keeps: no half characters, on PostgreSQL no NUL, and not too long."""
    whole = text.encode("utf-8", "ignore").decode().replace("\0", "")
    return whole[: getattr(column.type, "length", None)]
