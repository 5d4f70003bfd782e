"""The page of a round and the view for a meeting: what they tell, and what they keep to themselves."""

from datetime import timedelta

import pytest

from circle.rules.states import Outcome
from circle.services.giving import commitments, receiving
from circle.services.membership import absences
from circle.services.progress import gathering, round_page
from circle.services.rounds import turns
from circle.services.work import end_reading
from tests.cast import NOON
from tests.services.playing import DUE, DUE_ON, Playing, days
from tests.services.test_circle_page import here
from tests.statements import statements


@pytest.fixture
def play(cast, context) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def page(play: Playing, first: str = "Ada", now=NOON) -> round_page.RoundPage:
    seen = round_page.read(here(play, first), 1, now)
    end_reading()
    assert seen
    return seen


def meeting(play: Playing, now=NOON) -> gathering.Gathering:
    seen = gathering.read(here(play), now)
    end_reading()
    return seen


def go_away(play: Playing, first: str, now=NOON) -> None:
    absences.go_away(play.id(first), now.date(), None, now)


def thank(play: Playing, at: int, words: str, *, shared: bool = True, now=NOON) -> None:
    made = play.introductions()[at]
    receiving.thank(made.receiver_id, made.public_id, words, shared, now)


def test_what_was_made_stands_by_giver_in_seat_order(play):
    play.log("Cy", "Ben")
    play.log("Ada", "Eve", "Dee")
    made = [
        (one.giver.first_name, [line.receiver.first_name for line in one.lines]) for one in page(play).made
    ]
    assert made == [("Ada", ["Dee", "Eve"]), ("Cy", ["Ben"])]


@pytest.mark.parametrize(("reader", "sees"), [("Ada", True), ("Ben", True), ("Cy", False)])
def test_giver_and_receiver_alone_see_to_whom_and_what_came_of_it(play, reader, sees):
    play.log("Ada", "Ben", to="Canary Contact")
    receiving.answer(play.id("Ben"), play.introductions()[0].public_id, Outcome.MET, NOON)
    line = page(play, reader).made[0].lines[0]
    assert (line.contact_name, line.outcome) == (("Canary Contact", Outcome.MET) if sees else ("", None))


def test_what_came_of_it_is_counted_for_everybody(play):
    play.log("Ada", "Ben")
    receiving.answer(play.id("Ben"), play.introductions()[0].public_id, Outcome.MET, NOON)
    assert (
        page(play, "Cy").came_of.words
        == "1 introduction made in this round, 1 of them led to a meeting or more."
    )


def test_late_ones_and_passes_are_named_in_seat_order(play):
    commitments.pass_on(play.id("Dee"), play.stage.id, 1, play.stage.refs["Ben"], "Canary line", NOON)
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Eve"], "", NOON)
    turns.turn(play.round().id, DUE)
    play.log("Cy", "Eve", now=DUE + days(2))
    apart = page(play, now=DUE + days(3)).apart
    assert (apart.late, apart.passed) == (("Cy for Eve",), ("Ada for Eve", "Dee for Ben"))
    assert "Canary" not in repr(page(play))


def test_who_goes_away_during_the_round_is_named(play):
    go_away(play, "Ben", NOON + days(2))
    assert page(play).apart.away == ("Ben Katz",)


def test_who_comes_back_in_time_is_not_away(play):
    go_away(play, "Ben", NOON + days(2))
    absences.come_back(play.id("Ben"), NOON + days(3))
    assert page(play).apart.away == ()


def test_who_comes_back_too_late_to_take_part_was_away(play):
    go_away(play, "Ben", NOON + days(2))
    absences.come_back(play.id("Ben"), DUE - days(1))
    assert page(play).apart.away == ("Ben Katz",)


def test_who_goes_away_after_the_round_was_there(play):
    turns.turn(play.round().id, DUE)
    go_away(play, "Ben", DUE + days(1))
    assert page(play).apart.away == ()


def test_who_is_away_at_the_opening_is_named(cast, context):
    play = Playing(cast)
    go_away(play, "Ben")
    play.open()
    assert page(play).apart.away == ("Ben Katz",)


def test_who_leaves_during_the_round_is_named_once(play):
    go_away(play, "Eve")
    play.leave("Eve", NOON + days(1))
    apart = page(play).apart
    assert (apart.away, apart.left) == ((), ("Eve Ruiz",))


def test_who_leaves_later_was_in_the_rounds_before_to_their_end(play):
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    play.open(DUE + days(40), DUE_ON + days(54))
    play.leave("Eve", DUE + days(41))
    seen = [round_page.read(here(play), number, DUE + days(42)) for number in (1, 2)]
    end_reading()
    assert [one.apart.left for one in seen if one] == [(), ("Eve Ruiz",)]


def test_a_meeting_sees_shared_thanks_alone(play):
    play.log("Ada", "Ben", "Cy")
    thank(play, 0, "Canary thanks", shared=False)
    thank(play, 1, "We talked for two hours.")
    assert [one.thanks for one in meeting(play).thanks] == ["We talked for two hours."]


def test_a_meeting_reads_the_newest_thanks_of_two_rounds_and_counts_the_rest(play):
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    play.log("Ben", "Ada", "Cy", "Dee", "Eve")
    for at in range(8):
        thank(play, at, f"Thanks {at}", now=NOON + timedelta(minutes=at))
    turns.turn(play.round().id, DUE)
    play.open(DUE + days(1), DUE_ON + days(14))
    seen = meeting(play, DUE + days(1))
    assert [one.thanks for one in seen.thanks] == [f"Thanks {at}" for at in range(7, 1, -1)]
    assert (seen.number, seen.more_thanks) == (2, 2)


def test_thanks_from_before_the_last_round_are_not_read_again(play):
    play.log("Ada", "Ben")
    thank(play, 0, "Long ago")
    for number in (1, 2):
        now = DUE + days(14 * number)
        turns.turn(play.round(number).id, now)
        play.open(now, DUE_ON + days(14 * number + 13))
    assert meeting(play, DUE + days(40)).thanks == ()


def test_a_meeting_says_the_total_and_every_wish(play):
    play.log("Ada", "Ben", "Cy")
    seen = meeting(play)
    assert (seen.figures, seen.together) == ("2 of 20 made", "2 introductions made so far.")
    assert [one.wish for one in seen.members][1] == "Operations leads at bakeries"


def test_nothing_in_a_meeting_stands_out_as_the_readers_own(play):
    play.log("Ada", "Ben", to="Canary Contact")
    seen = meeting(play)
    assert not any(seat.me for seat in seen.board.seats)
    assert "Canary" not in repr(seen)


def test_a_meeting_before_the_first_round_has_the_wishes(cast, context):
    seen = meeting(Playing(cast))
    assert (seen.board, len(seen.members)) == (None, 5)


def test_a_meeting_takes_five_statements(play):
    play.log("Ada", "Ben", "Cy")
    standing = here(play)
    with statements() as sent:
        gathering.read(standing, NOON)
    end_reading()
    assert len(sent) == 5
