"""What letters come back to: how it went, a draft not yet sent, and an organiser's weekly line."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.formats.opened import open_mail
from circle.letters import posting
from circle.models import Commitment, Person
from circle.rules.states import MailKind, NewsKind, Outcome, Role
from circle.services.membership import memberships, seats
from circle.services.post import daily, news, outbox
from circle.services.rounds import turns
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.story import A_WEEK_BEFORE, DUE, TWO_DAYS_BEFORE, Story

DAY = timedelta(days=1)
TUESDAY_NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
IN_A_WEEK = TUESDAY_NINE + 7 * DAY
"""The first letter of the morning a week after what happened at noon."""


@pytest.fixture
def told(cast: Cast) -> Story:
    return story.begin(cast, "Ben", "Cy")


def letter(told: Story, first: str, at: datetime) -> str:
    """Write somebody's daily letter, and return its text on long lines; empty when there is none."""
    with told.app.app_context():
        if not daily.write_daily(told.id(first), at):
            return ""
        mail = [each for each in story.mails(told.app, MailKind.DAILY) if each.person_id == told.id(first)][
            -1
        ]
        wire = posting.preview(mail.id, at)
    return " ".join(open_mail(wire).text.split()) if wire else ""


def draft(told: Story, giver: str, receiver: str, at: datetime | None = NOON) -> None:
    with told.app.app_context(), writing() as session:
        promise = session.execute(
            select(Commitment).where(
                Commitment.giver_id == told.id(giver), Commitment.receiver_id == told.id(receiver)
            )
        ).scalar_one()
        promise.drafted_at = at


def news_due_at(told: Story, first: str) -> datetime | None:
    with told.app.app_context():
        return db.session.execute(select(Person.news_due_at).where(Person.id == told.id(first))).scalar_one()


def test_a_week_after_an_introduction_its_receiver_is_asked_how_it_went(told: Story):
    told.log("Ada", "Ben")
    assert "How did it go?" not in letter(told, "Ben", TUESDAY_NINE)
    assert "How did it go?" in letter(told, "Ben", IN_A_WEEK)


def test_the_letter_that_asks_is_due_a_week_later(told: Story):
    told.log("Ada", "Ben")
    letter(told, "Ben", TUESDAY_NINE)
    assert news_due_at(told, "Ben") == IN_A_WEEK


def test_how_it_went_is_asked_once(told: Story):
    told.log("Ada", "Ben")
    letter(told, "Ben", IN_A_WEEK)
    assert "How did it go?" not in letter(told, "Ben", TWO_DAYS_BEFORE)


def test_who_has_said_how_it_went_is_not_asked(told: Story):
    told.log("Ada", "Ben")
    told.answer("Ben", Outcome.MET)
    told.log("Ben", "Ada", "Cy")
    assert "How did it go?" not in letter(told, "Ben", IN_A_WEEK)


def test_who_says_so_while_the_letter_waits_is_not_asked_by_it(told: Story):
    told.log("Ada", "Ben")
    letter(told, "Ben", TUESDAY_NINE)
    told.log("Ben", "Ada", "Cy")
    with told.app.app_context():
        assert daily.write_daily(told.id("Ben"), IN_A_WEEK)
    told.answer("Ben", Outcome.MET, now=IN_A_WEEK)
    mail = story.mails(told.app, MailKind.DAILY)[-1]
    with told.app.app_context():
        assert posting.preview(mail.id, IN_A_WEEK) is None


def test_a_withdrawn_introduction_is_not_asked_about_and_its_receiver_is_told(told: Story):
    told.log("Ada", "Ben")
    letter(told, "Ben", TUESDAY_NINE)
    story.clear_outbox(told.app)
    told.withdraw("Ada", "Ben", now=TUESDAY_NINE + DAY)
    said = letter(told, "Ben", TUESDAY_NINE + 2 * DAY)
    assert ("took back" in said, "How did it go?" in said) == (True, False)
    assert news_due_at(told, "Ben") is None


def test_a_draft_is_asked_about_in_the_next_letter(told: Story):
    draft(told, "Ben", "Cy")
    assert "Did you send it to them, for Cy Marsh? Draft of 2 Nov." in letter(told, "Ben", A_WEEK_BEFORE)


def test_a_draft_is_asked_about_at_most_once_a_week(told: Story):
    draft(told, "Ben", "Cy")
    letter(told, "Ben", A_WEEK_BEFORE)
    assert "Did you send it?" not in letter(told, "Ben", TWO_DAYS_BEFORE)


def test_a_draft_alone_is_no_reason_for_a_letter(told: Story):
    draft(told, "Ben", "Cy")
    assert letter(told, "Ben", TUESDAY_NINE) == ""


def test_a_draft_that_was_dropped_meanwhile_is_not_asked_about(told: Story):
    draft(told, "Ben", "Cy")
    with told.app.app_context():
        daily.write_daily(told.id("Ben"), A_WEEK_BEFORE)
    draft(told, "Ben", "Cy", at=None)
    [mail] = story.mails(told.app, MailKind.DAILY)
    with told.app.app_context():
        wire = posting.preview(mail.id, A_WEEK_BEFORE)
    assert "Did you send it?" not in open_mail(wire or b"").text


def test_an_organiser_hears_once_a_week_how_the_round_stands(told: Story):
    told.log("Ada", "Ben", "Cy")
    line = "Harbour Circle: 2 of 6 made, six days left; Ben and Cy have two each to make."
    assert line in letter(told, "Ada", IN_A_WEEK)
    assert letter(told, "Ada", IN_A_WEEK + DAY) == ""


def test_the_weekly_line_goes_on_until_the_round_closes(told: Story):
    told.log("Ada", "Ben", "Cy")
    letter(told, "Ada", IN_A_WEEK)
    assert news_due_at(told, "Ada") == IN_A_WEEK + 8 * DAY
    with told.app.app_context():
        turns.turn(told.round_id(), DUE)
    story.clear_outbox(told.app)
    assert letter(told, "Ada", IN_A_WEEK + 8 * DAY) == ""
    assert news_due_at(told, "Ada") is None


def test_who_becomes_an_organiser_hears_of_the_running_round_too(told: Story):
    told.log("Ben", "Ada", "Cy")
    with told.app.app_context():
        ben = seats.membership_of(told.stage.id, told.id("Ben"))
        memberships.set_role(told.stage.id, told.id("Ada"), ben.id, Role.ORGANISER, NOON)
    assert "For you as organiser" in letter(told, "Ben", IN_A_WEEK)


def test_who_organises_no_more_hears_no_more_of_it(told: Story):
    told.log("Ben", "Ada", "Cy")
    with told.app.app_context():
        ben = seats.membership_of(told.stage.id, told.id("Ben"))
        for by, role in (("Ada", Role.ORGANISER), ("Ben", Role.MEMBER)):
            memberships.set_role(told.stage.id, told.id(by), ben.id, role, NOON)
    assert letter(told, "Ben", IN_A_WEEK) == ""


def test_members_get_no_weekly_line(told: Story):
    told.log("Ben", "Ada", "Cy")
    assert letter(told, "Ben", IN_A_WEEK) == ""


def test_an_organiser_is_told_of_an_address_that_is_refused(told: Story):
    story.change(told.app, told.people["Ben"], mail_refused_at=NOON)
    with told.app.app_context(), writing():
        kind = NewsKind.UNDELIVERABLE
        news.tell(told.id("Ada"), kind, circle_id=told.stage.id, about_id=told.id("Ben"), now=NOON)
    said = letter(told, "Ada", TUESDAY_NINE)
    assert "Mail to Ben Katz is refused by their mail server; speak to them." in said


def test_an_address_that_was_mended_meanwhile_is_not_told_of(told: Story):
    with told.app.app_context(), writing():
        kind = NewsKind.UNDELIVERABLE
        news.tell(told.id("Ada"), kind, circle_id=told.stage.id, about_id=told.id("Ben"), now=NOON)
    assert letter(told, "Ada", TUESDAY_NINE) == ""


def test_a_sharper_wish_is_asked_for_once_a_round(told: Story):
    told.pass_on("Ada", "Ben", "")
    assert "Say it more exactly" in letter(told, "Ben", TUESDAY_NINE)
    told.pass_on("Cy", "Ben", "", now=TUESDAY_NINE + timedelta(hours=1))
    later = letter(told, "Ben", TUESDAY_NINE + DAY)
    assert ("found no fit" in later, "Say it more exactly" in later) == (True, False)


def test_who_left_is_told_nothing_of_that_circle(told: Story):
    told.log("Ada", "Ben")
    with told.app.app_context():
        memberships.leave(told.stage.id, told.id("Ben"), NOON)
    assert letter(told, "Ben", TUESDAY_NINE) == ""


def test_what_can_wait_is_no_reason_for_a_letter_soon_after_the_last(told: Story):
    told.log("Ben", "Ada", "Cy")
    told.log("Ada", "Ben")
    letter(told, "Ben", TUESDAY_NINE)
    told.log("Cy", "Ben", now=A_WEEK_BEFORE - DAY)
    assert "Cy Marsh introduced you" in letter(told, "Ben", A_WEEK_BEFORE)
    assert letter(told, "Ben", IN_A_WEEK) == ""
    assert news_due_at(told, "Ben") == A_WEEK_BEFORE + 4 * DAY
    assert "How did it go?" in letter(told, "Ben", A_WEEK_BEFORE + 4 * DAY)


def test_the_recap_of_the_day_carries_the_news_of_its_morning(told: Story):
    told.log("Ben", "Ada", "Cy")
    story.clear_outbox(told.app)
    told.log("Ada", "Ben", now=DUE - DAY)
    morning = DUE.replace(hour=9)
    assert letter(told, "Ben", morning) == ""
    with told.app.app_context():
        turns.turn(told.round_id(), DUE)
    [mail] = [each for each in story.mails(told.app, MailKind.RECAP) if each.person_id == told.id("Ben")]
    with told.app.app_context():
        while (taken := outbox.claim(DUE)) and taken.id != mail.id:
            pass
        wire = posting.preview(mail.id, DUE)
    assert "Ada Obi introduced you" in open_mail(wire or b"").text


def test_who_wants_no_recap_gets_the_news_of_that_morning_in_the_morning(told: Story):
    told.log("Ben", "Ada", "Cy")
    story.change(told.app, told.people["Ben"], letters_off="recap")
    told.log("Ada", "Ben", now=DUE - DAY)
    assert "Ada Obi introduced you" in letter(told, "Ben", DUE.replace(hour=9))
