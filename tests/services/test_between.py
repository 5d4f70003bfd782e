"""Between rounds: what is made after a round was due is kept where its promise is answered, and offered."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import News
from circle.rules.errors import BadDate, CommitmentCannotMove, StalePage
from circle.rules.states import CommitmentState, NewsKind
from circle.services.giving import between, commitments, introductions
from circle.services.own_record import outside
from circle.services.own_record.outside import OutsideLogging
from circle.services.rounds import turns
from tests.cast import Cast
from tests.services.at_once import at_once
from tests.services.playing import DUE, Playing, days
from tests.statements import statements

IDRIS = "Idris Bello"
THEN = DUE + days(1)
"""The round is closed, and the next one has not opened."""


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    playing = Playing(cast)
    playing.open()
    return playing


def close(play: Playing) -> None:
    turns.turn(play.round().id, DUE)


def open_next(play: Playing) -> datetime:
    opened = DUE + days(3)
    play.open(opened, DUE.date() + days(20))
    return opened


def kept(play: Playing) -> list[tuple[str, int | None]]:
    return [(one.contact_name, one.round_id) for one in play.introductions() if one.round_id is None]


def offered(play: Playing, giver: str, number: int, now: datetime) -> dict[int, list[str]]:
    db.session.rollback()
    found = between.offered(play.id(giver), play.stage.id, number, now)
    return {receiver: [one.contact_name for one in made] for receiver, made in found.items()}


def count(play: Playing, ref: str, now: datetime, receiver: str = "Ben", number: int = 2) -> None:
    between.count(play.id("Ada"), play.stage.id, number, play.stage.refs[receiver], ref, now)


def test_what_is_outstanding_is_filled_late(play):
    close(play)
    assert play.log("Ada", "Ben", now=THEN).kept == ()
    assert (play.promise("Ada", "Ben").late, kept(play)) == (True, [])


@pytest.mark.parametrize("answered", ["made", "passed", "excused"])
def test_where_the_promise_is_answered_it_is_kept(play, answered):
    if answered == "made":
        play.log("Ada", "Ben")
    elif answered == "passed":
        commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "", DUE - days(1))
    else:
        play.leave("Ben", DUE - days(1))
    close(play)
    before = play.state("Ada", "Ben")
    logged = play.log("Ada", "Ben", to=IDRIS, now=THEN)
    assert (logged.kept, logged.extra, kept(play)) == (("Ben Katz",), False, [(IDRIS, None)])
    assert play.state("Ada", "Ben") is before


def test_made_in_time_and_logged_later_it_belongs_to_its_round(play):
    play.log("Ada", "Ben")
    close(play)
    assert play.log("Ada", "Ben", to=IDRIS, made_on=DUE.date(), now=THEN).extra
    assert kept(play) == []


def test_one_log_may_fill_for_one_and_be_kept_for_another(play):
    play.log("Ada", "Ben")
    close(play)
    logged = play.log("Ada", "Ben", "Cy", to=IDRIS, now=THEN)
    assert (logged.kept, play.state("Ada", "Cy")) == (("Ben Katz",), CommitmentState.INTRODUCED)


@pytest.mark.parametrize("before", [True, False], ids=["kept", "filling"])
def test_the_same_form_sent_twice_is_one_log(play, before):
    if before:
        play.log("Ada", "Ben")
    close(play)
    play.log("Ada", "Ben", to=IDRIS, now=THEN)
    assert play.log("Ada", "Ben", to=IDRIS, now=THEN + timedelta(seconds=20)).repeated
    assert len(play.introductions()) == 1 + before


def test_four_presses_at_one_moment_keep_one(play, app):
    play.log("Ada", "Ben")
    close(play)
    at_once(app, *[lambda: play.log("Ada", "Ben", to=IDRIS, now=THEN)] * 4)
    assert kept(play) == [(IDRIS, None)]


def test_the_next_round_offers_it_and_it_fills_its_promise_in_time(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    assert offered(play, "Ada", 1, THEN) == {}
    opened = open_next(play)
    assert offered(play, "Ada", 2, opened) == {play.id("Ben"): [IDRIS]}
    count(play, ref, opened)
    assert (play.state("Ada", "Ben", 2), play.promise("Ada", "Ben", 2).late) == (
        CommitmentState.INTRODUCED,
        False,
    )
    assert (offered(play, "Ada", 2, opened), kept(play)) == ({}, [])


def test_what_was_kept_outside_rounds_for_a_member_is_offered_too(play):
    close(play)
    said = OutsideLogging(contact_name=IDRIS, receiver_refs=(play.stage.refs["Ben"],), made_on=THEN.date())
    outside.log(play.id("Ada"), said, THEN)
    assert offered(play, "Ada", 1, THEN) == {play.id("Ben"): [IDRIS]}


def test_its_receiver_is_told_of_it_once(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    opened = open_next(play)
    count(play, ref, opened)
    told = select(func.count(News.id)).where(
        News.person_id == play.id("Ben"), News.kind == NewsKind.INTRODUCED
    )
    assert db.session.scalar(told) == 2


def test_counting_twice_is_counting_once(play, app):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    opened = open_next(play)
    assert at_once(app, *[lambda: count(play, ref, opened)] * 4) == [None] * 4
    assert [one.round_id for one in play.introductions()].count(play.round(2).id) == 1


def test_nobody_elses_is_offered_or_counted(play):
    play.log("Cy", "Ben")
    close(play)
    [ref] = play.log("Cy", "Ben", to=IDRIS, now=THEN).refs
    opened = open_next(play)
    assert offered(play, "Ada", 2, opened) == {}
    with pytest.raises(StalePage):
        count(play, ref, opened)


def test_it_counts_for_its_own_receiver_alone(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    with pytest.raises(StalePage):
        count(play, ref, open_next(play), receiver="Cy")


def test_it_fills_no_promise_that_is_answered_meanwhile(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    opened = open_next(play)
    play.log("Ada", "Ben", to="Jo Tan", number=2, now=opened)
    with pytest.raises(CommitmentCannotMove):
        count(play, ref, opened)


def test_what_was_withdrawn_is_not_offered(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    outside.withdraw(play.id("Ada"), ref, THEN)
    opened = open_next(play)
    assert offered(play, "Ada", 2, opened) == {}
    with pytest.raises(StalePage):
        count(play, ref, opened)


def test_what_was_made_before_the_last_round_was_due_is_not_for_the_next(play):
    said = OutsideLogging(
        contact_name=IDRIS, receiver_refs=(play.stage.refs["Ben"],), made_on=DUE.date() - days(1)
    )
    [ref] = outside.log(play.id("Ada"), said, DUE - days(1))
    close(play)
    opened = open_next(play)
    assert offered(play, "Ada", 2, opened) == {}
    with pytest.raises(BadDate):
        count(play, ref, opened)


def test_a_fellow_member_as_contact_is_never_offered(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to="Cy Marsh", now=THEN).refs
    opened = open_next(play)
    assert offered(play, "Ada", 2, opened) == {}
    with pytest.raises(StalePage):
        count(play, ref, opened)


def test_once_counted_it_is_changed_and_withdrawn_as_any_other(play):
    play.log("Ada", "Ben")
    close(play)
    [ref] = play.log("Ada", "Ben", to=IDRIS, now=THEN).refs
    opened = open_next(play)
    count(play, ref, opened)
    introductions.withdraw(play.id("Ada"), ref, opened)
    assert play.state("Ada", "Ben", 2) is CommitmentState.OPEN


def test_what_is_offered_takes_one_statement(play):
    play.log("Ada", "Ben", "Cy")
    close(play)
    play.log("Ada", "Ben", "Cy", to=IDRIS, now=THEN)
    opened = open_next(play)
    ada = play.id("Ada")
    with statements() as sent:
        assert len(between.offered(ada, play.stage.id, 2, opened)) == 2
    assert len(sent) == 1
