"""Wishes: kept for each round, asked for once, made sharper after a pass, and a second look offered."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import News, RosterMember, Round
from circle.rules.errors import BadText
from circle.rules.states import CommitmentState, NewsKind
from circle.services.door import people
from circle.services.giving import commitments, promise_page, wishes
from circle.services.post import daily, news
from circle.services.rounds import by_hand, late_joining, turns
from circle.services.work import writing
from tests import story
from tests.cast import DOES, NOON, Cast
from tests.services.at_once import at_once
from tests.services.playing import DUE, DUE_ON, Playing, days
from tests.story import Story

LATER = NOON + days(1)
TUESDAY_NINE = datetime(2026, 11, 3, 9, tzinfo=UTC)
SHARPER = "Warehouse owners near Preston who still plan on paper"


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    return Playing(cast)


def pass_on(play: Playing, giver: str, receiver: str, now: datetime = NOON) -> None:
    commitments.pass_on(play.id(giver), play.stage.id, 1, play.stage.refs[receiver], "", now)


def on_roster(play: Playing, first: str, number: int = 1) -> RosterMember:
    db.session.rollback()
    found = select(RosterMember).join(Round, Round.id == RosterMember.round_id)
    return db.session.execute(
        found.where(Round.number == number, RosterMember.person_id == play.id(first))
    ).scalar_one()


def test_a_round_keeps_the_wishes_it_opened_with(play):
    play.open()
    assert {first: on_roster(play, first).wish for first in ("Ada", "Dee")} == {
        "Ada": DOES["Ada"][4],
        "Dee": DOES["Dee"][4],
    }


def test_it_keeps_step_while_it_is_open(play):
    play.open()
    wishes.say(play.id("Dee"), SHARPER, LATER)
    row = on_roster(play, "Dee")
    assert (row.wish, row.wish_said_at) == (SHARPER, LATER)


def test_it_stays_as_it_was_once_the_round_has_closed(play):
    play.open()
    turns.turn(play.round().id, DUE)
    wishes.say(play.id("Dee"), SHARPER, DUE + days(1))
    assert on_roster(play, "Dee").wish == DOES["Dee"][4]


def test_it_is_in_step_again_when_the_round_is_opened_again(play):
    play.open()
    turns.turn(play.round().id, DUE)
    wishes.say(play.id("Dee"), SHARPER, DUE + days(1))
    by_hand.reopen(play.stage.id, play.id("Ada"), 1, DUE_ON + days(9), time(17), DUE + days(2))
    assert on_roster(play, "Dee").wish == SHARPER


def test_the_profile_says_it_too(play):
    play.open()
    told = people.profile(play.id("Dee"))
    changed = people.Profile(told.name, told.zone, told.does, told.serves, told.interests, SHARPER)
    people.update_profile(play.id("Dee"), changed, LATER)
    assert on_roster(play, "Dee").wish == SHARPER


def test_a_profile_saved_with_the_same_wish_does_not_answer_for_it(play):
    play.open()
    people.update_profile(play.id("Dee"), people.profile(play.id("Dee")), LATER)
    assert on_roster(play, "Dee").wish_said_at is None


def test_the_same_wish_said_again_is_heard_and_no_sharper(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    assert wishes.say(play.id("Dee"), DOES["Dee"][4], LATER) == []
    assert (on_roster(play, "Dee").wish_said_at, play.news("Cy")) == (LATER, [])


def test_a_late_joiner_brings_theirs(play):
    play.open()
    gil = play.cast.person("Gil")
    play.cast.join(play.stage, gil)
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), LATER)
    assert on_roster(play, "Gil").wish == DOES["Gil"][4]


def test_a_wish_too_long_is_refused_beside_its_field(play):
    with pytest.raises(BadText) as refused:
        wishes.say(play.id("Dee"), "x" * 301, NOON)
    assert refused.value.field == "wish"


def test_who_passed_is_offered_a_second_look_and_nobody_else(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    pass_on(play, "Ben", "Eve")
    assert wishes.say(play.id("Dee"), SHARPER, LATER) == ["Cy"]
    told = {first: play.news(first) for first in ("Ada", "Ben", "Cy", "Eve")}
    assert [first for first, kinds in told.items() if NewsKind.LOOK_AGAIN in kinds] == ["Cy"]


def test_two_changes_before_the_letter_are_one_piece_of_news(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    wishes.say(play.id("Dee"), "Warehouse owners", LATER)
    wishes.say(play.id("Dee"), SHARPER, LATER + timedelta(minutes=5))
    assert play.news("Cy") == [NewsKind.LOOK_AGAIN]


def test_an_empty_wish_is_no_sharper_one(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    assert (wishes.say(play.id("Dee"), "", LATER), play.news("Cy")) == ([], [])


def test_nobody_is_asked_to_look_again_once_the_round_has_closed(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    turns.turn(play.round().id, DUE)
    assert wishes.say(play.id("Dee"), SHARPER, DUE + days(1)) == []


def test_a_giver_who_left_is_told_nothing(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    play.leave("Cy")
    assert wishes.say(play.id("Dee"), SHARPER, LATER) == []


def test_looking_again_takes_back_the_pass_and_its_news(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    wishes.say(play.id("Dee"), SHARPER, LATER)
    ref = play.stage.refs["Dee"]
    page = promise_page.read(play.stage.id, 1, play.id("Cy"), ref, LATER)
    commitments.reopen(play.id("Cy"), play.stage.id, 1, ref, LATER)
    after = promise_page.read(play.stage.id, 1, play.id("Cy"), ref, LATER)
    assert [page and page.look_again, after and after.look_again] == [True, False]
    assert (play.state("Cy", "Dee"), play.news("Cy")) == (CommitmentState.OPEN, [])


def test_who_passed_after_the_wish_was_sharpened_is_not_asked_again(play):
    play.open()
    wishes.say(play.id("Dee"), SHARPER, NOON)
    pass_on(play, "Cy", "Dee", LATER)
    page = promise_page.read(play.stage.id, 1, play.id("Cy"), play.stage.refs["Dee"], LATER)
    assert page is not None
    assert not page.look_again


def test_a_look_again_that_is_no_longer_true_is_not_told(play):
    play.open()
    pass_on(play, "Cy", "Dee")
    wishes.say(play.id("Dee"), SHARPER, LATER)
    turns.turn(play.round().id, DUE)
    with writing():
        news.drop_untrue(play.id("Cy"), DUE + days(1))
    assert NewsKind.LOOK_AGAIN not in play.news("Cy")


@pytest.fixture
def told(cast: Cast) -> Story:
    return story.begin(cast, "Ben", "Cy", "Dee", "Eve")


def asked_at(told: Story, first: str) -> datetime | None:
    with told.app.app_context():
        asked = select(RosterMember.sharper_asked_at).where(RosterMember.person_id == told.id(first))
        return db.session.execute(asked).scalar_one()


def test_the_letter_with_the_first_pass_asks_and_is_remembered(told):
    told.pass_on("Ada", "Ben", "")
    before = asked_at(told, "Ben")
    with told.app.app_context():
        daily.write_daily(told.id("Ben"), TUESDAY_NINE)
    assert (before, asked_at(told, "Ben")) == (None, TUESDAY_NINE)


def test_a_letter_that_never_went_out_has_not_asked(told):
    told.pass_on("Ada", "Ben", "")
    with told.app.app_context():
        daily.write_daily(told.id("Ben"), TUESDAY_NINE)
        [mail] = set(db.session.scalars(select(News.outbox_id).where(News.kind == NewsKind.PASSED)))
        with writing():
            news.untell([mail or 0], TUESDAY_NINE + days(1))
    assert asked_at(told, "Ben") is None


def test_two_who_passed_each_other_may_sharpen_at_one_moment(play):
    play.open()
    for giver, receiver in (("Cy", "Dee"), ("Dee", "Cy")):
        pass_on(play, giver, receiver)
    ids = [play.id(first) for first in ("Cy", "Dee")]
    db.session.rollback()
    calls = [partial(wishes.say, one, SHARPER, LATER) for one in ids]
    assert at_once(play.cast.app, *calls) == [None, None]
    assert [play.news(first).count(NewsKind.LOOK_AGAIN) for first in ("Cy", "Dee")] == [1, 1]
