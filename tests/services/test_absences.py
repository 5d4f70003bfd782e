"""Away and back: what is outstanding is excused both ways, and may open again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, OutboxMail, Person
from circle.rules import board
from circle.rules.errors import BadDate, TooFewMembers
from circle.rules.states import CommitmentState, MailKind
from circle.services.door import people
from circle.services.giving import commitments, introductions
from circle.services.membership import absences
from circle.services.rounds import by_hand, closings, late_joining
from tests.cast import NOON
from tests.services.playing import Playing

MONDAY = NOON.date()
OPEN, EXCUSED, MADE = CommitmentState.OPEN, CommitmentState.EXCUSED, CommitmentState.INTRODUCED


@pytest.fixture
def play(context, cast) -> Playing:
    return Playing(cast)


def _away(play: Playing, first: str, days: int | None = None, now=NOON) -> None:
    last = now.date() + timedelta(days=days) if days is not None else None
    absences.go_away(play.id(first), now.date(), last, now)


def _tally(play: Playing) -> board.Tally:
    round_ = play.round()
    return closings.tally_of(round_.id)


def test_who_is_away_at_the_opening_is_on_the_roster_with_everything_excused(play):
    _away(play, "Ben")
    play.open()
    assert {play.state("Ben", "Ada"), play.state("Ada", "Ben")} == {EXCUSED}
    assert play.state("Ada", "Cy") is OPEN


def test_no_round_opens_with_two_who_are_here(play):
    for first in ("Ben", "Cy", "Dee"):
        _away(play, first)
    with pytest.raises(TooFewMembers, match="two are here"):
        play.open()


def test_who_is_away_at_the_opening_gets_no_letter(play):
    _away(play, "Ben")
    play.open()
    assert play.mails(MailKind.ROUND_OPENED.key) == 4


def test_the_denominator_leaves_out_what_is_excused(play):
    _away(play, "Ben")
    play.open()
    assert (_tally(play).counted, _tally(play).excused) == (12, 8)


def test_going_away_excuses_what_is_outstanding_both_ways(play):
    play.open()
    _away(play, "Ben")
    assert {play.state("Ben", "Cy"), play.state("Cy", "Ben")} == {EXCUSED}


def test_going_away_keeps_what_was_made(play):
    play.open()
    play.log("Ben", "Cy")
    _away(play, "Ben")
    assert play.state("Ben", "Cy") is MADE


def test_a_planned_absence_excuses_nothing_before_its_day(play):
    play.open()
    absences.go_away(play.id("Ben"), MONDAY + timedelta(days=3), None, NOON)
    assert play.state("Ben", "Cy") is OPEN


def test_a_planned_absence_begins_on_its_day(play):
    play.open()
    absences.go_away(play.id("Ben"), MONDAY + timedelta(days=3), None, NOON)
    then = NOON + timedelta(days=2, hours=13)
    assert absences.people_turning(then) == [play.id("Ben")]
    absences.turn(play.id("Ben"), then)
    assert play.state("Ben", "Cy") is EXCUSED


def test_nobody_turns_before_the_day(play):
    absences.go_away(play.id("Ben"), MONDAY + timedelta(days=3), None, NOON)
    assert absences.people_turning(NOON + timedelta(days=2)) == []


def test_a_return_with_half_of_the_round_left_opens_what_was_excused(play):
    play.open()
    _away(play, "Ben")
    absences.come_back(play.id("Ben"), NOON + timedelta(days=5))
    assert {play.state("Ben", "Cy"), play.state("Cy", "Ben")} == {OPEN}


def test_a_later_return_leaves_it_excused(play):
    play.open()
    _away(play, "Ben")
    absences.come_back(play.id("Ben"), NOON + timedelta(days=9))
    assert play.state("Ben", "Cy") is EXCUSED


def test_an_absence_with_an_end_is_over_by_itself(play):
    play.open()
    _away(play, "Ben", days=2)
    absences.turn(play.id("Ben"), NOON + timedelta(days=2, hours=12))
    assert play.state("Ben", "Cy") is OPEN
    assert absences.known(play.id("Ben")) is None


def test_a_return_opens_nothing_with_somebody_who_is_still_away(play):
    play.open()
    _away(play, "Ben")
    _away(play, "Cy")
    absences.come_back(play.id("Ben"), NOON + timedelta(days=1))
    assert (play.state("Ben", "Cy"), play.state("Ben", "Dee")) == (EXCUSED, OPEN)


def test_a_return_opens_nothing_with_somebody_who_left(play):
    play.open()
    _away(play, "Ben")
    play.leave("Cy")
    absences.come_back(play.id("Ben"), NOON + timedelta(days=1))
    assert play.state("Ben", "Cy") is EXCUSED


def test_who_comes_back_is_told_of_the_round_once(play):
    _away(play, "Ben")
    play.open()
    absences.come_back(play.id("Ben"), NOON + timedelta(days=1))
    _away(play, "Ben", now=NOON + timedelta(days=2))
    absences.come_back(play.id("Ben"), NOON + timedelta(days=3))
    told = select(OutboxMail.id).where(OutboxMail.person_id == play.id("Ben"))
    assert len(db.session.scalars(told).all()) == 1


def test_a_pass_taken_back_for_somebody_away_is_excused(play):
    play.open()
    commitments.pass_on(play.id("Ben"), play.stage.id, 1, play.stage.refs["Cy"], "", NOON)
    _away(play, "Cy")
    state = commitments.reopen(play.id("Ben"), play.stage.id, 1, play.stage.refs["Cy"], NOON)
    assert (state, play.state("Ben", "Cy")) == (EXCUSED, EXCUSED)


def test_a_pass_taken_back_for_a_leaver_is_excused(play):
    play.open()
    commitments.pass_on(play.id("Ben"), play.stage.id, 1, play.stage.refs["Cy"], "", NOON)
    play.leave("Cy")
    commitments.reopen(play.id("Ben"), play.stage.id, 1, play.stage.refs["Cy"], NOON)
    assert play.state("Ben", "Cy") is EXCUSED


def test_a_withdrawal_by_who_came_back_to_the_circle_but_not_to_the_round_is_excused(play):
    play.open()
    play.log("Ben", "Cy")
    play.leave("Ben")
    play.cast.join(play.stage, play.cast.person("Ben"))
    introductions.withdraw(play.id("Ben"), play.introductions()[0].public_id, NOON)
    assert play.state("Ben", "Cy") is EXCUSED


def test_a_withdrawal_while_away_leaves_it_excused(play):
    play.open()
    play.log("Ben", "Cy")
    _away(play, "Ben")
    introductions.withdraw(play.id("Ben"), play.introductions()[0].public_id, NOON)
    assert play.state("Ben", "Cy") is EXCUSED


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(1, 1, 1), None, "first"),
        (date(9999, 12, 31), None, "first"),
        (MONDAY - timedelta(days=1), None, "first"),
        (MONDAY, MONDAY - timedelta(days=1), "last"),
        (MONDAY, date(9999, 12, 31), "last"),
    ],
)
def test_days_that_cannot_be_are_refused_beside_their_field(play, first, last, field):
    with pytest.raises(BadDate) as refused:
        absences.go_away(play.id("Ben"), first, last, NOON)
    assert refused.value.field == field


def test_another_zone_moves_the_turn_of_a_planned_absence(play):
    absences.go_away(play.id("Ben"), MONDAY + timedelta(days=3), None, NOON)
    person = db.session.get_one(Person, play.id("Ben"))
    person.zone = "Pacific/Auckland"
    absences.reckon(person, NOON)
    assert person.away_turns_at.isoformat() == "2026-11-04T11:00:00+00:00"
    db.session.rollback()


def _move(play: Playing, first: str, zone: str, now: datetime) -> None:
    kept = people.profile(play.id(first))
    people.update_profile(play.id(first), replace(kept, zone=zone), now)


def test_an_absence_that_a_change_of_zone_ends_is_over(play):
    _move(play, "Ben", "America/New_York", NOON)
    play.open()
    _away(play, "Ben", days=0)
    evening = NOON + timedelta(hours=14)
    _move(play, "Ben", "Pacific/Auckland", evening)
    assert absences.people_turning(evening) == [play.id("Ben")]
    assert absences.turn(play.id("Ben"), evening) == "Ben Katz is back."
    assert play.state("Ben", "Cy") is OPEN


def test_an_absence_that_a_change_of_zone_begins_excuses(play):
    play.open()
    absences.go_away(play.id("Ben"), MONDAY + timedelta(days=1), None, NOON)
    _move(play, "Ben", "Pacific/Auckland", NOON)
    assert absences.turn(play.id("Ben"), NOON) == "Ben Katz is away."
    assert play.state("Ben", "Cy") is EXCUSED


def test_a_late_joiner_promises_and_is_promised_one_each(play):
    play.open()
    play.cast.join(play.stage, play.cast.person("Gil"))
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), NOON)
    states = db.session.scalars(
        select(Commitment.state).where(
            (Commitment.giver_id == play.id("Gil")) | (Commitment.receiver_id == play.id("Gil"))
        )
    ).all()
    assert states == [OPEN] * 10


def test_a_late_joiner_is_added_once(play):
    play.open()
    play.cast.join(play.stage, play.cast.person("Gil"))
    for _ in range(2):
        late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), NOON)
    assert _tally(play).counted == 30


def test_a_late_joiner_promises_nothing_to_who_is_away(play):
    play.open()
    _away(play, "Ben")
    play.cast.join(play.stage, play.cast.person("Gil"))
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), NOON)
    assert (play.state("Gil", "Ben"), play.state("Gil", "Cy")) == (EXCUSED, OPEN)


def test_a_late_joiner_who_is_away_promises_nothing_and_gets_no_letter(play):
    play.open()
    play.cast.join(play.stage, play.cast.person("Gil"))
    _away(play, "Gil", 5)
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), NOON)
    assert {play.state("Gil", "Cy"), play.state("Cy", "Gil")} == {EXCUSED}
    assert play.mails(MailKind.ROUND_OPENED.key) == 5


def test_a_late_joiner_who_was_away_promises_on_return(play):
    play.open()
    play.cast.join(play.stage, play.cast.person("Gil"))
    _away(play, "Gil", 5)
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), NOON)
    absences.come_back(play.id("Gil"), NOON + timedelta(days=1))
    assert {play.state("Gil", "Cy"), play.state("Cy", "Gil")} == {OPEN}


def test_who_left_and_came_back_starts_with_the_next_round(play):
    play.open()
    play.leave("Ben")
    play.cast.join(play.stage, play.cast.person("Ben"))
    assert play.state("Ben", "Cy") is EXCUSED


def test_who_left_and_came_back_may_be_added_again(play):
    play.open()
    play.log("Ben", "Cy")
    play.leave("Ben")
    play.cast.join(play.stage, play.cast.person("Ben"))
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Ben"), NOON)
    assert (play.state("Ben", "Cy"), play.state("Ben", "Dee")) == (MADE, OPEN)


def test_a_return_from_absence_does_not_add_who_came_back_to_the_circle(play):
    play.open()
    _away(play, "Cy")
    play.leave("Ben")
    play.cast.join(play.stage, play.cast.person("Ben"))
    absences.come_back(play.id("Cy"), NOON + timedelta(days=1))
    assert play.state("Cy", "Ben") is EXCUSED


def test_a_closed_round_is_not_opened_again_by_a_return(play):
    play.open()
    _away(play, "Ben")
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + timedelta(days=1))
    absences.come_back(play.id("Ben"), NOON + timedelta(days=1))
    assert play.state("Ben", "Cy") is EXCUSED
