"""Rounds: opening by hand and by rhythm, closing, sealing, late openings."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Commitment, RosterMember, Round
from circle.rules.errors import BadDate, BadRhythm, BadText, Refusal, RoundIsOpen, StalePage, TooFewMembers
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import CommitmentState, RoundState
from circle.services.giving import commitments
from circle.services.rounds import by_hand, rhythms, turns
from tests.cast import NOON
from tests.services.playing import DUE, DUE_ON, LIMITS, Playing, days

WEEKLY = Rhythm(pattern=Pattern.WEEKLY, weekday=1, starts_on=date(2026, 11, 3), due_days=5, opens_at=time(9))
FIRST = datetime(2026, 11, 3, 9, tzinfo=NOON.tzinfo)


@pytest.fixture
def play(cast, context):
    return Playing(cast)


def counted(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_opening_a_round_for_five_makes_twenty_promises(play):
    play.open()
    assert counted(Commitment) == 20


def test_opening_fixes_the_roster_in_seat_order(play):
    play.open()
    seats = db.session.execute(select(RosterMember.seat, RosterMember.person_id).order_by(RosterMember.seat))
    assert [person for _, person in seats] == [play.id(one) for one in ("Ada", "Ben", "Cy", "Dee", "Eve")]


def test_everybody_is_told_once_that_a_round_has_opened(play):
    play.open()
    assert play.mails("round_opened") == 5


def test_an_opening_sets_the_first_reminder_of_each_giver(play):
    play.open()
    assert None not in db.session.scalars(select(RosterMember.next_reminder_at)).all()


def test_a_round_opened_by_hand_is_due_at_the_hour_of_the_circles_zone(cast, context):
    play = Playing(cast)
    play.open(due_on=date(2027, 6, 1))
    assert play.round().due_at == datetime(2027, 6, 1, 16, tzinfo=NOON.tzinfo)


def test_the_same_press_twice_opens_one_round(play):
    assert [play.open(), play.open(NOON + timedelta(seconds=3))] == [1, 1]


def test_a_second_round_beside_an_open_one_is_refused(play):
    play.open()
    with pytest.raises(RoundIsOpen):
        play.open(NOON + days(1))


@pytest.mark.parametrize("due_on", [date(1, 1, 1), date(2026, 11, 1), date(2028, 1, 1), date(9999, 12, 31)])
def test_a_due_date_in_the_past_or_far_away_is_refused_beside_its_field(play, due_on):
    with pytest.raises(BadDate) as refusal:
        play.open(due_on=due_on)
    assert refusal.value.field == "due_on"


def test_four_members_are_too_few_for_the_first_round(cast, context):
    play = Playing(cast, "Ben", "Cy", "Dee")
    with pytest.raises(TooFewMembers, match="needs five members, and four are here"):
        play.open()


def test_a_theme_of_ten_thousand_letters_is_refused_beside_its_field(play):
    with pytest.raises(BadText) as refusal:
        by_hand.open_now(
            play.stage.id, play.id("Ada"), DUE_ON, time(17), NOON, limits=LIMITS, theme="x" * 10_000
        )
    assert refusal.value.field == "theme"


def test_somebody_who_organises_no_more_opens_nothing(play):
    with pytest.raises(StalePage):
        by_hand.open_now(play.stage.id, play.id("Ben"), DUE_ON, time(17), NOON, limits=LIMITS)


def test_a_round_closes_at_its_due_time_with_its_figures(play):
    play.open()
    play.log("Ada", "Ben", "Cy")
    commitments.pass_on(play.id("Ben"), play.stage.id, 1, play.stage.refs["Ada"], "", NOON)
    turns.turn(play.round().id, DUE)
    one = play.round()
    assert (one.state, one.closing_made, one.closing_counted, one.closing_passed) == (
        RoundState.CLOSED,
        2,
        20,
        1,
    )


def test_a_round_does_not_close_before_its_due_time(play):
    play.open()
    assert turns.turn(play.round().id, DUE - timedelta(seconds=1)) == ""


def test_closing_mails_each_member_one_recap(play):
    play.open()
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE)
    assert play.mails("recap") == 5


def test_nobody_is_reminded_after_the_closing(play):
    play.open()
    turns.turn(play.round().id, DUE)
    assert set(db.session.scalars(select(RosterMember.next_reminder_at))) == {None}


def test_a_closed_round_still_takes_introductions(play):
    play.open()
    turns.turn(play.round().id, DUE)
    play.log("Ada", "Ben", now=DUE + days(2))
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_a_round_without_a_next_one_is_sealed_thirty_days_after_it_was_due(play):
    play.open()
    turns.turn(play.round().id, DUE)
    assert turns.rounds_to_turn(DUE + days(29)) == []
    turns.turn(play.round().id, DUE + days(30))
    assert play.round().state is RoundState.SEALED


def test_opening_the_next_round_seals_the_closed_one(play):
    play.open()
    turns.turn(play.round().id, DUE)
    play.open(DUE + days(1), DUE_ON + days(15))
    assert (play.round(1).state, play.round(2).state) == (RoundState.SEALED, RoundState.OPEN)


def test_the_circle_is_told_once_that_all_is_done(play):
    play.open()
    everybody = ("Ada", "Ben", "Cy", "Dee", "Eve")
    for giver in everybody:
        play.log(giver, *(other for other in everybody if other != giver))
    play.log("Ada", "Ben", to="Jo Tan")
    assert play.mails("all_done") == 5


def test_a_rhythm_opens_its_first_round_at_its_hour(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    assert turns.circles_to_open(FIRST - timedelta(seconds=1)) == []
    assert turns.open_due(play.stage.id, FIRST, LIMITS) == "Opened round 1 of Harbour Circle."


def test_the_same_slot_opens_once(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    turns.open_due(play.stage.id, FIRST, LIMITS)
    assert turns.open_due(play.stage.id, FIRST, LIMITS) == ""


def test_a_rhythm_goes_on_with_the_following_slot(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    turns.open_due(play.stage.id, FIRST, LIMITS)
    assert turns.circles_to_open(FIRST + days(7)) == [play.stage.id]


def test_a_round_of_the_rhythm_waits_for_members(cast, context):
    play = Playing(cast, "Ben")
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    assert turns.open_due(play.stage.id, FIRST, LIMITS).endswith("waits for members.")
    assert counted(Round) == 0


def test_after_a_downtime_only_the_latest_slot_opens_and_the_others_are_recorded(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    turns.open_due(play.stage.id, FIRST + days(15), LIMITS)
    states = db.session.execute(select(Round.state, Round.number).order_by(Round.slot)).all()
    assert [tuple(row) for row in states] == [
        (RoundState.SKIPPED, None),
        (RoundState.SKIPPED, None),
        (RoundState.OPEN, 1),
    ]


def test_every_skipped_slot_says_why(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    turns.open_due(play.stage.id, FIRST + days(15), LIMITS)
    reasons = db.session.scalars(select(Round.skipped_why).where(Round.state == RoundState.SKIPPED)).all()
    assert all(reasons)


def test_a_rhythm_that_would_meet_the_open_round_is_refused_with_its_date(play):
    play.open()
    with pytest.raises(BadRhythm, match="the open round runs until 16 Nov") as refusal:
        rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    assert refusal.value.field == "starts_on"


def test_a_round_by_hand_that_would_meet_the_rhythm_is_refused_with_its_date(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    with pytest.raises(BadDate, match="next round opens on 3 Nov at 09:00"):
        play.open()


def test_a_rhythm_out_of_bounds_names_its_field(play):
    broken = Rhythm(pattern=Pattern.WEEKLY, weekday=1, interval=13, starts_on=date(2026, 11, 3))
    with pytest.raises(BadRhythm) as refusal:
        rhythms.set_rhythm(play.stage.id, play.id("Ada"), broken, NOON)
    assert refusal.value.field == "interval"


def test_a_stored_rhythm_comes_back_as_it_was_set(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    assert rhythms.stored_rhythm(play.stage.id) == WEEKLY


def test_a_removed_rhythm_opens_nothing_more(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    rhythms.drop_rhythm(play.stage.id, play.id("Ada"), NOON)
    assert db.session.scalar(select(Circle.next_opening_at)) is None


def test_four_presses_at_one_moment_open_one_round(play, app):
    numbers = at_once(app, play.open)
    assert numbers == [1, 1, 1, 1]


def test_four_workers_at_one_moment_open_one_round(play, app):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    at_once(app, lambda: turns.open_due(play.stage.id, FIRST, LIMITS))
    assert (counted(Round), play.mails("round_opened")) == (1, 5)


def at_once(app, act):
    """Run the same act in four threads that start together; return what each got."""
    db.session.remove()
    start, got = threading.Barrier(4), []

    def run():
        with app.app_context():
            start.wait()
            try:
                got.append(act())
            except Refusal as refusal:
                got.append(refusal)
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
