"""The rounds in a calendar: which ones, named for ever by their slot, and read in few statements."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from circle.extensions import db
from circle.models import Circle
from circle.rules.limits import Limits
from circle.rules.rhythm import Pattern, Rhythm
from circle.services.progress import calendars
from circle.services.rounds import by_hand, exceptions, pauses, rhythms, schedules, turns
from tests.cast import NOON
from tests.services.playing import Playing

RHYTHM = Rhythm(pattern=Pattern.WEEKLY, interval=4, weekday=1, starts_on=date(2026, 11, 17), due_days=17)


@pytest.fixture
def play(context, cast):
    playing = Playing(cast)
    rhythms.set_rhythm(playing.stage.id, playing.id("Ada"), RHYTHM, NOON)
    calendars.make_address(playing.id("Ada"))
    return playing


def rounds(play: Playing, now=NOON):
    db.session.rollback()
    found = calendars.of_address(calendars.address_of(play.id("Ada")) or "", now)
    assert found is not None
    return found


def pass_days(play: Playing, days: int) -> None:
    for day in range(days + 1):
        then = NOON + timedelta(days=day)
        for round_id in turns.rounds_to_turn(then):
            turns.turn(round_id, then)
        turns.open_due(play.stage.id, then, Limits(5, 6))


def statements(play: Playing) -> int:
    seen = []

    def record(connection, cursor, statement, *_):
        if statement.upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    try:
        ref = db.session.scalar(db.select(calendars.Person.calendar_ref)) or ""
        seen.clear()
        calendars.of_address(ref, NOON)
    finally:
        event.remove(db.engine, "before_cursor_execute", record)
        db.session.rollback()
    return len(seen)


def test_the_coming_twelve_are_those_the_site_shows(play):
    shown = schedules.ahead(play.stage.id, NOON, 12)
    found = [(one.slot, one.opens_at, one.due_at) for one in rounds(play)]
    assert found == [(one.slot, one.opens_at, one.due_at) for one in shown]


def test_a_round_keeps_its_slot_from_coming_to_closed(play):
    coming = rounds(play)[0].slot
    pass_days(play, 60)
    first = next(one for one in rounds(play, NOON + timedelta(days=60)) if one.number == 1)
    assert first.slot == coming


def test_every_slot_stands_in_the_calendar_once(play):
    pass_days(play, 60)
    slots = [one.slot for one in rounds(play, NOON + timedelta(days=60))]
    assert len(slots) == len(set(slots))


def test_what_opened_long_ago_is_in_the_calendar_no_more(play):
    pass_days(play, 60)
    numbers = [one.number for one in rounds(play, NOON + timedelta(days=115))]
    assert 1 not in numbers
    assert 2 in numbers


def test_a_pause_cancels_the_rounds_it_skips(play):
    pauses.pause(play.stage.id, play.id("Ada"), date(2026, 12, 31), NOON)
    assert [bool(one.cancelled) for one in rounds(play)[:3]] == [True, True, False]


def test_a_skipped_round_stays_as_cancelled_between_its_day_and_the_next_opening(play):
    slot = rounds(play)[0].slot
    exceptions.skip(play.stage.id, play.id("Ada"), slot, NOON)
    after = slot.replace(tzinfo=NOON.tzinfo) + timedelta(days=1)
    assert [one.slot for one in rounds(play, after) if one.cancelled] == [slot]


def test_a_slot_that_time_skipped_stays_as_cancelled_and_raises_the_edition(play):
    before = rounds(play)[0]
    then = NOON + timedelta(days=45)
    turns.open_due(play.stage.id, then, Limits(5, 6))
    after = next(one for one in rounds(play, then) if one.slot == before.slot)
    assert after.cancelled
    assert after.edition > before.edition


def test_a_calendar_of_three_circles_takes_as_many_statements_as_of_one(play, cast):
    one = statements(play)
    for name in ("Quay Circle", "Hill Circle"):
        stage = cast.circle("Ben", "Cy", "Dee", "Eve", name=name)
        rhythms.set_rhythm(stage.id, play.id("Ada"), RHYTHM, NOON)
    assert statements(play) == one <= 4
    assert {found.circle_name for found in rounds(play)} == set(db.session.scalars(db.select(Circle.name)))


def test_an_address_that_ended_holds_nothing(play):
    ref = calendars.address_of(play.id("Ada")) or ""
    calendars.end_address(play.id("Ada"))
    assert calendars.of_address(ref, NOON) is None


def test_a_new_theme_is_a_change_of_words_and_of_no_date(play):
    pass_days(play, 15)
    (before,) = [one for one in rounds(play) if one.number]
    later = NOON + timedelta(days=16)
    by_hand.set_theme(play.stage.id, play.id("Ada"), 1, "Export", later)
    (after,) = [one for one in rounds(play) if one.number]
    assert (after.theme, after.changed_at, after.edition) == ("Export", later, before.edition)
    assert before.changed_at < later
