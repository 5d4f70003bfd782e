"""News: told once, at the reader's hour, unless it is taken back before."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from circle import worker
from circle.models import Person
from circle.rules.states import MailKind, MailState, NewsKind
from circle.services.post import daily, news
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast

TUESDAY_NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def tell(person_id: int, circle_id: int) -> None:
    with writing():
        news.tell(person_id, NewsKind.INTRODUCED, circle_id=circle_id, now=NOON)


def due_at(app: Flask, person_id: int) -> datetime | None:
    with app.app_context(), writing() as session:
        return session.get_one(Person, person_id).news_due_at


def test_news_is_due_at_the_readers_next_hour(app: Flask, cast: Cast):
    stage, ben = cast.circle("Ben"), cast.person("Ben")
    with app.app_context():
        tell(ben.id, stage.id)
    assert due_at(app, ben.id) == TUESDAY_NINE


def test_an_introduction_becomes_news_for_its_receiver(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    with app.app_context():
        assert news.waiting_count(round_.id("Ben"), TUESDAY_NINE) == 1


def test_news_taken_back_in_time_is_never_told(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    round_.withdraw("Ada", "Ben")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), TUESDAY_NINE)
    assert story.mails(app, MailKind.DAILY) == []


def test_what_an_expired_letter_held_is_told_by_the_next(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), TUESDAY_NINE)
    [letter] = story.mails(app, MailKind.DAILY)
    with app.app_context():
        with writing():
            news.untell([letter.id], TUESDAY_NINE)
        assert news.waiting_count(round_.id("Ben"), TUESDAY_NINE) == 1


def test_news_in_a_letter_that_still_waits_is_taken_back_without_a_word(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), TUESDAY_NINE)
    round_.withdraw("Ada", "Ben", now=TUESDAY_NINE)
    with app.app_context():
        worker.tick(TUESDAY_NINE)
        assert news.waiting_count(round_.id("Ben"), TUESDAY_NINE) == 0
    assert [mail.state for mail in story.mails(app, MailKind.DAILY)] == [MailState.DROPPED]


def test_news_of_a_letter_paused_before_it_went_waits_for_the_end_of_the_pause(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), TUESDAY_NINE)
    story.change(app, round_.people["Ben"], letters_paused_until=date(2026, 11, 6))
    with app.app_context():
        worker.tick(TUESDAY_NINE)
        worker.tick(TUESDAY_NINE + timedelta(minutes=1))
        worker.tick(datetime(2026, 11, 6, 9, 0, tzinfo=UTC))
    assert [mail.state for mail in story.mails(app, MailKind.DAILY)] == [MailState.DROPPED, MailState.SENT]
