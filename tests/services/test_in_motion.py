"""People in motion: who counts when a round opens, and what leaving, returning and handing on change."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Person, RosterMember, Round
from circle.rules import zones
from circle.rules.errors import MeetsAnother, StalePage
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import CommitmentState, Role, RoundState
from circle.services.membership import absences, archiving, handing_over, memberships
from circle.services.post import mail_plan, nudges, reminders
from circle.services.progress import boards
from circle.services.rounds import by_hand, late_joining, pauses, rhythms, turns
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import DUE, LIMITS, Playing

WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=5)
DAY = timedelta(days=1)


@pytest.fixture
def play(context, cast) -> Playing:
    return Playing(cast)


@pytest.fixture
def weekly(play) -> Playing:
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    return play


def _away(play: Playing, *firsts: str, now: datetime = NOON) -> None:
    for first in firsts:
        absences.go_away(play.id(first), now.date(), None, now)


def _circle(play: Playing) -> Circle:
    db.session.rollback()
    return db.session.get_one(Circle, play.stage.id)


def _skipped(play: Playing) -> list[str]:
    db.session.rollback()
    found = select(Round.skipped_why).where(Round.state == RoundState.SKIPPED).order_by(Round.slot)
    return list(db.session.scalars(found))


def test_the_minimum_counts_members_who_are_away(weekly):
    _away(weekly, "Eve")
    turns.open_due(weekly.stage.id, NOON + DAY, LIMITS)
    assert weekly.round().state is RoundState.OPEN


def test_by_the_rhythm_no_round_opens_with_two_who_are_here(weekly):
    _away(weekly, "Cy", "Dee", "Eve")
    turns.open_due(weekly.stage.id, NOON + DAY, LIMITS)
    assert _circle(weekly).held_at == NOON + DAY


def test_a_held_round_opens_when_somebody_comes_back(weekly):
    _away(weekly, "Cy", "Dee", "Eve")
    turns.open_due(weekly.stage.id, NOON + DAY, LIMITS)
    absences.come_back(weekly.id("Cy"), NOON + 2 * DAY)
    assert _circle(weekly).next_opening_at == NOON + 2 * DAY
    turns.open_due(weekly.stage.id, NOON + 2 * DAY, LIMITS)
    assert weekly.round().state is RoundState.OPEN


def test_leaving_excuses_what_is_outstanding_in_a_closed_round_too(play):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + DAY)
    play.leave("Ben", NOON + 2 * DAY)
    assert play.state("Ben", "Cy") is CommitmentState.EXCUSED


def test_who_was_seen_lately_keeps_the_job(play):
    with writing() as session:
        session.get_one(Person, play.id("Ada")).seen_at = NOON + 30 * DAY
    with pytest.raises(StalePage):
        handing_over.take_over(play.stage.id, play.id("Ben"), NOON + 61 * DAY)


def test_the_taker_cannot_take_the_job_back_from_themselves(play):
    handing_over.take_over(play.stage.id, play.id("Ben"), NOON + 61 * DAY)
    with pytest.raises(StalePage):
        handing_over.take_back(play.stage.id, play.id("Ben"), play.membership_id("Ben"), NOON + 62 * DAY)


def test_who_became_an_organiser_by_the_taker_cannot_take_back(play):
    taken = NOON + 61 * DAY
    handing_over.take_over(play.stage.id, play.id("Ben"), taken)
    memberships.set_role(play.stage.id, play.id("Ben"), play.membership_id("Cy"), Role.ORGANISER, taken)
    with pytest.raises(StalePage, match="by those who organised before"):
        handing_over.take_back(play.stage.id, play.id("Cy"), play.membership_id("Ben"), taken + DAY)
    assert handing_over.those_to_take_back(play.stage.id, play.id("Cy"), taken + DAY) == set()


def test_who_paused_their_letters_is_not_nudged(play):
    play.open()
    with writing() as session:
        session.get_one(Person, play.id("Ben")).letters_paused_until = date(2027, 1, 1)
    done = nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Ben")], "", NOON)
    assert (done.sent, [why for _, why in done.refused]) == ((), [nudges.MAIL_OFF])


def test_what_a_pause_has_skipped_stays_skipped_when_it_ends(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2027, 1, 12), NOON)
    pauses.resume(weekly.stage.id, weekly.id("Ada"), NOON + 2 * DAY)
    turns.open_due(weekly.stage.id, NOON + 2 * DAY, LIMITS)
    assert db.session.scalar(select(Round.id).where(Round.state == RoundState.OPEN)) is None
    turns.open_due(weekly.stage.id, NOON + 8 * DAY, LIMITS)
    assert (weekly.round().state, len(_skipped(weekly))) == (RoundState.OPEN, 1)


def test_a_circle_that_waits_to_be_erased_is_not_brought_back(play):
    archiving.ask_erasure(play.stage.id, play.id("Ada"), NOON)
    with pytest.raises(StalePage, match="Keep it first"):
        archiving.unarchive(play.stage.id, play.id("Ada"), NOON + DAY)


def test_reopening_keeps_clear_of_the_next_opening(weekly):
    turns.open_due(weekly.stage.id, NOON + DAY, LIMITS)
    by_hand.close(weekly.stage.id, weekly.id("Ada"), 1, NOON + 2 * DAY)
    with pytest.raises(MeetsAnother):
        by_hand.reopen(weekly.stage.id, weekly.id("Ada"), 1, date(2026, 11, 12), time(17), NOON + 2 * DAY)


def test_a_sealed_round_is_not_reopened(play):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + DAY)
    turns.turn(play.round().id, NOON + 60 * DAY)
    assert play.round().state is RoundState.SEALED
    with pytest.raises(StalePage):
        by_hand.reopen(play.stage.id, play.id("Ada"), 1, date(2027, 1, 20), time(17), NOON + 60 * DAY)


EVE = datetime(2026, 11, 15, 12, tzinfo=NOON.tzinfo)
"""The day before the round of `play` is due."""


def _reminded_next(play: Playing, first: str) -> date | None:
    db.session.rollback()
    found = select(RosterMember.next_reminder_at).where(RosterMember.person_id == play.id(first))
    at = db.session.scalar(found)
    return at.date() if at else None


def test_who_was_nudged_on_the_eve_is_reminded_on_the_day_also_when_somebody_joins(play):
    play.open()
    nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Ben")], "", EVE)
    play.cast.join(play.stage, play.cast.person("Gil"))
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), EVE)
    assert _reminded_next(play, "Ben") == DUE.date()


def test_no_reminder_comes_on_the_day_of_a_nudge_whatever_the_reader_changes(play):
    play.open()
    on_the_day = datetime(2026, 11, 9, 7, tzinfo=NOON.tzinfo)
    nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Ben")], "", on_the_day)
    with writing():
        reminders.schedule_person(play.id("Ben"), on_the_day)
    assert _reminded_next(play, "Ben") == date(2026, 11, 13)


def test_after_an_extension_no_reminder_comes_within_two_days_of_the_last(play):
    play.open()
    nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Ben")], "", EVE)
    by_hand.extend(play.stage.id, play.id("Ada"), 1, date(2026, 11, 18), time(17), EVE)
    assert (_reminded_next(play, "Ben"), _reminded_next(play, "Cy")) == (
        date(2026, 11, 18),
        date(2026, 11, 16),
    )


def test_nor_does_one_when_the_reader_then_changes_their_hour(play):
    play.open()
    nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Ben")], "", EVE)
    by_hand.extend(play.stage.id, play.id("Ada"), 1, date(2026, 11, 18), time(17), EVE)
    with writing():
        reminders.schedule_person(play.id("Ben"), EVE)
    assert _reminded_next(play, "Ben") == date(2026, 11, 18)


def test_a_late_joiner_on_the_seat_of_a_leaver_comes_after_who_was_there_first(cast, context):
    gil = cast.person("Gil")
    play = Playing(cast)
    play.open()
    play.leave("Ben")
    cast.join(play.stage, gil)
    late_joining.add_to_round(play.stage.id, play.id("Ada"), play.membership_id("Gil"), NOON)
    people = boards.people_of(play.stage.id)
    seen = boards.read_round(play.round().id, gil.id, people, zones.zone("UTC")).board
    assert [seat.first_name for seat in seen.seats] == ["Ada", "Ben", "Gil", "Cy", "Dee", "Eve"]


def test_a_round_by_hand_records_the_missed_one_in_whose_place_it_opens(weekly):
    by_hand.open_now(
        weekly.stage.id, weekly.id("Ada"), date(2026, 11, 9), time(17), NOON + DAY, limits=LIMITS
    )
    assert _skipped(weekly) == ["A round was opened by hand instead."]


def test_people_of_the_demo_are_nudged_as_the_plan_of_mails_says(play):
    play.open()
    with writing() as session:
        session.get_one(Person, play.id("Ben")).demo = True
    done = nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Ben")], "", NOON)
    assert (len(done.sent), done.refused) == (1, ())
    assert any("Ben" in one.to for one in mail_plan.read(play.stage.id, NOON))
