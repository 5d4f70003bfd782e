"""Across rounds: totals and one's own numbers, in as many statements for one round as for fifty."""

import pytest

from circle.models import Commitment, Introduction, Round
from circle.rules.states import CommitmentState, Outcome, RoundState, Synergy
from circle.services.giving import commitments
from circle.services.progress import across
from circle.services.rounds import turns
from circle.services.work import end_reading, writing
from tests.cast import NOON
from tests.services.playing import DUE, DUE_ON, Playing, days
from tests.services.test_circle_page import here, read
from tests.statements import statements


@pytest.fixture
def play(cast, context) -> Playing:
    return Playing(cast)


def seen(play: Playing, first: str = "Ada") -> across.Across:
    found = across.read(here(play, first))
    end_reading()
    return found


def test_before_the_first_round_there_is_nothing_to_show(play):
    assert (seen(play).rounds, seen(play).spans) == ((), ())


def test_a_round_counts_what_came_in_time_and_late_and_was_passed(play):
    play.open()
    play.log("Ada", "Ben", "Cy")
    commitments.pass_on(play.id("Dee"), play.stage.id, 1, play.stage.refs["Ben"], "", NOON)
    turns.turn(play.round().id, DUE)
    play.log("Cy", "Eve", now=DUE + days(2))
    (one,) = seen(play).rounds
    assert (one.in_time, one.late, one.passed, one.counted) == (2, 1, 1, 20)


@pytest.mark.parametrize(
    ("first", "own"), [("Ada", (2, 4, 1, 4)), ("Ben", (1, 4, 1, 4)), ("Eve", (0, 4, 0, 4))]
)
def test_everybody_sees_their_own_numbers_alone(play, first, own):
    play.open()
    play.log("Ada", "Ben", "Cy")
    play.log("Ben", "Ada")
    (one,) = seen(play, first).rounds
    assert (one.own_made, one.own_counted, one.received, one.receivable) == own


def test_no_name_is_in_it(play):
    play.open()
    play.log("Ada", "Ben", to="Canary Contact")
    words = repr(seen(play, "Cy"))
    assert not any(name in words for name in ("Canary", "Ada", "Ben", "Cy Marsh", "Dee", "Eve"))


def test_rounds_stand_oldest_first_and_the_open_one_is_said(play):
    play.open()
    turns.turn(play.round().id, DUE)
    play.open(DUE + days(1), DUE_ON + days(14))
    found = seen(play)
    assert [(one.number, one.open) for one in found.rounds] == [(1, False), (2, True)]
    assert "Round 2 is still open." in found.kept


def test_a_withdrawn_or_uncounted_introduction_takes_no_time(play):
    play.open()
    play.log("Ada", "Ben", now=NOON + days(3))
    play.log("Ada", "Cy", to="Eve Ruiz", now=NOON + days(9))
    assert [one.count for one in seen(play).spans] == [0, 1]


def test_fifty_rounds_take_three_statements_as_one_does(play):
    play.open()
    assert asked(play) == 3
    _many_rounds(play, 50)
    assert asked(play) == 3
    found = seen(play)
    assert (len(found.rounds), found.older, found.kinds[0].met) == (51, False, 50)


def test_of_more_rounds_than_can_be_drawn_the_newest_are_shown(play):
    play.open()
    _many_rounds(play, across.MOST_ROUNDS + 3)
    found = seen(play)
    assert (len(found.rounds), found.older, found.rounds[-1].number) == (across.MOST_ROUNDS, True, 64)
    # Every figure on the page is of the same rounds.
    assert found.kinds[0].made == sum(one.count for one in found.spans) == across.MOST_ROUNDS


def test_who_has_had_none_yet_comes_first_in_a_givers_list(play):
    play.open()
    play.log("Eve", "Ben", "Cy")
    given = read(play).current.read.given
    assert [one.receiver.first_name for one in given] == ["Dee", "Eve", "Ben", "Cy"]
    assert [one.none_yet for one in given] == [True, True, False, False]
    assert read(play).current.next.receiver.first_name == "Dee"


def test_while_nobody_has_had_any_the_list_is_in_seat_order_without_a_word(play):
    play.open()
    assert not any(one.none_yet for one in read(play).current.read.given)


def test_who_is_settled_by_the_giver_does_not_come_first(play):
    play.open()
    play.log("Eve", "Ben")
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Dee"], "", NOON)
    given = read(play).current.read.given
    assert [one.receiver.first_name for one in given] == ["Cy", "Eve", "Ben", "Dee"]


def asked(play: Playing) -> int:
    """Return how many statements the page takes."""
    standing = here(play)
    with statements() as sent:
        across.read(standing)
    end_reading()
    return len(sent)


def _many_rounds(play: Playing, count: int) -> None:
    """Add so many finished rounds after the first, each with one promise that led to a meeting."""
    giver, receiver = play.id("Ada"), play.id("Ben")
    with writing() as session:
        for number in range(2, count + 2):
            opened = NOON + days(28 * number)
            round_ = Round(
                circle_id=play.stage.id,
                slot=opened.replace(tzinfo=None),
                number=number,
                state=RoundState.SEALED,
                opened_at=opened,
                due_at=opened + days(14),
            )
            session.add(round_)
            session.flush()
            promise = {
                "circle_id": play.stage.id,
                "round_id": round_.id,
                "giver_id": giver,
                "receiver_id": receiver,
            }
            kept = Commitment(**promise, state=CommitmentState.INTRODUCED, changed_at=opened)
            session.add(kept)
            session.flush()
            session.add(
                Introduction(
                    **promise,
                    commitment_id=kept.id,
                    contact_name="Rosa Lind",
                    synergy=Synergy.TEAM_UP,
                    outcome=Outcome.MET,
                    made_on=opened.date(),
                    logged_at=opened,
                )
            )
