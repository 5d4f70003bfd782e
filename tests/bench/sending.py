"""How many mails a second: Circle's outbox end to end, Flask-Mail's send() and raw smtplib, in one run.

Circle's figures hold everything: claim, the letter written from the database, bytes built and checked, sent,
and every commit, with SQLite's synchronous=FULL. Flask-Mail is measured twice: with the same letter written
from the database each time, and with one that was written before; it commits nothing and opens a connection
for each mail, as send() does. smtplib sends ready bytes over one connection that it keeps.
"""

import argparse
import os
import smtplib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time as clock_time
from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask
from flask_mail import Message
from flask_migrate import upgrade
from sqlalchemy import func, select

from circle import clock
from circle.extensions import db, mail
from circle.factory import create_app
from circle.formats.opened import open_mail
from circle.letters import posting, rounds, sending
from circle.models import OutboxMail
from circle.rules.limits import Limits
from circle.rules.states import MailKind, MailState
from circle.services.post import claims, outbox
from circle.services.post.claims import Claimed
from circle.services.rounds import by_hand
from circle.services.running import health
from circle.services.work import end_reading, writing
from tests import story
from tests.bench.sink import BenchSink
from tests.cast import Cast

MEMBERS = ("Ben", "Cy", "Dee", "Eve", "Gil")
CONNECTIONS = (1, 8)
DELAYS_MS = (0, 5)
FLASK_MAIL = "Flask-Mail's send()"


@dataclass(frozen=True)
class Bench:
    """A site on a database of its own, with a round opened for six, and the letter each of them gets."""

    app: Flask
    people: tuple[int, ...]
    circle_id: int
    round_id: int
    opening: Claimed
    letter: bytes


def main() -> None:
    """Measure and print the table."""
    wanted = argparse.ArgumentParser(description="Measure how many mails a second go out.")
    wanted.add_argument("--mails", type=int, default=300, help="mails sent in each measurement")
    wanted.add_argument("--folder", action="append", help="where the SQLite file lies, may be repeated")
    asked = wanted.parse_args()
    for where in asked.folder or _folders():
        with tempfile.TemporaryDirectory(dir=where) as folder:
            _measure_in(Path(folder), asked.mails)


def _folders() -> list[str]:
    memory = "/dev/shm"  # noqa: S108 - a throw-away file, in a folder of its own
    return [tempfile.gettempdir(), *([memory] if os.access(memory, os.W_OK) else [])]


def _measure_in(folder: Path, count: int) -> None:
    bench = _bench(folder)
    print(f"\n# {count} letters each ({len(bench.letter)} bytes), SQLite file in {folder.parent}")
    for delay in DELAYS_MS:
        with BenchSink(delay) as sink:
            bench.app.extensions["mail"].port = sink.port
            _print(delay, _measured(bench, count, sink.port))


def _measured(bench: Bench, count: int, port: int) -> dict[str, float]:
    found = {
        "raw smtplib, one connection kept": _speed(count, lambda: _by_smtplib(bench, count, port)),
        f"{FLASK_MAIL}, letter given": _speed(count, lambda: _by_flask_mail(bench, count, writes=False)),
        FLASK_MAIL: _speed(count, lambda: _by_flask_mail(bench, count, writes=True)),
    }
    for connections in CONNECTIONS:
        with bench.app.app_context():
            _queue(bench, count)
        name = f"Circle, {connections} connection{'s' if connections > 1 else ''}"
        found[name] = _speed(count, partial(_by_circle, bench, connections))
    return found


def _speed(count: int, send: Callable[[], None]) -> float:
    began = time.perf_counter()
    send()
    return count / (time.perf_counter() - began)


def _print(delay: int, found: dict[str, float]) -> None:
    print(f"\nTo a sink that {f'takes {delay} ms a reply' if delay else 'answers at once'}:")
    print("| what | mails/s | to Flask-Mail's |\n| --- | ---: | ---: |")
    for name, speed in found.items():
        print(f"| {name} | {speed:.0f} | {speed / found[FLASK_MAIL]:.2f} |")


def _by_smtplib(bench: Bench, count: int, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _ in range(count):
            line.sendmail("circle@example.org", ["ada@example.org"], bench.letter)


def _by_flask_mail(bench: Bench, count: int, *, writes: bool) -> None:
    opened = open_mail(bench.letter)
    subject, text, html = opened.subject, opened.text, opened.html
    with bench.app.app_context():
        for _ in range(count):
            if writes:
                letter = rounds.round_opened_letter(bench.opening, clock.now())
                subject, text, html = letter.subject, letter.text, letter.html
                end_reading()
            mail.send(Message(subject, ["ada@example.org"], body=text, html=html))


def _by_circle(bench: Bench, connections: int) -> None:
    senders = sending.Senders(bench.app, connections, clock.now, pause_seconds=60)
    senders.start()
    while _unsent(bench):
        time.sleep(0.1)
    senders.end(until=time.monotonic() + 60)


def _unsent(bench: Bench) -> int:
    count = select(func.count()).where(OutboxMail.state.in_(health.WAITING))
    lost = select(func.count()).where(OutboxMail.state.not_in([*health.WAITING, MailState.SENT]))
    with bench.app.app_context(), db.engine.connect() as connection:
        assert connection.execute(lost).scalar_one() == 0, "some letters were not sent"
        return int(connection.execute(count).scalar_one())


def _queue(bench: Bench, count: int) -> None:
    now = clock.now()
    with writing():
        for number in range(count):
            reader = bench.people[number % len(bench.people)]
            about = {"person_id": reader, "circle_id": bench.circle_id, "round_id": bench.round_id}
            outbox.queue(MailKind.ROUND_OPENED, key=f"{now}:{number}", now=now, **about)


def _bench(folder: Path) -> Bench:
    settings = {
        "DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "SECRET_KEY": "a secret of the bench, " * 2,
    }
    mailing = {"MAIL_SERVER": "127.0.0.1", "MAIL_DEFAULT_SENDER": "circle@example.org"}
    app = create_app(settings | mailing, folder)
    with app.app_context():
        upgrade()
    cast, now = Cast(app), clock.now()
    stage = cast.circle(*MEMBERS, now=now)
    people = tuple(cast.person(first).id for first in ("Ada", *MEMBERS))
    with app.app_context():
        due_on = now.date() + timedelta(days=14)
        by_hand.open_now(stage.id, people[0], due_on, clock_time(17), now, limits=Limits(5, 6))
        first = db.session.scalars(select(OutboxMail.id)).first() or 0
        opening, letter = claims.facts(first), posting.preview(first, now)
        assert opening
        assert letter
        story.clear_outbox(app)
    return Bench(app, people, stage.id, opening.round_id or 0, opening, letter)


if __name__ == "__main__":
    main()
