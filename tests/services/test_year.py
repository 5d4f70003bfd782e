"""A year by hand: exceptions, pauses, extensions, closings, rounds held back, the job handed on."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import Change, Circle, Membership, OutboxMail, Person, RosterMember, Round
from circle.rules.errors import BadDate, BadText, MeetsAnother, RoundIsOpen, StalePage, TooFewMembers
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import ChangeKind, MailKind, Role, RoundState
from circle.services.membership import absences, archiving, handing_over, memberships
from circle.services.post import mail_plan, nudges
from circle.services.rounds import by_hand, exceptions, pauses, rhythms, schedules, turns
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import DUE, LIMITS, Playing

WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=5)
TUESDAY = datetime.combine(date(2026, 11, 3), time(9))
DAY = timedelta(days=1)


@pytest.fixture
def play(context, cast) -> Playing:
    return Playing(cast)


@pytest.fixture
def weekly(play) -> Playing:
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    return play


def _ahead(play: Playing, now=NOON, count=6):
    found = schedules.ahead(play.stage.id, now, count)
    db.session.rollback()
    return found


def _circle(play: Playing) -> Circle:
    db.session.rollback()
    return db.session.get_one(Circle, play.stage.id)


def _kinds(play: Playing) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Change.kind).order_by(Change.id)))


def _alter(play: Playing, slot: datetime, by: timedelta, longer=timedelta(), now=NOON) -> None:
    due = slot + timedelta(days=5, hours=8)
    exceptions.alter(play.stage.id, play.id("Ada"), slot, slot + by, due + by + longer, now)


def test_a_moved_round_opens_when_it_was_moved_to(weekly):
    _alter(weekly, TUESDAY, DAY)
    assert turns.circles_to_open(NOON + DAY) == []
    turns.open_due(weekly.stage.id, NOON + 2 * DAY, LIMITS)
    assert weekly.round().slot == TUESDAY


def test_a_move_leaves_all_others_where_they_are(weekly):
    before = _ahead(weekly)
    _alter(weekly, TUESDAY, DAY)
    assert _ahead(weekly)[1:] == before[1:]


def test_a_move_past_the_next_opening_names_that_round(weekly):
    with pytest.raises(MeetsAnother) as refused:
        _alter(weekly, TUESDAY, 3 * DAY)
    assert (refused.value.slot, refused.value.field) == (TUESDAY + 7 * DAY, "due_on")


def test_a_move_before_the_last_due_date_names_that_round(weekly):
    with pytest.raises(MeetsAnother) as refused:
        _alter(weekly, TUESDAY + 7 * DAY, -3 * DAY)
    assert (refused.value.slot, refused.value.field) == (TUESDAY, "opens_on")


def test_a_move_into_the_open_round_is_refused(play):
    play.open()
    later = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 17), weekday=1, due_days=5)
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), later, NOON)
    with pytest.raises(BadDate, match="runs until 16 Nov"):
        _alter(play, TUESDAY + 14 * DAY, -2 * DAY)


@pytest.mark.parametrize("year", [1, 9999])
def test_a_move_to_the_ends_of_time_is_refused(weekly, year):
    with pytest.raises(BadDate):
        exceptions.alter(
            weekly.stage.id,
            weekly.id("Ada"),
            TUESDAY,
            datetime.combine(date(year, 1, 1), time(9)),
            datetime.combine(date(year, 1, 2), time(9)),
            NOON,
        )


def test_a_skipped_round_does_not_open_and_is_recorded(weekly):
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    turns.open_due(weekly.stage.id, NOON + 8 * DAY, LIMITS)
    rows = db.session.execute(select(Round.slot, Round.skipped_why).order_by(Round.slot)).all()
    assert rows[0] == (TUESDAY, "An organiser skipped it.")
    assert weekly.round().slot == TUESDAY + 7 * DAY


def test_a_skipped_round_can_be_put_back(weekly):
    before = _ahead(weekly)
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    exceptions.restore(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    assert _ahead(weekly) == before


def test_undoing_a_skip_leaves_the_round_where_it_was_moved(weekly):
    _alter(weekly, TUESDAY, 3 * DAY, longer=-2 * DAY)
    moved = _ahead(weekly)
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    assert _ahead(weekly)[0].skipped == "An organiser skipped it."
    exceptions.restore(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    assert _ahead(weekly) == moved


def test_a_moved_and_skipped_round_is_put_back_until_the_day_it_was_moved_to(weekly):
    _alter(weekly, TUESDAY, 3 * DAY, longer=-2 * DAY)
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    turns.open_due(weekly.stage.id, NOON + 2 * DAY, LIMITS)
    exceptions.restore(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON + 2 * DAY)
    turns.open_due(weekly.stage.id, NOON + 4 * DAY, LIMITS)
    assert weekly.round().slot == TUESDAY


def test_after_the_day_it_was_moved_to_a_skipped_round_is_not_put_back(weekly):
    _alter(weekly, TUESDAY, 3 * DAY, longer=-2 * DAY)
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    with pytest.raises(StalePage):
        exceptions.restore(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON + 5 * DAY)


def test_a_round_whose_place_is_taken_cannot_be_put_back(weekly):
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY + 7 * DAY, NOON)
    _alter(weekly, TUESDAY, 3 * DAY)
    with pytest.raises(MeetsAnother):
        exceptions.restore(weekly.stage.id, weekly.id("Ada"), TUESDAY + 7 * DAY, NOON)


@pytest.mark.parametrize("slot", [TUESDAY + DAY, TUESDAY - 7 * DAY])
def test_a_slot_that_is_not_to_come_says_so(weekly, slot):
    with pytest.raises(StalePage, match="not to come any more"):
        exceptions.skip(weekly.stage.id, weekly.id("Ada"), slot, NOON)


def test_a_member_cannot_skip(weekly):
    with pytest.raises(StalePage, match="not an organiser"):
        exceptions.skip(weekly.stage.id, weekly.id("Ben"), TUESDAY, NOON)


def test_a_skipped_day_stays_skipped_under_another_hour(weekly):
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY + 7 * DAY, NOON)
    later = Rhythm(
        pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=5, opens_at=time(11)
    )
    rhythms.set_rhythm(weekly.stage.id, weekly.id("Ada"), later, NOON)
    assert [bool(one.skipped) for one in _ahead(weekly, count=3)] == [False, True, False]


def test_a_skipped_day_never_stands_in_the_way_of_another_hour(weekly):
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    weekly.open(due_on=date(2026, 11, 9))
    rhythms.set_rhythm(weekly.stage.id, weekly.id("Ada"), replace(WEEKLY, opens_at=time(10)), NOON)
    assert [bool(one.skipped) for one in _ahead(weekly, count=2)] == [True, False]


def test_a_change_of_rhythm_shows_what_was_and_what_comes(weekly):
    monthly = Rhythm(pattern=Pattern.MONTHLY_LAST_DAY, starts_on=date(2026, 11, 3))
    before, after = rhythms.compare(weekly.stage.id, monthly, NOON)
    assert (before[0].slot, after[0].slot.date()) == (TUESDAY, date(2026, 11, 30))


def test_a_pause_skips_what_would_open_before_its_day(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2026, 11, 12), NOON)
    assert [one.skipped for one in _ahead(weekly, count=3)] == [
        "The circle paused until 12 Nov 2026.",
        "The circle paused until 12 Nov 2026.",
        "",
    ]


def test_a_pause_leaves_the_open_round_alone(play):
    play.open()
    pauses.pause(play.stage.id, play.id("Ada"), date(2026, 12, 12), NOON)
    assert (play.round().state, play.round().due_at) == (RoundState.OPEN, DUE)


def test_a_pause_that_ends_early_lets_the_next_one_open(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2027, 1, 12), NOON)
    pauses.resume(weekly.stage.id, weekly.id("Ada"), NOON + 3 * DAY)
    assert _ahead(weekly, NOON + 3 * DAY)[0].skipped == ""


def test_a_round_that_a_pause_skips_cannot_be_moved_within_the_pause(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2027, 1, 12), NOON)
    with pytest.raises(BadDate, match="End the pause first"):
        _alter(weekly, TUESDAY, DAY)


def test_a_round_is_moved_out_of_a_pause(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2026, 11, 5), NOON)
    _alter(weekly, TUESDAY, 2 * DAY, longer=-2 * DAY)
    assert (_ahead(weekly)[0].opens_local, _ahead(weekly)[0].skipped) == (TUESDAY + 2 * DAY, "")


def test_a_pause_does_not_end_while_the_open_round_stands_in_the_way(weekly):
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2027, 1, 12), NOON)
    weekly.open()
    with pytest.raises(MeetsAnother) as refused:
        pauses.resume(weekly.stage.id, weekly.id("Ada"), NOON)
    assert (refused.value.field, refused.value.slot) == ("until", TUESDAY)
    assert _circle(weekly).paused_until == date(2027, 1, 12)


@pytest.mark.parametrize("until", [date(1, 1, 1), NOON.date(), date(9999, 12, 31)])
def test_a_pause_until_a_day_that_cannot_be_is_refused(weekly, until):
    with pytest.raises(BadDate) as refused:
        pauses.pause(weekly.stage.id, weekly.id("Ada"), until, NOON)
    assert refused.value.field == "until"


def test_an_extended_round_is_due_later_and_reminds_anew(play):
    play.open()
    by_hand.extend(play.stage.id, play.id("Ada"), 1, date(2026, 11, 23), time(17), NOON)
    assert play.round().due_at == DUE + 7 * DAY
    upcoming = db.session.scalars(select(RosterMember.next_reminder_at)).all()
    assert {at.date() for at in upcoming} == {date(2026, 11, 16)}


def test_an_extension_keeps_clear_of_the_next_opening(play):
    play.open()
    later = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 17), weekday=1, due_days=5)
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), later, NOON)
    with pytest.raises(MeetsAnother, match="17 Nov"):
        by_hand.extend(play.stage.id, play.id("Ada"), 1, date(2026, 11, 23), time(17), NOON)


def test_a_round_closed_early_sends_its_recap(play):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + DAY)
    assert (play.round().state, play.mails(MailKind.RECAP.key)) == (RoundState.CLOSED, 5)


def test_a_round_that_closed_meanwhile_says_so(play):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + DAY)
    with pytest.raises(StalePage, match="closed meanwhile"):
        by_hand.extend(play.stage.id, play.id("Ada"), 1, date(2026, 11, 23), time(17), NOON + DAY)


def test_only_the_last_round_is_reopened(play):
    play.open()
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON + DAY)
    play.open(now=NOON + 2 * DAY)
    with pytest.raises(RoundIsOpen):
        by_hand.reopen(play.stage.id, play.id("Ada"), 1, date(2026, 11, 20), time(17), NOON + 3 * DAY)


def test_a_theme_of_ten_kilobytes_is_refused(play):
    play.open()
    with pytest.raises(BadText) as refused:
        by_hand.set_theme(play.stage.id, play.id("Ada"), 1, "x" * 10_000, NOON)
    assert refused.value.field == "theme"


@pytest.fixture
def held(weekly) -> Playing:
    """After the first round two have left, and the next one waits since Tuesday."""
    turns.open_due(weekly.stage.id, NOON + DAY, LIMITS)
    weekly.leave("Eve", NOON + 2 * DAY)
    turns.open_due(weekly.stage.id, NOON + 8 * DAY, LIMITS)
    return weekly


def test_with_fewer_members_the_next_round_is_held_back(held):
    assert (_circle(held).held_at, held.round().state) == (NOON + 8 * DAY, RoundState.CLOSED)


def test_the_organisers_are_told_once_that_a_round_waits(held):
    turns.open_due(held.stage.id, NOON + 15 * DAY, LIMITS)
    assert held.mails(MailKind.HELD_BACK.key) == 1


def test_a_slot_that_waited_too_long_is_skipped_with_the_reason(held):
    turns.open_due(held.stage.id, NOON + 15 * DAY, LIMITS)
    why = db.session.scalars(select(Round.skipped_why).where(Round.state == RoundState.SKIPPED)).all()
    assert why == ["Too few members were here."]


def test_a_held_round_opens_with_those_who_are_here(held):
    turns.open_with_few(held.stage.id, held.id("Ada"), NOON + 8 * DAY, LIMITS)
    assert (held.round(2).state, _circle(held).held_at) == (RoundState.OPEN, None)


def test_a_held_round_never_opens_with_two(held):
    for first in ("Cy", "Dee"):
        held.leave(first, NOON + 8 * DAY)
    with pytest.raises(TooFewMembers):
        turns.open_with_few(held.stage.id, held.id("Ada"), NOON + 8 * DAY, LIMITS)


def test_a_held_round_opens_when_the_seat_is_filled(held):
    held.cast.join(held.stage, held.cast.person("Gil"))
    with writing():
        schedules.follow(db.session.get_one(Circle, held.stage.id), NOON + 9 * DAY)
    turns.open_due(held.stage.id, NOON + 9 * DAY, LIMITS)
    assert held.round(2).state is RoundState.OPEN


def test_a_pause_ends_the_waiting_of_a_held_round(held):
    pauses.pause(held.stage.id, held.id("Ada"), date(2026, 12, 1), NOON + 9 * DAY)
    assert _circle(held).held_at is None


def test_another_rhythm_ends_the_waiting_of_a_held_round(held):
    later = replace(WEEKLY, starts_on=date(2026, 11, 24))
    rhythms.set_rhythm(held.stage.id, held.id("Ada"), later, NOON + 9 * DAY)
    assert _circle(held).held_at is None


def test_before_the_first_round_nobody_is_told_that_it_waits(weekly):
    weekly.leave("Eve")
    turns.open_due(weekly.stage.id, NOON + DAY, LIMITS)
    assert weekly.mails(MailKind.HELD_BACK.key) == 0
    with pytest.raises(TooFewMembers):
        turns.open_with_few(weekly.stage.id, weekly.id("Ada"), NOON + DAY, LIMITS)


def _nudge(play: Playing, *names: str, now=NOON + DAY) -> nudges.Nudged:
    return nudges.nudge(play.stage.id, play.id("Ada"), [play.id(name) for name in names], "", now)


def test_a_nudge_goes_once_a_day(play):
    play.open()
    assert _nudge(play, "Ben").sent == ("Ben Katz",)
    assert _nudge(play, "Ben").refused == (("Ben Katz", nudges.HEARD_TODAY),)


def test_a_nudge_goes_three_times_a_round(play):
    play.open()
    for days in range(1, 4):
        _nudge(play, "Ben", now=NOON + days * DAY)
    assert _nudge(play, "Ben", now=NOON + 4 * DAY).refused == (("Ben Katz", nudges.ENOUGH),)


def test_a_nudge_obeys_the_switch(play):
    play.open()
    with writing() as session:
        session.get_one(Person, play.id("Ben")).letters_off = "daily"
    assert _nudge(play, "Ben", "Cy").refused == (("Ben Katz", nudges.MAIL_OFF),)


def test_who_has_nothing_open_is_not_nudged(play):
    play.open()
    play.log("Ben", "Ada", "Cy", "Dee", "Eve")
    assert _nudge(play, "Ben").refused == (("Ben Katz", nudges.NOTHING_OPEN),)


def test_a_nudge_takes_the_place_of_that_days_reminder(play):
    play.open()
    on_the_day = datetime(2026, 11, 9, 8, tzinfo=NOON.tzinfo)
    _nudge(play, "Ben", now=on_the_day)
    found = select(RosterMember.next_reminder_at).where(RosterMember.person_id == play.id("Ben"))
    assert db.session.scalar(found).date() == date(2026, 11, 13)


def test_the_plan_of_mails_says_what_the_worker_will_send(play):
    play.open()
    planned = mail_plan.read(play.stage.id, NOON)
    reminders = [one for one in planned if one.what.startswith("reminder")]
    assert [one.at.date() for one in reminders] == [
        date(2026, 11, 9),
        date(2026, 11, 13),
        date(2026, 11, 16),
    ]
    assert (planned[-1].at, planned[-1].to) == (DUE, "Ada, Ben, Cy, Dee, Eve")


def test_the_plan_leaves_out_who_will_be_away_and_who_wants_no_such_mail(weekly):
    absences.go_away(weekly.id("Ben"), TUESDAY.date(), None, NOON)
    with writing() as session:
        session.get_one(Person, weekly.id("Cy")).letters_off = "round_opened"
    (opening,) = mail_plan.read(weekly.stage.id, NOON)
    assert opening.to == "Ada, Dee, Eve"


def test_a_member_takes_the_job_of_organisers_who_vanished(play):
    handing_over.take_over(play.stage.id, play.id("Ben"), NOON + 61 * DAY)
    assert memberships.seats.membership_of(play.stage.id, play.id("Ben")).role is Role.ORGANISER
    assert play.mails(MailKind.JOB_TAKEN.key) == 5


def test_the_job_is_not_taken_while_an_organiser_is_here(play):
    with pytest.raises(StalePage, match="has been here"):
        handing_over.take_over(play.stage.id, play.id("Ben"), NOON + 59 * DAY)


@pytest.mark.parametrize(("days", "role"), [(14, Role.MEMBER), (15, Role.ORGANISER)])
def test_the_job_can_be_taken_back_for_fourteen_days(play, days, role):
    taken = NOON + 61 * DAY
    handing_over.take_over(play.stage.id, play.id("Ben"), taken)
    ben = memberships.seats.membership_of(play.stage.id, play.id("Ben"))
    try:
        handing_over.take_back(play.stage.id, play.id("Ada"), ben.id, taken + days * DAY)
    except StalePage:
        db.session.rollback()
    db.session.expire_all()
    assert db.session.get_one(Membership, ben.id).role is role


def test_archiving_closes_the_round_without_a_recap(play):
    play.open()
    archiving.archive(play.stage.id, play.id("Ada"), NOON + DAY)
    assert (play.round().state, play.mails(MailKind.RECAP.key)) == (RoundState.CLOSED, 0)


def test_a_circle_that_comes_back_goes_on_from_that_day(weekly):
    archiving.archive(weekly.stage.id, weekly.id("Ada"), NOON)
    archiving.unarchive(weekly.stage.id, weekly.id("Ada"), NOON + 9 * DAY)
    assert _circle(weekly).next_opening_at == NOON.replace(day=17, hour=9)


def test_an_erased_circle_is_gone_after_seven_days_and_takes_nothing_else_along(play):
    play.open()
    play.log("Ben", "Cy")
    other = Playing(play.cast)
    archiving.ask_erasure(play.stage.id, play.id("Ada"), NOON)
    assert archiving.circles_to_erase(NOON + 6 * DAY) == []
    archiving.erase(play.stage.id, NOON + 7 * DAY)
    assert list(db.session.scalars(select(Circle.id))) == [other.stage.id]
    assert db.session.scalars(select(OutboxMail.id)).all() == []


def test_an_erasure_can_be_undone(play):
    archiving.ask_erasure(play.stage.id, play.id("Ada"), NOON)
    archiving.keep(play.stage.id, play.id("Ada"), NOON + 6 * DAY)
    assert archiving.circles_to_erase(NOON + 8 * DAY) == []


def test_what_was_done_is_written_down_in_order(weekly):
    exceptions.skip(weekly.stage.id, weekly.id("Ada"), TUESDAY, NOON)
    pauses.pause(weekly.stage.id, weekly.id("Ada"), date(2026, 12, 12), NOON)
    assert _kinds(weekly) == [ChangeKind.RHYTHM, ChangeKind.SKIPPED, ChangeKind.PAUSED]
