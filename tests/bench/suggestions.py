"""How long pages with suggestions take with 200 and with 5,000 people known, in one run, beside each other.

Six members, an open round, each page asked for signed in through the whole application, on SQLite. The people
are put together from the labelled pairs: two of five have a line, the others name, firm and position only.
Times are of the processor, as the median of many requests after a first one; the first is given apart, since
what it compares is remembered by the process.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from circle import clock
from circle.factory import create_app
from circle.rules.limits import Limits
from circle.rules.matching.people import Contact
from circle.services.rounds import by_hand
from tests.acquaintances import know
from tests.cast import Cast, Stage
from tests.client import Client
from tests.rules.matching.labelled import HALVES, pairs
from tests.statements import statements

KNOWN = {"Ada": 200, "Ben": 5_000}
REQUESTS = 15
MOST = 4.0
"""Times a page may take with 5,000 people known what it takes with 200."""
EVERY = [pair.contact for files in HALVES.values() for file in files for pair in pairs(file)]


def main() -> None:
    """Print a line a page; exit 1 when one grows too much."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATABASE_URL": f"sqlite:///{folder}/circle.db"}, Path(folder))
        app.test_client_class = Client
        pages, names = _set_up(app), list(KNOWN)
        _say(f"{'page':22}" + "".join(f"{f'{KNOWN[who]:,} known':>26}" for who in names) + f"{'times':>8}")
        worst = max(_measured(app, name, path) for name, path in pages.items())
    sys.exit(worst > MOST)


def acquaintances(count: int) -> Iterator[Contact]:
    """Make up people out of those of the labelled pairs, the same ones each time."""
    chance = random.Random(count)
    for number in range(count):
        one, other, third = (chance.choice(EVERY) for _ in range(3))
        line = f"{one.line}, {third.line}"[:300] if number % 5 < 2 else ""
        name = f"{one.name.split()[0]} {other.name.split()[-1]} {number}"
        yield Contact(name, one.organisation, other.position, line)


def _set_up(app: Flask) -> dict[str, str]:
    with app.app_context():
        upgrade()
        cast, now = Cast(app), clock.now()
        stage = cast.circle("Ben", "Cy", "Dee", "Eve", "Gil", now=now)
        due_on = (now + timedelta(days=14)).date()
        by_hand.open_now(stage.id, cast.person("Ada").id, due_on, clock_time(17), now, limits=Limits(5, 6))
        for who, count in KNOWN.items():
            know(cast.person(who).id, *acquaintances(count), now=now)
    return _pages(stage)


def _pages(stage: Stage) -> dict[str, str]:
    circle = f"/circles/{stage.public_id}"
    return {
        "the circle": circle,
        "whom for Cy": f"{circle}/rounds/1/for/{stage.refs['Cy']}",
        "log for Cy": f"{circle}/rounds/1/introductions/new?for={stage.refs['Cy']}",
        "write for Cy": f"{circle}/rounds/1/for/{stage.refs['Cy']}/draft",
    }


def _measured(app: Flask, name: str, path: str) -> float:
    figures = [_one(app, who, path) for who in KNOWN]
    cells = (f"{first:8.1f} {usual:6.1f} ms {asked:3} st" for first, usual, asked in figures)
    times = figures[1][1] / figures[0][1]
    _say(f"{name:22}" + "".join(f"{cell:>26}" for cell in cells) + f"{times:8.2f}")
    return times


def _one(app: Flask, who: str, path: str) -> tuple[float, float, int]:
    """Return milliseconds of the first request and of the usual one, and the statements of one."""
    client = Cast(app).client(who)
    taken = [_milliseconds(client, path) for _ in range(REQUESTS + 1)]
    with app.app_context(), statements() as sent:
        client.get(path)
    return taken[0], statistics.median(taken[1:]), len(sent)


def _milliseconds(client: Client, path: str) -> float:
    begun = time.process_time()
    answer = client.get(path)
    taken = time.process_time() - begun
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status_code}")
    return taken * 1000


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
