"""What changed lately: who did what and when, in whole sentences, newest first."""

from datetime import date, datetime, timedelta

import pytest

from circle.extensions import db
from circle.formats.addresses import Address
from circle.rules.rhythm import Pattern, Rhythm
from circle.services.giving import commitments
from circle.services.membership import absences, circles, invitations
from circle.services.post import nudges
from circle.services.progress import lately
from circle.services.rounds import exceptions, rhythms, turns
from tests.cast import NOON
from tests.services.playing import LIMITS, Playing

DAY = timedelta(days=1)
WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=5)


@pytest.fixture
def play(context, cast) -> Playing:
    return Playing(cast)


def _words(play: Playing, now=NOON + 30 * DAY) -> list[str]:
    db.session.rollback()
    return [line.words for line in lately.read(play.stage.id, "Europe/Berlin", now)]


def _invited(play: Playing) -> int:
    dora = Address("Dora Hill", "dora@example.org")
    invitations.invite(play.stage.id, play.id("Ada"), [dora], LIMITS, NOON)
    return db.session.execute(db.select(invitations.Invitation.id)).scalar_one()


def test_what_the_rhythm_did_is_said_as_such(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    turns.open_due(play.stage.id, NOON + DAY, LIMITS)
    round_ = play.round()
    turns.turn(round_.id, round_.due_at)
    assert _words(play)[:2] == ["Round 1 closed when it was due", "Round 1 opened by the rhythm"]


def test_what_an_organiser_opened_names_them(play):
    play.open()
    assert _words(play)[0] == "Ada Obi opened round 1"


def test_a_round_held_back_says_why(play):
    play.open()
    turns.turn(play.round().id, play.round().due_at)
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, play.round().due_at)
    for first in ("Ben", "Cy", "Dee"):
        absences.go_away(play.id(first), play.round().due_at.date(), None, play.round().due_at)
    turns.open_due(play.stage.id, play.round().due_at + 8 * DAY, LIMITS)
    assert "was held back for want of members" in _words(play)[0]


def test_each_step_of_an_invitation_is_told(play):
    guest, ada = _invited(play), play.id("Ada")
    invitations.resend(guest, ada, NOON + timedelta(hours=1))
    invitations.withdraw(guest, ada, NOON + timedelta(hours=2))
    assert _words(play) == [
        "Ada Obi took back the invitation of Dora Hill",
        "Ada Obi wrote to Dora Hill once more",
        "Ada Obi invited Dora Hill",
    ]


def test_a_declined_invitation_is_told_once(play):
    guest = _invited(play)
    invitations.decline(guest, False, NOON + timedelta(hours=1))
    invitations.decline(guest, True, NOON + timedelta(hours=2))
    assert _words(play)[:2] == ["Dora Hill declined the invitation", "Ada Obi invited Dora Hill"]


def test_an_invitation_by_link_is_told(play):
    invitations.invite_by_link(play.stage.id, play.id("Ada"), LIMITS, NOON)
    assert _words(play) == ["Ada Obi invited somebody by a link"]


def test_a_pass_is_told_with_the_introductions(play):
    play.open()
    play.log("Ben", "Cy", now=NOON + DAY)
    commitments.pass_on(play.id("Ben"), play.stage.id, 1, play.stage.refs["Dee"], "", NOON + 2 * DAY)
    assert _words(play)[:2] == [
        "Ben Katz found no fit for Dee Patel this time",
        "Ben Katz introduced somebody to Cy Marsh",
    ]


def test_a_nudge_to_several_is_one_line(play):
    play.open()
    several = [play.id(one) for one in ("Ben", "Cy", "Dee")]
    nudges.nudge(play.stage.id, play.id("Ada"), several, "", NOON + DAY)
    first, second, *_ = _words(play)
    assert first == "Ada Obi reminded Ben Katz, Cy Marsh and Dee Patel"
    assert second == "Ada Obi opened round 1"


def test_what_was_changed_about_the_circle_is_named(play):
    circles.describe(play.stage.id, play.id("Ada"), "Harbour", "Europe/Berlin", "We meet on Mondays.", NOON)
    circles.describe(play.stage.id, play.id("Ada"), "Harbour", "Europe/Berlin", "", NOON + DAY)
    last, before, *_ = _words(play)
    assert last == "Ada Obi changed the circle's charter"
    assert before == "Ada Obi changed the circle's name, charter and time zone"


def test_a_round_that_was_moved_says_where_to(play):
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    slot = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - a wall-clock time of the circle
    exceptions.alter(play.stage.id, play.id("Ada"), slot, slot + DAY, slot + 3 * DAY, NOON)
    assert _words(play)[0] == (
        "Ada Obi changed the dates of the round of 1 Dec: it opens 2 Dec at 09:00 and is due 4 Dec at 09:00"
    )
