"""A circle whose dates change, and the calendar address that follows them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask

from circle import clock
from circle.extensions import db
from circle.rules.rhythm import Pattern, Rhythm
from circle.services.rounds import exceptions, rhythms, schedules
from tests.cast import Cast, Stage
from tests.client import Client


@dataclass
class CalendarStory:
    """Ada's circle in Berlin with a rhythm, and the address of her calendar."""

    app: Flask
    stage: Stage
    ada: int
    client: Client
    address: str

    def feed(self) -> bytes:
        """Fetch the calendar as a program does, without a cookie."""
        answer = self.app.test_client().get(self.address)
        assert answer.status_code == 200
        return answer.data

    def shown(self) -> list[tuple[datetime, datetime, bool]]:
        """Return what the site shows: openings and dues in UTC, and whether each is skipped."""
        with self.app.app_context():
            ahead = schedules.ahead(self.stage.id, clock.now(), 12)
            db.session.rollback()
        return [(one.opens_at, one.due_at, bool(one.skipped)) for one in ahead]

    def move(self, at: int, days: int) -> None:
        """Move one coming round by some days."""
        with self.app.app_context():
            one = schedules.ahead(self.stage.id, clock.now(), 12)[at]
            by = timedelta(days=days)
            exceptions.alter(
                self.stage.id, self.ada, one.slot, one.opens_local + by, one.due_local + by, clock.now()
            )

    def skip(self, at: int) -> None:
        """Skip one coming round."""
        with self.app.app_context():
            one = schedules.ahead(self.stage.id, clock.now(), 12)[at]
            exceptions.skip(self.stage.id, self.ada, one.slot, clock.now())

    def set_rhythm(self, **changes: object) -> None:
        """Set a rhythm of every four weeks, or another."""
        wanted = {
            "pattern": Pattern.WEEKLY,
            "interval": 4,
            "weekday": 1,
            "starts_on": _tomorrow(),
            "due_days": 17,
        }
        with self.app.app_context():
            rhythms.set_rhythm(self.stage.id, self.ada, Rhythm(**(wanted | changes)), clock.now())


def begin(cast: Cast) -> CalendarStory:
    """Give the circle a rhythm and Ada an address."""
    stage = cast.circle("Ben", "Cy", "Dee", "Eve", zone="Europe/Berlin")
    client = cast.client("Ada")
    page = client.submit("/you/calendar", follow_redirects=True).text
    found = re.search(r'value="[^"]*(/calendar/[^"]+)"', page)
    assert found
    story = CalendarStory(cast.app, stage, cast.person("Ada").id, client, found[1])
    story.set_rhythm()
    return story


def _tomorrow() -> date:
    return clock.now().date() + timedelta(days=1)
