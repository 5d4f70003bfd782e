"""Letters are written while their circle is at work: nobody waits for each other in a ring."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from circle.rules.states import NewsKind
from circle.services.post import daily, dead_addresses, news
from circle.services.work import lock_circle, writing
from tests import story
from tests.cast import NOON, Cast
from tests.services.at_once import at_once
from tests.story import Story

TUESDAY_NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def told(cast: Cast) -> Story:
    told = story.begin(cast, "Ben", "Cy")
    told.log("Ada", "Ben")
    return told


def while_somebody_tells(told: Story, first: str, does: Callable[[], object]) -> list[Exception | None]:
    """Do it while somebody at work in the circle is about to have news for one of its people."""
    person_id, circle_id = told.id(first), told.stage.id
    locked = threading.Event()

    def work() -> None:
        with writing():
            lock_circle(circle_id)
            locked.set()
            # Long enough for the other to take what it locks first.
            time.sleep(0.5)
            news.tell(person_id, NewsKind.PASSED, circle_id=circle_id, now=NOON)

    def do() -> None:
        locked.wait()
        does()

    return at_once(told.app, work, do)


def test_a_letter_is_written_while_its_reader_is_to_have_news(told: Story):
    ben = told.id("Ben")
    assert while_somebody_tells(told, "Ben", lambda: daily.write_daily(ben, TUESDAY_NINE)) == [None, None]


def test_an_organiser_hears_of_a_refused_address_while_they_are_to_have_news(told: Story):
    def refuse() -> None:
        with writing():
            dead_addresses.note("ben@example.org", "550 no such user", NOON)

    assert while_somebody_tells(told, "Ada", refuse) == [None, None]
