"""Undoing: an undone introduction, pass or "not now" brings the promise back as it was."""

import pytest
from sqlalchemy import select, update

from circle.extensions import db
from circle.models import Contact, Dismissal, News, OutboxMail, Person
from circle.rules.errors import CommitmentCannotMove, StalePage
from circle.rules.states import CommitmentState, NewsKind, Synergy
from circle.services.giving import (
    commitments,
    drafts,
    introduction_page,
    introductions,
    promise_page,
    questions,
)
from circle.services.knowing import erasing
from circle.services.post import news_facts
from circle.services.rounds import turns
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import DUE, days

OPEN, ASKING, INTRODUCED, PASSED, EXCUSED = CommitmentState
PLANS = (
    "contact_id",
    "asked_at",
    "asks_member",
    "drafted_at",
    "draft_subject",
    "draft_text",
    "draft_synergy",
    "draft_shape",
)


def promise_of(play):
    return play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"]


def ask(play):
    commitments.ask(*promise_of(play), "Marta Koch", NOON)


def write(play):
    drafts.write(*promise_of(play), "Marta Koch", Synergy.SAME_CLIENTS, NOON)


def ask_and_write(play):
    ask(play)
    write(play)


def log(play):
    play.log("Ada", "Ben", to="Marta Koch", now=NOON + days(1))


def pass_on(play):
    commitments.pass_on(*promise_of(play), "", NOON + days(1))


def withdraw(play):
    introductions.withdraw(play.id("Ada"), play.introductions()[-1].public_id, NOON + days(1))


def take_back(play):
    return commitments.reopen(*promise_of(play), NOON + days(1), only=PASSED)


def as_it_stands(play):
    promise = play.promise("Ada", "Ben")
    return promise.state, *(getattr(promise, column) for column in PLANS)


def is_kept(play):
    return play.promise("Ada", "Ben").contact_id is not None


ENDS = pytest.mark.parametrize(("press", "undo"), [(log, withdraw), (pass_on, take_back)])


@pytest.mark.parametrize("before", [ask, write, ask_and_write])
@ENDS
def test_an_undo_brings_back_the_row_as_it_was(play, before, press, undo):
    before(play)
    stood = as_it_stands(play)
    press(play)
    assert as_it_stands(play)[0] in {INTRODUCED, PASSED}
    undo(play)
    assert as_it_stands(play) == stood


@ENDS
def test_a_second_undo_leaves_the_question_that_came_back(play, press, undo):
    ask(play)
    stood = as_it_stands(play)
    press(play)
    undo(play)
    undo(play)
    assert as_it_stands(play) == stood
    assert db.session.scalars(select(Dismissal)).all() == []


@ENDS
def test_what_is_kept_for_an_undo_is_shown_to_nobody(play, press, undo):
    ask_and_write(play)
    press(play)
    known = promise_page.read(play.stage.id, 1, play.id("Ada"), play.stage.refs["Ben"], NOON)
    assert (known.asked, known.draft) == ("", None)
    page = introduction_page.read_giver(play.stage.id, 1, play.id("Ada"), NOON)
    assert page.to(play.stage.refs["Ben"]).asked == ""


def test_the_receiver_of_a_pass_is_told_no_name(play):
    ask(play)
    pass_on(play)
    with writing() as session:
        letter = session.scalars(select(OutboxMail.id).where(OutboxMail.person_id == play.id("Ben"))).first()
        session.execute(update(News).where(News.person_id == play.id("Ben")).values(outbox_id=letter))
    [told] = news_facts.news_in(letter)
    assert (told.kind, told.contact) == (NewsKind.PASSED, "")


@ENDS
def test_a_draft_kept_for_an_undo_is_neither_changed_nor_dropped(play, press, undo):
    write(play)
    press(play)
    stood = as_it_stands(play)
    drafts.drop(*promise_of(play))
    with pytest.raises(StalePage):
        drafts.revise(*promise_of(play), drafts.Draft("Other", "Other"))
    assert as_it_stands(play) == stood


@ENDS
def test_erasing_the_contact_clears_what_is_kept(play, press, undo):
    ask(play)
    ref = db.session.scalar(select(Contact.public_id))
    press(play)
    erasing.erase(play.id("Ada"), ref, NOON)
    assert not is_kept(play)
    undo(play)
    assert play.state("Ada", "Ben") is OPEN
    assert play.promise("Ada", "Ben").asked_at is None


@ENDS
def test_who_leaves_takes_what_is_kept_along(play, press, undo):
    ask(play)
    press(play)
    play.leave("Ben")
    assert not is_kept(play)


@ENDS
def test_a_finished_round_keeps_no_plans_of_what_was_made_or_passed(play, press, undo):
    ask(play)
    press(play)
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    assert play.round().sealed_at is not None
    assert not is_kept(play)


@ENDS
def test_absence_excuses_what_is_undone(play, press, undo):
    ask(play)
    press(play)
    with writing() as session:
        session.execute(
            update(Person).where(Person.id == play.id("Ben")).values(away_from=NOON.date(), away_until=None)
        )
    undo(play)
    assert play.state("Ada", "Ben") is EXCUSED
    assert not is_kept(play)


def test_an_undone_question_leaves_the_draft_that_was_there_before(play):
    write(play)
    stood = as_it_stands(play)
    ask(play)
    commitments.reopen(*promise_of(play), NOON, not_now=False, only=ASKING)
    assert as_it_stands(play) == stood


def test_an_undone_not_now_brings_back_the_question_and_may_suggest_them_again(play):
    ask(play)
    stood = as_it_stands(play)
    question = questions.waiting(*promise_of(play))
    commitments.reopen(*promise_of(play), NOON)
    assert len(db.session.scalars(select(Dismissal)).all()) == 1
    said = questions.Question.of_words(question.as_words())
    for _ in range(2):
        questions.ask_again(*promise_of(play), said, NOON)
    assert as_it_stands(play) == stood
    assert db.session.scalars(select(Dismissal)).all() == []


def test_a_question_is_not_brought_back_over_what_came_since(play):
    ask(play)
    question = questions.waiting(*promise_of(play))
    commitments.reopen(*promise_of(play), NOON)
    drafts.write(*promise_of(play), "Jo Tan", None, NOON)
    with pytest.raises(StalePage, match="meanwhile"):
        questions.ask_again(*promise_of(play), question, NOON)
    pass_on(play)
    with pytest.raises(CommitmentCannotMove):
        questions.ask_again(*promise_of(play), question, NOON)


def test_nobody_brings_back_a_question_about_a_contact_of_somebody_else(play):
    ask(play)
    question = questions.waiting(*promise_of(play))
    theirs = play.id("Cy"), *promise_of(play)[1:]
    with pytest.raises(StalePage):
        questions.ask_again(*theirs, question, NOON)


@pytest.mark.parametrize(
    "said", [{}, {"whom": "x"}, {"whom": "x", "at": "1e9"}, {"whom": "x", "at": "9" * 30}]
)
def test_an_address_that_says_no_question_is_refused(said):
    with pytest.raises(StalePage):
        questions.Question.of_words(said)
