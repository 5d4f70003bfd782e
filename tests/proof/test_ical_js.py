"""The calendar as ical.js reads it has the dates the site shows, whatever was changed."""

from datetime import datetime, time

import pytest

from tests import calendar_story
from tests.calendar_story import CalendarStory
from tests.cast import Cast
from tests.proof import node

pytestmark = pytest.mark.proof


@pytest.fixture
def story(cast: Cast) -> CalendarStory:
    return calendar_story.begin(cast)


def agree(story: CalendarStory) -> bool:
    """Say whether ical.js reads from the calendar what the site shows."""
    found = node.run("calendar.cjs", story.feed().decode())
    read = {(uid.split("-")[0], start, status) for uid, start, status in found}
    shown = set()
    for opens, due, skipped in story.shown():
        status = "CANCELLED" if skipped else "CONFIRMED"
        shown |= {("opening", _text(opens), status), ("due", _text(due), status)}
    return read == shown


def _text(at: datetime) -> str:
    return at.isoformat()[:19]


def test_as_the_rhythm_says(story):
    assert agree(story)


def test_after_a_move_a_skip_and_another_rhythm(story):
    story.move(1, 1)
    story.skip(3)
    assert agree(story)
    story.set_rhythm(pattern=calendar_story.Pattern.MONTHLY_LAST_DAY, interval=1, weekday=None)
    assert agree(story)


def test_where_the_clocks_change_over_the_opening(story):
    # The last Sundays of March and October, at half past two in Berlin: a gap and a fold.
    story.set_rhythm(
        pattern=calendar_story.Pattern.MONTHLY_WEEKDAY, interval=1, weekday=6, nth=-1, opens_at=time(2, 30)
    )
    assert agree(story)
