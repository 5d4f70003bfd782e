"""A thousand mails, three workers, a hundred kills: nothing is lost, and no reminder comes twice."""

import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from circle import clock
from circle.extensions import db
from circle.models import OutboxMail
from circle.rules.states import MailKind, MailState
from circle.services.post import outbox
from tests import story
from tests.proof import reliability
from tests.proof.crowd import FAULTY, INVITATIONS, OPENINGS, REMINDERS, gather
from tests.proof.faulty_server import FaultyServer, Reached, Seen, Try
from tests.proof.fleet import FINAL, WORKERS, Fleet

KILLS, KILLS_WHILE_PASSING = 100, 20
SHARE, SHARE_WHILE_PASSING = 0.006, 0.026
"""How much of all mail becomes due before a kill."""
IN_DATA = "between the start of DATA and the note of its answer"
A_LEASE = outbox.LEASE + timedelta(minutes=1)


@pytest.mark.proof
def test_a_hundred_kills_lose_nothing_and_repeat_no_reminder(app: Flask, tmp_path: Path):
    crowd = gather(app)
    begun = time.monotonic()
    with FaultyServer(FINAL) as server, Fleet(app, server.port, tmp_path) as fleet:
        for _ in range(KILLS - KILLS_WHILE_PASSING):
            crowd.release(SHARE)
            fleet.kill_one_at_work()
        fleet.end()
        moment = clock.now()
        while fleet.kills < KILLS:
            crowd.release(SHARE_WHILE_PASSING)
            moment += A_LEASE
            fleet.pass_and_kill_one(moment, lambda: server.seen.connections)
        crowd.release(1)
        send_what_is_left(app, fleet, moment)
    minutes = (time.monotonic() - begun) / 60
    rows = story.mails(app)
    assert Counter(row.kind for row in rows) == {
        "round_opened": OPENINGS,
        "daily": REMINDERS,
        "invitation": INVITATIONS,
    }
    judge_and_record(app, rows, server.seen, fleet.kills, minutes)


def send_what_is_left(app: Flask, fleet: Fleet, moment: datetime) -> None:
    """Let workers pass, each when every lease and wait has run out, until no mail waits."""
    for _ in range(24):
        moment += max(A_LEASE, outbox.LONGEST_WAIT)
        fleet.pass_once(moment)
        if not waiting(app):
            return
    raise AssertionError(f"{waiting(app)} mails still wait")


def waiting(app: Flask) -> int:
    """Count the mails that are not settled."""
    with app.app_context():
        count = select(func.count()).where(OutboxMail.settled_at.is_(None))
        return int(db.session.execute(count).scalar_one())


def judge_and_record(app: Flask, rows: list[OutboxMail], seen: Seen, kills: int, minutes: float) -> None:
    """Hold the outbox against what the server has kept, and write the figures down."""
    to = {row.id: row.recipient for row in rows}
    copies = {row.id: seen.copies[to[row.id]] for row in rows}
    reminders = [row for row in rows if MailKind.named(row.kind).at_most_once]
    others = [row for row in rows if row not in reminders]
    lost = [row for row in others if copies[row.id] == 0]
    lost += [row for row in reminders if row.state is MailState.SENT and copies[row.id] == 0]
    twice = [row for row in reminders if copies[row.id] > 1]
    cut_off = [row for row in reminders if row.words == outbox.MAY_NOT_HAVE_ARRIVED]
    unanswered = [row for row in reminders if row.state is MailState.UNKNOWN and row not in cut_off]
    extra = sum(copies[row.id] - 1 for row in others)
    differing = [who for who, digests in seen.digests.items() if len(digests) > 1]

    assert (len(lost), len(twice), len(differing)) == (0, 0, 0)
    assert {row.state for row in others} == {MailState.SENT}
    assert {row.state for row in reminders} <= {MailState.SENT, MailState.UNKNOWN}
    assert extra <= kills + seen.swallowed
    assert [row.recipient for row in cut_off if not seen.tries.get(row.recipient)] == []
    assert len(cut_off) <= kills
    assert [row.recipient for row in unanswered if not is_silenced(row.recipient)] == []
    reliability.record(
        app,
        {
            "mails": f"{len(rows)}: {len(reminders)} reminders, {len(others)} others",
            "workers at a time": f"{WORKERS}, each with {app.config['MAIL_CONNECTIONS']} connections",
            "mails the server treated badly": f"{FAULTY}: put off, cut off, answered late or never",
            "kills": f"{kills}, in {minutes:.1f} minutes",
            "mails lost": f"{len(lost)}",
            "reminders that came twice": f"{len(twice)}",
            f"reminders given up since the kill fell {IN_DATA}": f"{len(cut_off)}; "
            f"{sum(copies[row.id] for row in cut_off)} of them had arrived, and of "
            f"{sum(is_answered(seen.tries[row.recipient]) for row in cut_off)} the answer could not be noted "
            "any more",
            "reminders given up since the server never answered": f"{len(unanswered)}",
            "extra copies of other mails": f"{extra}; the bound is {kills + seen.swallowed}, kills and "
            "mails kept without an answer",
            "mails of which two copies differed": f"{len(differing)}",
        },
    )


def is_answered(tries: list[Try]) -> bool:
    """Say whether the server had answered the last try before the worker could note it."""
    return tries[-1].refused or tries[-1].reached is Reached.ANSWERED


def is_silenced(recipient: str) -> bool:
    """Say whether this is an address whose mails the server cuts off, or never answers in time."""
    return recipient.partition("@")[0].endswith((".swallow", ".late", ".drop-half"))
