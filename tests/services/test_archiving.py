"""An archived circle: nothing in it changes, whatever a stale page offers, and what its return finds."""

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Round
from circle.rules.errors import CircleIsArchived, StalePage
from circle.rules.states import CommitmentState, Outcome, Role, RoundState
from circle.services.giving import commitments, introductions, receiving
from circle.services.membership import absences, archiving, circles, invitations, memberships
from circle.services.post import nudges
from circle.services.rounds import by_hand, late_joining, pauses, rhythms, turns
from tests.cast import NOON
from tests.services.playing import DUE, LIMITS, Playing, days
from tests.services.test_rounds import WEEKLY

LATER = NOON + days(1)
NEW_DUE = (date(2026, 11, 20), time(17))


@pytest.fixture
def play(context, cast) -> Playing:
    play = Playing(cast)
    play.open()
    play.log("Ben", "Cy")
    return play


@pytest.fixture
def archived(play) -> Playing:
    archiving.archive(play.stage.id, play.id("Ada"), NOON)
    return play


def _ada(play: Playing) -> tuple[int, int]:
    return play.stage.id, play.id("Ada")


def _ben_to_dee(play: Playing) -> tuple[int, int, int, str]:
    return play.id("Ben"), play.stage.id, 1, play.stage.refs["Dee"]


def _made(play: Playing) -> str:
    return play.introductions()[0].public_id


CHANGES: dict[str, Callable[[Playing], object]] = {
    "open": lambda play: play.open(LATER),
    "extend": lambda play: by_hand.extend(*_ada(play), 1, *NEW_DUE, LATER),
    "reopen": lambda play: by_hand.reopen(*_ada(play), 1, *NEW_DUE, LATER),
    "rhythm": lambda play: rhythms.set_rhythm(*_ada(play), WEEKLY, LATER),
    "pause": lambda play: pauses.pause(*_ada(play), date(2027, 1, 1), LATER),
    "few": lambda play: turns.open_with_few(*_ada(play), LATER, LIMITS),
    "add": lambda play: late_joining.add_to_round(*_ada(play), play.membership_id("Ben"), LATER),
    "invite": lambda play: invitations.invite_by_link(*_ada(play), LIMITS, LATER),
    "describe": lambda play: circles.describe(*_ada(play), "New", "UTC", "", LATER),
    "remove": lambda play: memberships.remove(*_ada(play), play.membership_id("Ben"), LATER),
    "appoint": lambda play: memberships.set_role(
        *_ada(play), play.membership_id("Ben"), Role.ORGANISER, LATER
    ),
    "nudge": lambda play: nudges.nudge(*_ada(play), [play.id("Ben")], "", LATER),
    "log": lambda play: play.log("Ben", "Dee", now=LATER),
    "pass": lambda play: commitments.pass_on(*_ben_to_dee(play), "", LATER),
    "withdraw": lambda play: introductions.withdraw(play.id("Ben"), _made(play), LATER),
    "answer": lambda play: receiving.answer(play.id("Cy"), _made(play), Outcome.MET, LATER),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_changes_in_an_archive(archived, change):
    with pytest.raises(CircleIsArchived):
        CHANGES[change](archived)


def test_archiving_lets_the_open_round_be_due_at_once(archived):
    assert (archived.round().state, archived.round().due_at) == (RoundState.CLOSED, NOON)


def test_its_closed_round_is_sealed_in_time(archived):
    turns.turn(archived.round().id, DUE + days(30))
    assert archived.round().state is RoundState.SEALED


def test_an_archived_circle_can_be_left(archived):
    assert circles.archived_of(archived.id("Ben"))
    memberships.leave(archived.stage.id, archived.id("Ben"), LATER)
    db.session.rollback()
    assert circles.archived_of(archived.id("Ben")) == []


def test_who_went_away_meanwhile_is_excused_when_the_circle_comes_back(archived):
    absences.go_away(archived.id("Ben"), NOON.date(), None, NOON)
    archiving.unarchive(archived.stage.id, archived.id("Ada"), LATER)
    by_hand.reopen(archived.stage.id, archived.id("Ada"), 1, *NEW_DUE, LATER)
    assert archived.state("Ben", "Dee") is CommitmentState.EXCUSED
    assert archived.state("Cy", "Dee") is CommitmentState.OPEN


def test_only_an_organiser_describes_a_circle(play):
    with pytest.raises(StalePage):
        circles.describe(play.stage.id, play.id("Ben"), "Mine now", "UTC", "", NOON)
    db.session.rollback()
    assert db.session.get_one(Circle, play.stage.id).name == "Harbour Circle"


def test_what_an_archived_circle_missed_says_so(play):
    by_hand.close(play.stage.id, play.id("Ada"), 1, NOON)
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    archiving.archive(play.stage.id, play.id("Ada"), NOON)
    archiving.unarchive(play.stage.id, play.id("Ada"), NOON + days(9))
    db.session.rollback()
    reasons = select(Round.slot, Round.skipped_why).where(Round.state == RoundState.SKIPPED)
    assert [(slot.day, why) for slot, why in db.session.execute(reasons.order_by(Round.slot))] == [
        (3, "The circle was archived."),
        (10, "The circle was archived."),
    ]
