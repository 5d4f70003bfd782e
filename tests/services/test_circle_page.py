"""The circle page: what it says, what it hides, and how few statements it takes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from circle.extensions import db
from circle.models import Commitment, Membership, Round
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import CommitmentState, Outcome, Role, RoundState
from circle.services.door import sessions
from circle.services.giving import commitments, receiving
from circle.services.membership import absences, archiving
from circle.services.progress import circle_page, round_page
from circle.services.rounds import rhythms, turns
from circle.services.work import end_reading, writing
from circle.web.access import Here
from tests.cast import NOON, Cast
from tests.services.playing import DUE, LIMITS, Playing, days


@pytest.fixture
def play(cast, context):
    return Playing(cast)


def here(play: Playing, first: str = "Ada") -> Here:
    actor = play.cast.person(first)
    viewer = sessions.Viewer(
        actor.id, actor.public_id, actor.name, actor.email, "Europe/London", False, 1, NOON, NOON
    )
    role = Role.ORGANISER if first == "Ada" else Role.MEMBER
    return Here(
        viewer,
        play.stage.id,
        play.stage.public_id,
        "Harbour Circle",
        "Europe/London",
        role,
        1,
        play.stage.refs[first],
        None,
    )


def read(play, first="Ada", now=NOON):
    found = circle_page.read(here(play, first), now, LIMITS)["circle"]
    end_reading()
    return found


def test_the_first_line_says_what_is_left(play):
    play.open()
    assert read(play).current.heading == "Four introductions to make"


def test_the_title_counts_what_is_left(play):
    play.open()
    play.log("Ada", "Ben", "Cy", "Dee")
    assert read(play).title == "1 left · Harbour Circle"


def test_the_button_leads_to_the_first_open_receiver(play):
    play.open()
    play.log("Ada", "Ben")
    assert read(play).current.next.receiver.first_name == "Cy"


def test_who_asks_only_is_led_to_the_answer(play):
    play.open()
    play.log("Ada", "Ben", "Cy", "Dee")
    commitments.ask(play.id("Ada"), play.stage.id, 1, play.stage.refs["Eve"], "Rosa Lind", NOON)
    assert read(play).current.next.asked == "Rosa Lind"


def test_nothing_left_shows_no_button(play):
    play.open()
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    assert read(play).current.next is None


def test_the_board_has_a_cell_for_each_promise(play):
    play.open()
    cells = [cell for row in read(play).current.read.board.rows for cell in row if cell]
    assert len(cells) == 20


def test_two_introductions_for_one_member_are_one_cell(play):
    play.open()
    play.log("Ada", "Ben")
    play.log("Ada", "Ben", to="Jo Tan")
    assert read(play).current.given_words == "1 of 4 made"


def test_the_receiver_sees_the_contact(play):
    play.open()
    play.log("Ada", "Ben", to="Canary Contact")
    assert read(play, "Ben").current.read.received[0].introductions[0].contact_name == "Canary Contact"


def test_nobody_else_sees_the_contact(play):
    play.open()
    play.log("Ada", "Ben", to="Canary Contact")
    receiving.thank(play.id("Ben"), play.introductions()[0].public_id, "Canary thanks", False, NOON)
    assert "Canary" not in repr(read(play, "Cy"))


def test_nobody_sees_whom_another_is_asking(play):
    play.open()
    commitments.ask(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "Canary Contact", NOON)
    assert "Canary" not in repr(read(play, "Ben"))


def test_a_line_of_a_pass_is_read_by_its_receiver_alone(play):
    play.open()
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "Canary line", NOON)
    assert ["Canary" in repr(read(play, one)) for one in ("Ben", "Cy")] == [True, False]


def test_before_the_first_round_the_page_says_how_many_are_missing(cast, context):
    assert read(Playing(cast, "Ben", "Cy")).beginning.heading == "Three of five are here"


def test_five_who_are_here_are_ready(play):
    assert read(play).beginning.step == "open"


def test_between_rounds_the_page_says_when_the_next_one_opens(play):
    play.open()
    turns.turn(play.round().id, DUE)
    rhythm = Rhythm(pattern=Pattern.MONTHLY_DAY, monthday=1, starts_on=date(2026, 11, 20))
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), rhythm, DUE)
    play.log("Ada", "Ben", "Cy", "Dee", "Eve")
    current = read(play, now=DUE + days(1)).current
    assert current.heading == "The next round opens Tuesday 1 December, 09:00, in 14 days"
    assert current.lede == "You have made 4 of 4."


def test_an_archived_circle_says_of_no_round_that_it_opens(play):
    play.open()
    turns.turn(play.round().id, DUE)
    rhythm = Rhythm(pattern=Pattern.MONTHLY_DAY, monthday=1, starts_on=date(2026, 11, 20))
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), rhythm, DUE)
    archiving.archive(play.stage.id, play.id("Ada"), DUE)
    page = read(play, now=DUE + days(1))
    assert "opens" not in page.current.heading + page.current.lede
    assert [dial.label for dial in page.dials] == ["Round 1"]


def test_somebody_of_whom_nothing_is_counted_reads_no_count(play):
    absences.go_away(play.id("Ben"), NOON.date(), None, NOON)
    play.open()
    current = read(play, "Ben").current
    assert (current.given_words, current.received_words) == ("", "")


def test_a_closed_round_still_asks_for_what_is_left(play):
    play.open()
    turns.turn(play.round().id, DUE)
    assert read(play, now=DUE + days(1)).current.next.receiver.first_name == "Ben"


def test_a_sealed_round_asks_for_nothing(play):
    play.open()
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(30))
    assert read(play, now=DUE + days(31)).current.next is None


def test_who_joined_after_the_opening_starts_with_the_next_round(play):
    play.open()
    gil = play.id("Gil")
    with writing() as session:
        session.add(_membership(play, gil))
    play.stage.refs["Gil"] = "gil"
    assert read(play, "Gil").current.heading == "You start with the next round"


def test_what_came_of_it_is_counted_in_words(play):
    play.open()
    play.log("Ada", "Ben", "Cy")
    receiving.answer(play.id("Ben"), play.introductions()[0].public_id, Outcome.MET, NOON)
    words = "2 introductions made so far, 1 of them led to a meeting or more."
    assert read(play).came_of.words == words


def test_the_strip_holds_the_last_twelve_rounds_and_the_next_two(play):
    add_rounds(play, 50)
    rhythm = Rhythm(pattern=Pattern.WEEKLY, weekday=0, starts_on=date(2027, 1, 4), due_days=5)
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), rhythm, NOON)
    dials = read(play).dials
    assert (dials[0].label, dials[-1].label, dials[-1].sub, len(dials)) == (
        *("Round 39", "Opens"),
        *("11 Jan 2027", 14),
    )


def test_the_page_takes_the_same_few_statements_for_one_round_and_for_fifty(cast, app):
    with app.app_context():
        play = Playing(cast)
        play.open()
    one = statements(app, play)
    with app.app_context():
        add_rounds(play, 49, first=2)
        with writing() as session:
            # The open round is the newest one: what is open in it is thought of too.
            session.query(Round).filter_by(state=RoundState.OPEN).one().number = 51
    assert (one, statements(app, play)) == (one, one)
    assert one <= 9


def test_a_round_page_hides_thanks_that_were_not_shared(play):
    play.open()
    play.log("Ada", "Ben")
    ref = play.introductions()[0].public_id
    receiving.thank(play.id("Ben"), ref, "Canary thanks", False, NOON)
    kept = repr(round_page.read(here(play, "Cy"), 1, NOON))
    receiving.thank(play.id("Ben"), ref, "Canary thanks", True, NOON)
    shared = repr(round_page.read(here(play, "Cy"), 1, NOON))
    assert ("Canary" in kept, "Canary" in shared) == (False, True)


def test_a_round_page_says_what_came_in_time_and_after(play):
    play.open()
    play.log("Ada", "Ben", "Cy")
    turns.turn(play.round().id, DUE)
    play.log("Ada", "Dee", now=DUE + days(2))
    page = round_page.read(here(play), 1, DUE + days(3))
    assert (page.figures, page.at_closing) == ("2 of 20 in time, 1 more after", "")


def test_a_round_page_keeps_the_figures_of_the_closing_beside_what_was_logged_since(play):
    play.open()
    play.log("Ada", "Ben", "Cy")
    turns.turn(play.round().id, DUE)
    play.log("Ada", "Dee", made_on=DUE.date(), now=DUE + days(2))
    page = round_page.read(here(play), 1, DUE + days(3))
    assert (page.figures, page.at_closing) == ("3 of 20 in time", "2 of 20 when it closed")


def test_a_round_that_never_was_has_no_page(play):
    assert round_page.read(here(play), 7, NOON) is None


def _membership(play: Playing, person_id: int) -> Membership:
    return Membership(
        public_id="gil",
        circle_id=play.stage.id,
        person_id=person_id,
        role=Role.MEMBER,
        seat=6,
        joined_at=NOON,
    )


def add_rounds(play: Playing, count: int, first: int = 1) -> None:
    """Add sealed rounds as rows, each with one promise kept."""
    with writing() as session:
        for number in range(first, first + count):
            opened = datetime(2020, 1, 1, tzinfo=NOON.tzinfo) + timedelta(days=30 * number)
            one = Round(
                circle_id=play.stage.id,
                slot=opened.replace(tzinfo=None),
                number=number,
                state=RoundState.SEALED,
                opened_at=opened,
                due_at=opened + days(14),
            )
            session.add(one)
            session.flush()
            session.add(
                Commitment(
                    circle_id=play.stage.id,
                    round_id=one.id,
                    giver_id=play.id("Ada"),
                    receiver_id=play.id("Ben"),
                    state=CommitmentState.INTRODUCED,
                    changed_at=opened,
                )
            )


def statements(app, play: Playing) -> int:
    """Count the statements of one visit, without BEGIN and ROLLBACK."""
    client = Cast(app).client("Ada")
    seen: list[str] = []

    def record(connection, cursor, statement, *_):
        if not statement.upper().startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", record)
    try:
        client.get(f"/circles/{play.stage.public_id}")
    finally:
        event.remove(engine, "before_cursor_execute", record)
    return len(seen)


def test_an_archived_circle_asks_for_nothing(play):
    play.open()
    archiving.archive(play.stage.id, play.id("Ada"), NOON)
    resting = replace(here(play), archived_at=NOON)
    current = circle_page.read(resting, NOON + days(1), LIMITS)["circle"].current
    assert current is not None
    assert (current.round.answerable, current.next) == (False, None)
    assert (current.heading, current.lede) == ("Round 1 is over", "You have made 0 of 4.")
