"""What is committed at one moment, and what a letter says of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction, Membership, Person, Round
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, MailKind, RoundState
from tests.cast import DOES
from tests.smtp_sink import ReceivedMail
from tests.story import Story

CLOSED = {RoundState.CLOSED, RoundState.SEALED}


@dataclass(frozen=True)
class Truth:
    """The whole of a small circle as it stands, people by first name."""

    members: frozenset[str]
    off: dict[str, frozenset[str]]
    paused: frozenset[str]
    promises: dict[tuple[str, str], CommitmentState]
    standing: dict[str, bool]
    """Whether the introduction to a contact stands, by the contact's name."""
    round: RoundState
    archived: bool


@dataclass(frozen=True)
class Statement:
    """One thing a letter says or takes for granted."""

    words: str
    holds: Callable[[Truth], bool]


def committed(story: Story, today: date) -> Truth:
    """Read everything anew; inside an app context."""
    db.session.rollback()
    first = {story.id(name): name for name in story.people}
    people = db.session.execute(select(Person.id, Person.letters_off, Person.letters_paused_until)).all()
    seated = db.session.scalars(select(Membership.person_id).where(Membership.left_at.is_(None)))
    promises = db.session.execute(select(Commitment.giver_id, Commitment.receiver_id, Commitment.state))
    made = db.session.execute(select(Introduction.contact_name, Introduction.withdrawn_at))
    truth = Truth(
        members=frozenset(first[one] for one in seated),
        off={first[one]: frozenset(off.split()) for one, off, _ in people},
        paused=frozenset(first[one] for one, _, until in people if until and today < until),
        promises={(first[giver], first[receiver]): state for giver, receiver, state in promises},
        standing={name: withdrawn_at is None for name, withdrawn_at in made},
        round=db.session.execute(select(Round.state)).scalar_one(),
        archived=db.session.execute(select(Circle.archived_at)).scalar_one() is not None,
    )
    db.session.rollback()
    return truth


def statements(mail: ReceivedMail, kind: MailKind, reader: str) -> Iterator[Statement]:
    """Read out of a letter what it says."""
    yield Statement(f"{reader} wants it", lambda now: _wants(now, kind, reader))
    if kind is MailKind.LEFT:
        yield Statement(f"{reader} has left", lambda now: reader not in now.members)
    elif kind is not MailKind.DAILY:
        yield Statement(f"{reader} is in the circle", lambda now: reader in now.members and not now.archived)
    if kind is MailKind.ROUND_OPENED:
        yield Statement("the round is open", lambda now: now.round is RoundState.OPEN)
    if kind is MailKind.RECAP:
        yield Statement("the round has closed", lambda now: now.round in CLOSED)
    if kind is MailKind.ALL_DONE:
        yield Statement("all is done", lambda now: not OUTSTANDING & set(now.promises.values()))
    text = " ".join(mail.text.split())
    yield from _outstanding(text, reader)
    yield from _news(text, reader)


def _wants(now: Truth, kind: MailKind, reader: str) -> bool:
    return kind.switch is None or (kind.switch not in now.off[reader] and reader not in now.paused)


def _outstanding(text: str, reader: str) -> Iterator[Statement]:
    for receiver, (*_, wish) in DOES.items():
        if receiver != reader and wish in text:
            pair = reader, receiver
            yield Statement(
                f"{reader} has {receiver} left", lambda now, pair=pair: now.promises[pair] in OUTSTANDING
            )


def _news(text: str, reader: str) -> Iterator[Statement]:
    for contact in re.findall(r"introduced you to (Contact \w+)", text):
        yield Statement(f"{contact} was introduced", lambda now, who=contact: now.standing[who])
    for contact in re.findall(r"took back the introduction to (Contact \w+)", text):
        yield Statement(f"{contact} was taken back", lambda now, who=contact: not now.standing[who])
    for giver in re.findall(r"(\w+) \w+ looked, and found no fit", text):
        pair = giver, reader
        yield Statement(
            f"{giver} found no fit",
            lambda now, pair=pair: now.promises[pair] is CommitmentState.PASSED,
        )
