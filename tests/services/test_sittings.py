"""Fifteen minutes: whom one thinks of, where one was, and the ideas that come back."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import Contact, Idea, Sitting, Thought
from circle.rules.errors import BadName, BadText, StalePage
from circle.rules.states import CommitmentState
from circle.services.giving import commitments, promise_page
from circle.services.knowing import keeping
from circle.services.rounds import turns
from circle.services.thinking import choosing, ideas, parked, sitting_page, sittings
from circle.services.thinking.ideas import Parking
from circle.services.thinking.sitting_page import SittingPage
from circle.services.work import writing
from tests.cast import NOON, Cast
from tests.services.at_once import at_once
from tests.services.playing import DUE, Playing, days

ROSA = "Rosa Lind"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def look(play: Playing, now=NOON, first: str = "Ada") -> SittingPage:
    db.session.rollback()
    return sitting_page.read(play.id(first), now)


def begin(play: Playing, now=NOON) -> SittingPage:
    sittings.begin(play.id("Ada"), now)
    return look(play, now)


def park(play: Playing, page: SittingPage, now=NOON, **typed: str) -> None:
    assert page.thought
    sittings.park(play.id("Ada"), page.began, page.thought.position, Parking(**typed), now)


def chosen(play: Playing, first: str = "Ada", now=NOON) -> list[str]:
    db.session.rollback()
    return [one.name for one in choosing.choose(play.id(first), now)]


def rows(model: type) -> list:
    db.session.rollback()
    return list(db.session.scalars(select(model).order_by(model.id)))


def test_who_is_still_open_is_thought_of_first(play):
    play.log("Ada", "Ben")
    assert chosen(play) == ["Cy Marsh", "Dee Patel", "Eve Ruiz"]


def test_whom_one_asked_already_is_left_in_peace(play):
    commitments.ask(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], ROSA, NOON)
    assert "Ben Katz" not in chosen(play)


def test_beside_a_member_stands_who_fits_them_best(play):
    keeping.add(play.id("Ada"), PersonKnown("Mats Olsen", line="Runs three bakeries"), NOON)
    [ben, *_] = choosing.choose(play.id("Ada"), NOON)
    assert (ben.name, ben.contact_id is not None) == ("Ben Katz", True)
    page = begin(play)
    assert page.thought
    assert (page.thought.contact, bool(page.thought.why)) == ("Mats Olsen", True)


def test_when_nobody_is_open_one_question_and_then_the_other_members(play):
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    assert chosen(play) == [ROSA, "Ben Katz", "Cy Marsh"]


def test_who_was_thought_of_longest_ago_comes_first(play):
    page = begin(play)
    sittings.go_on(play.id("Ada"), page.began, 1, NOON)
    sittings.finish(play.id("Ada"), NOON)
    assert chosen(play) == ["Cy Marsh", "Dee Patel", "Eve Ruiz"]


def test_a_stranger_without_anybody_has_nothing_to_begin(play):
    finn = play.cast.person("Finn")
    assert not sittings.begin(finn.id, NOON)
    assert (rows(Sitting), sitting_page.read(finn.id, NOON).ahead) == ([], "")


def test_it_goes_on_where_one_was(play):
    page = begin(play)
    sittings.go_on(play.id("Ada"), page.began, 1, NOON + MINUTE)
    later = look(play, NOON + 5 * MINUTE)
    assert later.thought
    assert (later.thought.position, later.thought.of, later.left) == (2, 3, "About ten minutes left")


def test_beginning_twice_is_beginning_once(play):
    db.session.rollback()
    assert at_once(play.cast.app, *[partial(sittings.begin, play.id("Ada"), NOON)] * 2) == [None, None]
    assert (len(rows(Sitting)), len(rows(Thought))) == (1, 3)


def test_it_is_over_when_the_list_is_over(play):
    page = begin(play)
    for position in (1, 2, 3):
        sittings.go_on(play.id("Ada"), page.began, position, NOON + MINUTE)
    after = look(play, NOON + 2 * MINUTE)
    assert (after.thought, after.done) == (None, "Nothing came to mind, and that is fine.")


def test_it_is_over_when_the_quarter_of_an_hour_is(play):
    begin(play)
    assert look(play, NOON + 14 * MINUTE).thought
    assert look(play, NOON + 15 * MINUTE).thought is None


def test_an_idea_that_comes_too_late_is_kept_and_ends_it(play):
    page = begin(play)
    park(play, page, NOON + 16 * MINUTE, contact_name=ROSA)
    assert [one.contact for one in parked.all_of(play.id("Ada"))] == [ROSA]
    assert rows(Sitting)[0].ended_at == NOON + 16 * MINUTE


def test_another_one_begins_with_whom_one_did_not_get_to(play):
    page = begin(play)
    sittings.go_on(play.id("Ada"), page.began, 1, NOON + MINUTE)
    again = begin(play, NOON + 20 * MINUTE)
    assert again.thought
    assert (again.thought.name, len(rows(Sitting))) == ("Cy Marsh", 2)


def test_a_page_of_an_earlier_one_says_so_and_parks_nothing(play):
    page = begin(play)
    begin(play, NOON + 20 * MINUTE)
    with pytest.raises(StalePage):
        park(play, page, NOON + 21 * MINUTE, contact_name=ROSA)
    assert rows(Idea) == []


def test_the_same_press_parks_once(play):
    page = begin(play)
    for _ in range(2):
        park(play, page, contact_name=ROSA, words="Both bake.")
    assert [(one.member, one.contact, one.words) for one in parked.all_of(play.id("Ada"))] == [
        ("Ben Katz", ROSA, "Both bake.")
    ]


@pytest.mark.parametrize(
    ("typed", "refused"),
    [({}, BadText), ({"words": "x" * 301}, BadText), ({"contact_name": "Cy Marsh"}, BadName)],
)
def test_what_cannot_be_parked_is_refused_and_one_stays_where_one_was(play, typed, refused):
    page = begin(play)
    with pytest.raises(refused):
        park(play, page, **typed)
    again = look(play).thought
    assert again
    assert again.position == 1


def test_a_question_is_answered_or_becomes_an_idea_for_a_member(play):
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    page = begin(play)
    assert page.thought
    assert page.thought.question == "What does Rosa do?"
    sittings.answer(play.id("Ada"), page.began, 1, "Architect", NOON)
    assert "Architect" in db.session.scalars(select(Contact.line)).one()
    second = look(play).thought
    assert second
    assert second.position == 2


def test_an_idea_about_somebody_asked_about_goes_to_the_member_named(play):
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    page = begin(play)
    park(play, page, member_ref=play.stage.refs["Cy"])
    [idea] = parked.all_of(play.id("Ada"))
    assert (idea.member, idea.contact) == ("Cy Marsh", ROSA)


def test_an_introduction_settles_the_idea_it_makes_true_and_no_other(play):
    page = begin(play)
    park(play, page, contact_name=ROSA)
    park(play, look(play), contact_name="Idris Bello")
    play.log("Ada", "Ben")
    assert [one.contact for one in parked.all_of(play.id("Ada"))] == ["Idris Bello"]


def test_an_idea_is_settled_by_its_owner_alone(play):
    park(play, begin(play), contact_name=ROSA)
    [idea] = parked.all_of(play.id("Ada"))
    assert not ideas.settle(play.id("Ben"), idea.ref, NOON)
    assert ideas.settle(play.id("Ada"), idea.ref, NOON)
    assert parked.all_of(play.id("Ada")) == ()


def test_ideas_wait_on_the_circle_page_while_the_member_waits(play):
    park(play, begin(play), contact_name=ROSA)
    here = partial(parked.in_circle, play.id("Ada"), play.stage.id)
    before = len(here())
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "", NOON)
    assert (before, here()) == (1, ())


def test_they_come_back_with_the_next_round(play):
    park(play, begin(play), contact_name=ROSA)
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "", NOON)
    turns.turn(play.round().id, DUE)
    play.open(DUE + days(1), (DUE + days(10)).date())
    [idea] = parked.in_circle(play.id("Ada"), play.stage.id)
    page = promise_page.read(play.stage.id, 2, play.id("Ada"), play.stage.refs["Ben"], DUE + days(1))
    assert page
    assert (idea.number, [one.contact for one in page.ideas]) == (2, [ROSA])


def test_a_link_shows_only_ideas_whose_name_stood_in_the_letter(play):
    park(play, begin(play), contact_name=ROSA, words="A secret thought.")
    page = promise_page.read(play.stage.id, 1, play.id("Ada"), play.stage.refs["Ben"], NOON)
    assert page
    shown = [page.naming_only(known.__eq__, ()).ideas for known in ("", ROSA)]
    assert [[one.contact for one in some] for some in shown] == [[], [ROSA]]


def test_nobody_else_reads_an_idea(play):
    park(play, begin(play), contact_name=ROSA)
    assert [parked.all_of(play.id(first)) for first in ("Ben", "Cy")] == [(), ()]
    page = promise_page.read(play.stage.id, 1, play.id("Ben"), play.stage.refs["Cy"], NOON)
    assert page
    assert page.ideas == ()


def test_a_member_who_left_is_passed_over(play):
    begin(play)
    play.leave("Ben")
    page = look(play)
    assert page.thought
    assert page.thought.name == "Cy Marsh"
    assert play.state("Ada", "Ben") is CommitmentState.EXCUSED


def test_an_erased_contact_takes_its_thought_along(play):
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    begin(play)
    with writing() as session:
        session.delete(session.scalars(select(Contact)).one())
    page = look(play)
    assert page.thought
    assert page.thought.name == "Ben Katz"


def test_when_all_of_it_has_left_another_one_begins(play):
    play.log("Ada", "Cy", "Dee", "Eve")
    first = begin(play)
    sittings.go_on(play.id("Ada"), first.began, 2, NOON)
    sittings.go_on(play.id("Ada"), first.began, 3, NOON)
    play.leave("Ben")
    assert look(play).thought is None
    second = begin(play, NOON + MINUTE)
    assert second.thought
    assert second.began != first.began


def test_an_answer_and_an_idea_typed_beside_it_are_both_kept(play):
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    page = begin(play)
    idea = Parking(member_ref=play.stage.refs["Cy"], words="Over lunch")
    sittings.answer(play.id("Ada"), page.began, 1, "Architect", NOON, idea)
    [parked_one] = parked.all_of(play.id("Ada"))
    assert (parked_one.member, parked_one.contact, parked_one.words) == ("Cy Marsh", ROSA, "Over lunch")
    assert "Architect" in db.session.scalars(select(Contact.line)).one()
