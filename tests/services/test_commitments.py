"""Commitments: every step of their life as a service takes it, and what leaving does to them."""

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import RosterMember
from circle.rules.errors import BadName, BadText, CommitmentCannotMove, RoundIsSealed
from circle.rules.states import CommitmentState, NewsKind
from circle.services.giving import commitments, introductions
from circle.services.rounds import turns
from tests.cast import NOON
from tests.services.playing import DUE, days

OPEN, ASKING, INTRODUCED, PASSED, EXCUSED = CommitmentState


def promise_of(play):
    return play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"]


def ask(play, name="Rosa Lind"):
    commitments.ask(*promise_of(play), name, NOON)


def pass_on(play, line=""):
    commitments.pass_on(*promise_of(play), line, NOON)


def reopen(play):
    commitments.reopen(*promise_of(play), NOON)


def log(play):
    play.log("Ada", "Ben")


def withdraw(play):
    introductions.withdraw(play.id("Ada"), play.introductions()[-1].public_id, NOON)


def leave(play):
    play.leave("Ben")


WAYS = {
    OPEN: (),
    ASKING: (ask,),
    INTRODUCED: (log,),
    PASSED: (pass_on,),
    EXCUSED: (leave,),
}

STEPS = [
    (OPEN, ask, ASKING),
    (OPEN, log, INTRODUCED),
    (OPEN, pass_on, PASSED),
    (OPEN, leave, EXCUSED),
    (OPEN, reopen, OPEN),
    (ASKING, ask, ASKING),
    (ASKING, reopen, OPEN),
    (ASKING, log, INTRODUCED),
    (ASKING, pass_on, PASSED),
    (ASKING, leave, EXCUSED),
    (PASSED, reopen, OPEN),
    (PASSED, log, INTRODUCED),
    (PASSED, pass_on, PASSED),
    (PASSED, leave, PASSED),
    (EXCUSED, log, INTRODUCED),
    (INTRODUCED, withdraw, OPEN),
    (INTRODUCED, leave, INTRODUCED),
]

REFUSED = [
    (PASSED, ask),
    (EXCUSED, ask),
    (EXCUSED, pass_on),
    (EXCUSED, reopen),
    (INTRODUCED, ask),
    (INTRODUCED, pass_on),
    (INTRODUCED, reopen),
]


@pytest.mark.parametrize(("start", "step", "end"), STEPS, ids=lambda one: getattr(one, "__name__", one))
def test_a_step_leads_where_the_table_says(play, start, step, end):
    for way in WAYS[start]:
        way(play)
    step(play)
    assert play.state("Ada", "Ben") is end


@pytest.mark.parametrize(("start", "step"), REFUSED, ids=lambda one: getattr(one, "__name__", one))
def test_a_step_outside_the_table_is_refused_and_changes_nothing(play, start, step):
    for way in WAYS[start]:
        way(play)
    with pytest.raises(CommitmentCannotMove):
        step(play)
    assert play.state("Ada", "Ben") is start


def test_asking_keeps_the_contact_for_the_giver(play):
    ask(play, "Marta Koch")
    assert play.promise("Ada", "Ben").contact_id is not None


def test_a_fellow_member_cannot_be_asked(play):
    with pytest.raises(BadName, match="in this circle already") as refusal:
        ask(play, "Cy Marsh")
    assert refusal.value.field == "contact_name"


def test_a_pass_is_told_to_the_receiver_once(play):
    pass_on(play, "I know nobody there")
    pass_on(play, "I know nobody there")
    assert play.news("Ben") == [NewsKind.PASSED]


def test_a_second_pass_may_add_the_line(play):
    pass_on(play)
    pass_on(play, "Would a baker help?")
    assert play.promise("Ada", "Ben").passed_line == "Would a baker help?"


def test_a_line_of_three_hundred_and_one_letters_is_refused_beside_its_field(play):
    with pytest.raises(BadText) as refusal:
        pass_on(play, "x" * 301)
    assert refusal.value.field == "line"


def test_taking_a_pass_back_takes_back_its_news(play):
    pass_on(play)
    reopen(play)
    assert play.news("Ben") == []


def test_a_sealed_round_takes_no_pass(play):
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    with pytest.raises(RoundIsSealed):
        pass_on(play)


def test_leaving_excuses_what_is_outstanding_both_ways(play):
    leave(play)
    assert (play.state("Ada", "Ben"), play.state("Ben", "Ada")) == (EXCUSED, EXCUSED)


def test_leaving_touches_nobody_elses_promises(play):
    leave(play)
    assert play.state("Ada", "Cy") is OPEN


def test_a_leaver_is_reminded_of_nothing(play):
    leave(play)
    theirs = select(RosterMember.next_reminder_at).where(RosterMember.person_id == play.id("Ben"))
    assert db.session.scalars(theirs).all() == [None]


def test_a_leaver_is_told_nothing_more(play):
    log(play)
    leave(play)
    assert play.news("Ben") == []


def test_a_sealed_round_is_not_touched_by_leaving(play):
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    leave(play)
    assert play.state("Ada", "Ben") is OPEN
