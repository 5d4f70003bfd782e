"""Fifteen minutes in the daily letter: on the chosen days, within its rules, and with no scan."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.formats.opened import open_mail
from circle.letters import posting
from circle.models import News, Person
from circle.rules.errors import BadText
from circle.rules.states import MailKind, MailState, NewsKind
from circle.services.door import people
from circle.services.post import daily, outbox
from circle.services.rounds import turns
from circle.services.thinking import quarters
from circle.services.thinking.quarters import Quarter
from tests import story
from tests.cast import NOON, Cast
from tests.story import A_WEEK_BEFORE, DUE, Story

DAY = timedelta(days=1)
TUESDAY_NINE = datetime(2026, 11, 3, 9, tzinfo=UTC)
TUESDAYS = Quarter(frozenset({1}), 8, in_letter=True, in_calendar=False)
"""The cast reads letters at nine, from Monday to Friday; the story begins on a Monday at noon."""


@pytest.fixture
def told(cast: Cast) -> Story:
    return story.begin(cast, "Ben", "Cy", "Dee", "Eve")


def choose(told: Story, first: str = "Ben", chosen: Quarter = TUESDAYS, now: datetime = NOON) -> None:
    with told.app.app_context():
        quarters.update(told.id(first), chosen, now)


def letter(told: Story, first: str, now: datetime) -> str:
    """Write somebody's daily letter and return its text, empty when there is none."""
    with told.app.app_context():
        if not daily.write_daily(told.id(first), now):
            return ""
        mine = [mail for mail in story.mails(told.app, MailKind.DAILY) if mail.person_id == told.id(first)]
        return open_mail(posting.preview(mine[-1].id, now) or b"").text


def due(told: Story, first: str = "Ben") -> datetime | None:
    with told.app.app_context():
        return db.session.get_one(Person, told.id(first)).news_due_at


def waiting(told: Story, first: str = "Ben") -> int:
    with told.app.app_context():
        mine = News.person_id == told.id(first), News.kind == NewsKind.FIFTEEN_MINUTES
        return len(db.session.scalars(select(News.id).where(*mine, News.outbox_id.is_(None))).all())


def test_the_letter_of_the_chosen_day_brings_them(told):
    choose(told)
    assert due(told) == TUESDAY_NINE
    said = letter(told, "Ben", TUESDAY_NINE)
    assert ("Fifteen minutes for Ada, Cy and Dee." in said, "/fifteen-minutes" in said) == (True, True)


def test_they_come_again_a_week_later(told):
    choose(told)
    letter(told, "Ben", TUESDAY_NINE)
    assert (due(told), waiting(told)) == (TUESDAY_NINE + 7 * DAY, 1)


def test_chosen_in_the_morning_they_come_the_same_day_and_after_the_letter_the_next_week(told):
    choose(told, now=TUESDAY_NINE - timedelta(hours=1))
    before = due(told)
    choose(told, chosen=Quarter(frozenset({1, 6}), 8, in_letter=True, in_calendar=False), now=TUESDAY_NINE)
    assert (before, due(told)) == (TUESDAY_NINE, TUESDAY_NINE + 7 * DAY)


def test_other_letter_settings_in_the_afternoon_bring_no_letter_at_once(told):
    choose(told)
    with told.app.app_context():
        kept = people.letter_settings(told.id("Ben"))
        later = people.LetterSettings(10, kept.weekdays, kept.off, None)
        people.update_letters(told.id("Ben"), later, TUESDAY_NINE + timedelta(hours=5))
    assert due(told) == TUESDAY_NINE + 7 * DAY + timedelta(hours=1)


def test_no_day_chosen_is_no_letter(told):
    choose(told, chosen=Quarter(frozenset(), 8, in_letter=True, in_calendar=True))
    assert (due(told), waiting(told)) == (None, 0)


def test_who_wants_them_in_the_calendar_alone_gets_no_letter(told):
    choose(told, chosen=Quarter(frozenset({1}), 8, in_letter=False, in_calendar=True))
    assert waiting(told) == 0


def test_turned_off_they_come_no_more(told):
    choose(told)
    choose(told, chosen=Quarter(frozenset(), 8, in_letter=True, in_calendar=False))
    assert (due(told), letter(told, "Ben", TUESDAY_NINE)) == (None, "")


def test_saving_twice_plans_once(told):
    choose(told)
    choose(told)
    assert waiting(told) == 1


def test_a_day_on_which_no_letter_may_come_is_left_out(told):
    choose(told, chosen=Quarter(frozenset({5}), 8, in_letter=True, in_calendar=False))
    assert waiting(told) == 0


def test_they_share_the_one_letter_of_the_day(told):
    choose(told)
    told.log("Ada", "Ben")
    said = letter(told, "Ben", TUESDAY_NINE)
    assert ("introduced you to" in said, "Fifteen minutes for" in said) == (True, True)
    with told.app.app_context():
        assert not daily.write_daily(told.id("Ben"), TUESDAY_NINE + timedelta(hours=1))


def test_a_reminder_of_that_day_carries_them(told):
    choose(
        told, chosen=Quarter(frozenset({0}), 8, in_letter=True, in_calendar=False), now=A_WEEK_BEFORE - DAY
    )
    said = letter(told, "Ben", A_WEEK_BEFORE)
    assert ("Four introductions to make" in said, "Fifteen minutes for" in said) == (True, True)


def test_a_day_that_was_missed_is_not_made_up_for_on_another(told):
    choose(told)
    with told.app.app_context():
        assert not daily.write_daily(told.id("Ben"), TUESDAY_NINE + DAY)
    assert due(told) == TUESDAY_NINE + 7 * DAY


def test_news_of_another_day_does_not_bring_them(told):
    choose(told, chosen=Quarter(frozenset({3}), 8, in_letter=True, in_calendar=False))
    told.log("Ada", "Ben")
    assert "Fifteen minutes for" not in letter(told, "Ben", TUESDAY_NINE)


def test_a_letter_that_carries_the_day_brings_none_of_another_day(told):
    choose(told)
    with told.app.app_context():
        turns.turn(told.round_id(), DUE)
        while mail := outbox.claim(DUE):
            outbox.settle(mail, MailState.SENT, "", DUE)
        every = select(News.id).where(News.kind == NewsKind.FIFTEEN_MINUTES)
        assert len(db.session.scalars(every).all()) == 1
    assert (waiting(told), due(told)) == (1, datetime(2026, 11, 17, 9, tzinfo=UTC))


def test_on_a_day_away_nothing_is_asked(told):
    choose(told)
    story.change(told.app, told.people["Ben"], away_from=date(2026, 11, 3), away_until=date(2026, 11, 4))
    assert letter(told, "Ben", TUESDAY_NINE) == ""
    assert due(told) == TUESDAY_NINE + 7 * DAY


def test_a_pause_of_letters_holds_for_them(told):
    choose(told)
    with told.app.app_context():
        kept = people.letter_settings(told.id("Ben"))
        paused = people.LetterSettings(kept.hour, kept.weekdays, kept.off, date(2026, 11, 9))
        people.update_letters(told.id("Ben"), paused, NOON)
    assert letter(told, "Ben", TUESDAY_NINE) == ""


def test_without_the_daily_letter_there_are_none_until_it_is_wanted_again(told):
    choose(told)
    with told.app.app_context():
        kept = people.letter_settings(told.id("Ben"))
        without = people.LetterSettings(kept.hour, kept.weekdays, frozenset({"daily"}), None)
        people.update_letters(told.id("Ben"), without, NOON)
    assert letter(told, "Ben", TUESDAY_NINE) == ""
    with told.app.app_context():
        people.update_letters(told.id("Ben"), kept, TUESDAY_NINE + DAY)
    assert due(told) == TUESDAY_NINE + 7 * DAY


def test_another_hour_moves_them(told):
    choose(told)
    with told.app.app_context():
        kept = people.letter_settings(told.id("Ben"))
        people.update_letters(told.id("Ben"), people.LetterSettings(0, kept.weekdays, kept.off, None), NOON)
    assert due(told) == TUESDAY_NINE.replace(hour=0)


def test_who_has_nobody_to_think_of_gets_no_letter(told, cast):
    finn = cast.person("Finn")
    with told.app.app_context():
        quarters.update(finn.id, TUESDAYS, NOON)
        assert not daily.write_daily(finn.id, TUESDAY_NINE)
        assert db.session.get_one(Person, finn.id).news_due_at == TUESDAY_NINE + 7 * DAY


@pytest.mark.parametrize(
    "chosen",
    [
        Quarter(frozenset({7}), 8, in_letter=True, in_calendar=False),
        Quarter(frozenset({-1}), 8, in_letter=True, in_calendar=False),
        Quarter(frozenset({1}), 24, in_letter=True, in_calendar=False),
    ],
)
def test_what_is_not_on_the_list_is_refused(told, chosen):
    with pytest.raises(BadText):
        choose(told, chosen=chosen)
