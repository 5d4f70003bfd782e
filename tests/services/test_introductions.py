"""Introductions: what a log does to its promise, and what it refuses."""

from datetime import date, timedelta

import pytest

from circle.extensions import db
from circle.rules.errors import (
    BadDate,
    BadName,
    BadText,
    IntroductionAnswered,
    ReceiverNotInRound,
    RoundIsSealed,
    StalePage,
)
from circle.rules.states import Channel, CommitmentState, NewsKind, Outcome, Synergy
from circle.services.giving import commitments, introductions, receiving
from circle.services.giving.introductions import Logging, Made
from circle.services.knowing import contacts
from circle.services.post import news
from circle.services.rounds import turns
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import DUE, days
from tests.services.test_rounds import at_once

LATER = NOON + timedelta(hours=2)


def test_a_log_counts_at_once(play):
    play.log("Ada", "Ben")
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_one_log_may_be_for_several_members(play):
    play.log("Ada", "Ben", "Cy", "Dee")
    assert len(play.introductions()) == 3


def test_the_receiver_is_told_in_their_next_letter(play):
    play.log("Ada", "Ben")
    assert play.news("Ben") == [NewsKind.INTRODUCED]


def test_a_new_name_is_kept_once_for_next_time(play):
    play.log("Ada", "Ben", to="Rosa Lind")
    play.log("Ada", "Cy", to="rosa lind")
    assert contacts.names_known_by(play.id("Ada")) == ["Rosa Lind"]


def test_a_contact_is_known_to_the_giver_alone(play):
    play.log("Ada", "Ben")
    assert contacts.names_known_by(play.id("Ben")) == []


def test_the_same_form_sent_twice_is_one_log(play):
    play.log("Ada", "Ben")
    again = play.log("Ada", "Ben", now=NOON + timedelta(seconds=20))
    assert (again.repeated, len(play.introductions())) == (True, 1)


def test_four_presses_at_one_moment_are_one_log(play, app):
    at_once(app, lambda: play.log("Ada", "Ben"))
    assert len(play.introductions()) == 1


def test_a_second_introduction_for_the_same_member_is_extra(play):
    play.log("Ada", "Ben")
    assert play.log("Ada", "Ben", to="Jo Tan").extra


def test_a_fellow_member_as_contact_is_kept_but_fills_nothing(play):
    logged = play.log("Ada", "Ben", to="CY marsh")
    assert (logged.fellow, play.state("Ada", "Ben")) == (True, CommitmentState.OPEN)


def test_made_on_the_due_day_is_not_late(play):
    turns.turn(play.round().id, DUE)
    play.log("Ada", "Ben", made_on=DUE.date(), now=DUE + days(1))
    assert not play.promise("Ada", "Ben").late


def test_made_after_the_due_day_is_late(play):
    turns.turn(play.round().id, DUE)
    play.log("Ada", "Ben", now=DUE + days(1))
    assert play.promise("Ada", "Ben").late


def test_an_introduction_in_time_beside_a_late_one_makes_the_promise_kept_in_time(play):
    turns.turn(play.round().id, DUE)
    play.log("Ada", "Ben", now=DUE + days(1))
    play.log("Ada", "Ben", to="Jo Tan", made_on=DUE.date(), now=DUE + days(1))
    assert not play.promise("Ada", "Ben").late


@pytest.mark.parametrize(
    ("made_on", "words"),
    [(date(2026, 11, 3), "still to come"), (date(2026, 11, 1), "from 2 Nov"), (date(1, 1, 1), "from 2 Nov")],
)
def test_a_day_outside_the_round_is_refused_beside_its_field(play, made_on, words):
    with pytest.raises(BadDate, match=words) as refusal:
        play.log("Ada", "Ben", made_on=made_on)
    assert refusal.value.field == "made_on"


def test_the_day_the_round_before_was_due_is_early_enough(play):
    turns.turn(play.round().id, DUE)
    play.open(DUE + days(3), DUE.date() + days(20))
    play.log("Ada", "Ben", number=2, made_on=DUE.date(), now=DUE + days(3))
    assert play.state("Ada", "Ben", 2) is CommitmentState.INTRODUCED


def test_yourself_as_receiver_is_refused(play):
    with pytest.raises(ReceiverNotInRound):
        play.log("Ada", "Ada")


def test_nobody_as_receiver_is_refused_beside_the_field(play):
    with pytest.raises(ReceiverNotInRound) as refusal:
        play.log("Ada")
    assert refusal.value.field == "receiver_refs"


def test_a_receiver_of_another_circle_is_refused_and_nothing_is_logged(play):
    play.stage.refs["Gil"] = play.cast.circle("Gil", name="Other").refs["Gil"]
    with pytest.raises(ReceiverNotInRound):
        play.log("Ada", "Ben", "Gil")
    assert play.introductions() == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "x" * 10_000, "Ro\x00sa", "Ro\u202esa"])
def test_a_name_that_cannot_be_is_refused_beside_its_field(play, name):
    with pytest.raises(BadName) as refusal:
        play.log("Ada", "Ben", to=name)
    assert refusal.value.field == "contact_name"


def test_a_sealed_round_offers_the_open_one(play):
    turns.turn(play.round().id, DUE)
    play.open(DUE + days(1), DUE.date() + days(20))
    with pytest.raises(RoundIsSealed, match="Round 2 is open"):
        play.log("Ada", "Ben", now=DUE + days(2))


def test_a_log_over_a_pass_lets_go_of_whom_was_asked_before_it(play):
    promise = play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"]
    commitments.ask(*promise, "Rosa Lind", NOON)
    commitments.pass_on(*promise, "", NOON)
    play.log("Ada", "Ben")
    assert play.promise("Ada", "Ben").contact_id is None


def test_a_log_over_a_pass_takes_back_its_news(play):
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "Sorry", NOON)
    play.log("Ada", "Ben")
    assert play.news("Ben") == [NewsKind.INTRODUCED]


def test_an_excused_promise_may_be_kept_anyway(play):
    play.leave("Ben")
    play.log("Ada", "Ben")
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_somebody_who_left_is_told_nothing_more(play):
    play.leave("Ben")
    play.log("Ada", "Ben")
    assert play.news("Ben") == []


def test_somebody_who_left_logs_nothing_more(play):
    play.leave("Ben")
    with pytest.raises(StalePage):
        play.log("Ben", "Ada")


def test_an_edit_changes_what_was_said(play):
    ref = play.log("Ada", "Ben").refs[0]
    said = Made(
        contact_name="Jo Tan",
        made_on=NOON.date(),
        synergy=Synergy.TEAM_UP,
        channel=Channel.CALL,
        reason="Both bake",
    )
    introductions.edit(play.id("Ada"), ref, said, LATER)
    one = play.introductions()[0]
    assert (one.contact_name, one.synergy, one.channel, one.reason) == (
        "Jo Tan",
        Synergy.TEAM_UP,
        Channel.CALL,
        "Both bake",
    )


def test_an_edit_to_a_fellow_member_opens_the_promise_again(play):
    ref = play.log("Ada", "Ben").refs[0]
    introductions.edit(play.id("Ada"), ref, Made(contact_name="Cy Marsh", made_on=NOON.date()), LATER)
    assert play.state("Ada", "Ben") is CommitmentState.OPEN


def test_only_the_giver_edits(play):
    ref = play.log("Ada", "Ben").refs[0]
    with pytest.raises(StalePage):
        introductions.edit(play.id("Ben"), ref, Made(contact_name="X", made_on=NOON.date()), LATER)


def test_a_reason_of_ten_thousand_letters_is_refused_beside_its_field(play):
    said = Logging(
        contact_name="Rosa",
        made_on=NOON.date(),
        reason="x" * 10_000,
        receiver_refs=(play.stage.refs["Ben"],),
    )
    with pytest.raises(BadText) as refusal:
        introductions.log(play.id("Ada"), play.stage.id, 1, said, NOON)
    assert refusal.value.field == "reason"


def test_a_withdrawal_opens_the_promise_again_and_takes_back_its_news(play):
    ref = play.log("Ada", "Ben").refs[0]
    introductions.withdraw(play.id("Ada"), ref, LATER)
    assert (play.state("Ada", "Ben"), play.news("Ben")) == (CommitmentState.OPEN, [])


def test_a_withdrawal_of_one_of_two_keeps_the_promise(play):
    ref = play.log("Ada", "Ben").refs[0]
    play.log("Ada", "Ben", to="Jo Tan")
    introductions.withdraw(play.id("Ada"), ref, LATER)
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_a_withdrawal_for_somebody_who_left_excuses_the_promise(play):
    ref = play.log("Ada", "Ben").refs[0]
    play.leave("Ben")
    introductions.withdraw(play.id("Ada"), ref, LATER)
    assert play.state("Ada", "Ben") is CommitmentState.EXCUSED


def test_a_withdrawal_the_receiver_was_told_of_is_told(play):
    ref = play.log("Ada", "Ben").refs[0]
    logged = play.introductions()[0].id
    with writing():
        news.take_back(introduction_id=logged)
    introductions.withdraw(play.id("Ada"), ref, LATER)
    assert play.news("Ben") == [NewsKind.WITHDRAWN]


def test_withdrawing_twice_is_withdrawing_once(play):
    ref = play.log("Ada", "Ben").refs[0]
    introductions.withdraw(play.id("Ada"), ref, LATER)
    introductions.withdraw(play.id("Ada"), ref, LATER + days(1))
    db.session.rollback()
    assert play.introductions()[0].withdrawn_at == LATER


def test_an_answered_introduction_is_not_withdrawn(play):
    ref = play.log("Ada", "Ben").refs[0]
    receiving.answer(play.id("Ben"), ref, Outcome.MET, LATER)
    with pytest.raises(IntroductionAnswered):
        introductions.withdraw(play.id("Ada"), ref, LATER)


def test_an_answer_is_told_to_the_giver_once(play):
    ref = play.log("Ada", "Ben").refs[0]
    for outcome in (Outcome.IN_TOUCH, Outcome.IN_TOUCH, Outcome.MET):
        receiving.answer(play.id("Ben"), ref, outcome, LATER)
    assert play.news("Ada") == [NewsKind.ANSWERED]


def test_an_answer_may_be_changed_after_the_round_is_sealed(play):
    ref = play.log("Ada", "Ben").refs[0]
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    receiving.answer(play.id("Ben"), ref, Outcome.LED_ON, DUE + days(40))
    assert play.introductions()[0].outcome is Outcome.LED_ON


def test_only_the_receiver_answers(play):
    ref = play.log("Ada", "Ben").refs[0]
    with pytest.raises(StalePage):
        receiving.answer(play.id("Cy"), ref, Outcome.MET, LATER)


def test_a_withdrawn_introduction_takes_no_answer(play):
    ref = play.log("Ada", "Ben").refs[0]
    introductions.withdraw(play.id("Ada"), ref, LATER)
    with pytest.raises(StalePage, match="withdrawn meanwhile"):
        receiving.answer(play.id("Ben"), ref, Outcome.MET, LATER)


def test_thanks_go_to_the_giver_alone(play):
    ref = play.log("Ada", "Ben").refs[0]
    receiving.thank(play.id("Ben"), ref, "What a find", False, LATER)
    assert (play.news("Ada"), play.introductions()[0].thanks_shared) == ([NewsKind.THANKED], False)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 501])
def test_thanks_of_no_words_or_too_many_are_refused_beside_the_field(play, text):
    ref = play.log("Ada", "Ben").refs[0]
    with pytest.raises(BadText) as refusal:
        receiving.thank(play.id("Ben"), ref, text, False, LATER)
    assert refusal.value.field == "text"
