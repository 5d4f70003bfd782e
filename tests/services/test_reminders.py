"""Reminders: at the reader's hour, on their days, only to who has something left."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from circle.rules.states import MailKind
from circle.services.post import daily, reminders
from circle.services.rounds import turns
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.story import A_WEEK_BEFORE, DUE, ON_THE_DAY, TWO_DAYS_BEFORE


def test_opening_sets_the_first_reminder(cast: Cast):
    assert story.begin(cast, "Ben", "Cy").next_reminder("Ben") == A_WEEK_BEFORE


def test_a_later_hour_moves_the_reminder(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    story.change(app, round_.people["Ben"], letter_hour=14)
    with app.app_context(), writing():
        reminders.schedule_person(round_.id("Ben"), NOON)
    assert round_.next_reminder("Ben") == datetime(2026, 11, 9, 14, 0, tzinfo=UTC)


def test_a_pause_drops_the_reminders_in_it(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    story.change(app, round_.people["Ben"], letters_paused_until=date(2026, 11, 12))
    with app.app_context(), writing():
        reminders.schedule_person(round_.id("Ben"), NOON)
    assert round_.next_reminder("Ben") == TWO_DAYS_BEFORE


def test_a_written_reminder_sets_the_next(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), A_WEEK_BEFORE)
    assert round_.next_reminder("Ben") == TWO_DAYS_BEFORE


def test_who_is_done_gets_no_reminder(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben", "Cy")
    with app.app_context():
        assert not daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)


def test_who_only_waits_for_a_yes_is_not_asked_a_week_before(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    round_.ask("Ada", "Cy")
    with app.app_context():
        assert not daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)


def test_who_only_waits_for_a_yes_is_asked_two_days_before(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    round_.ask("Ada", "Cy")
    with app.app_context():
        daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)
        assert daily.write_daily(round_.id("Ada"), TWO_DAYS_BEFORE)


def test_a_reminder_more_than_a_day_late_is_dropped(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    late = datetime(2026, 11, 10, 9, 1, tzinfo=UTC)
    with app.app_context():
        assert not daily.write_daily(round_.id("Ben"), late)
    assert round_.next_reminder("Ben") == TWO_DAYS_BEFORE


def test_of_two_missed_reminders_the_later_one_is_sent(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        assert daily.write_daily(round_.id("Ben"), ON_THE_DAY)
    assert round_.next_reminder("Ben") is None


def test_closing_ends_the_reminders(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        turns.turn(round_.round_id(), DUE)
    assert round_.next_reminder("Ben") is None


def test_a_person_gets_one_daily_letter_a_day(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), A_WEEK_BEFORE)
    round_.log("Ada", "Ben", now=A_WEEK_BEFORE)
    with app.app_context():
        daily.write_daily(round_.id("Ben"), A_WEEK_BEFORE)
    assert len(story.mails(app, MailKind.DAILY)) == 1


def test_an_opening_letter_on_its_way_takes_the_place_of_the_daily_one(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy", told=False)
    round_.log("Ada", "Ben")
    with app.app_context():
        assert not daily.write_daily(round_.id("Ben"), datetime(2026, 11, 3, 9, 0, tzinfo=UTC))


def test_letters_turned_off_are_not_written(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    story.change(app, round_.people["Ben"], letters_off="daily")
    with app.app_context():
        assert not daily.write_daily(round_.id("Ben"), A_WEEK_BEFORE)


def test_two_reminders_on_neighbouring_days_both_come(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    story.change(app, round_.people["Ben"], letter_weekdays="56")
    saturday = datetime(2026, 11, 14, 9, 0, tzinfo=UTC)
    with app.app_context():
        with writing():
            reminders.schedule_person(round_.id("Ben"), NOON)
        daily.write_daily(round_.id("Ben"), datetime(2026, 11, 8, 9, 0, tzinfo=UTC))
        daily.write_daily(round_.id("Ben"), saturday)
    assert round_.next_reminder("Ben") == datetime(2026, 11, 15, 9, 0, tzinfo=UTC)


def test_while_an_opening_letter_waits_nobody_is_due_and_no_pass_takes_a_lock(context, cast):
    round_ = story.begin(cast, "Ben", "Cy", told=False, now=A_WEEK_BEFORE - timedelta(hours=1))
    round_.log("Ada", "Ben", now=A_WEEK_BEFORE - timedelta(hours=1))
    story.change(context, round_.people["Ben"], news_due_at=A_WEEK_BEFORE)
    assert daily.people_due(A_WEEK_BEFORE) == []
