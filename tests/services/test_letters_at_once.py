"""Letters are written while their circle is at work: nobody waits for each other in a ring."""

import threading
import time
from datetime import UTC, datetime

from flask import Flask

from circle.rules.states import NewsKind
from circle.services.post import daily, news
from circle.services.work import lock_circle, writing
from tests import story
from tests.cast import NOON, Cast
from tests.services.at_once import at_once

TUESDAY_NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def test_a_letter_is_written_while_somebody_at_work_in_the_circle_has_news_for_its_reader(
    app: Flask, cast: Cast
):
    told = story.begin(cast, "Ben", "Cy")
    told.log("Ada", "Ben")
    ben, circle_id = told.id("Ben"), told.stage.id
    locked = threading.Event()

    def work() -> None:
        with writing():
            lock_circle(circle_id)
            locked.set()
            # Long enough for the letter to take what it locks first.
            time.sleep(0.5)
            news.tell(ben, NewsKind.PASSED, circle_id=circle_id, now=NOON)

    def write() -> None:
        locked.wait()
        assert daily.write_daily(ben, TUESDAY_NINE)

    assert at_once(app, work, write) == [None, None]
