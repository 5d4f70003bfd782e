"""One's own record: everything made and received, searched and counted, and introductions outside rounds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from circle.extensions import db
from circle.models import Introduction
from circle.rules.errors import BadDate, BadName, IntroductionAnswered, ReceiverNotInRound, StalePage
from circle.rules.states import NewsKind, Outcome, Synergy
from circle.services.giving import introduction_page, introductions, receiving
from circle.services.own_record import outside, record
from circle.services.own_record.outside import OutsideLogging
from circle.services.own_record.record import PAGE, RecordPage, Sought
from tests.cast import NOON, Cast
from tests.services.playing import Playing, days

ROSA, TOM = "Rosa Lind", "Tom Müller"


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    return Playing(cast)


def keep(play: Playing, giver: str, *receivers: str, other: str = "", to: str = ROSA, **more) -> list[str]:
    refs = tuple(play.stage.refs[receiver] for receiver in receivers)
    made = OutsideLogging(
        contact_name=to,
        receiver_refs=refs,
        other_name=other,
        made_on=more.pop("made_on", NOON.date()),
        **more,
    )
    return outside.log(play.id(giver), made, NOON)


def look(play: Playing, first: str, page: int = 1, **sought: str) -> RecordPage:
    db.session.rollback()
    return record.read(play.id(first), "Europe/London", Sought(**sought), page, NOON)


def names(found: RecordPage) -> list[tuple[str, str]]:
    return [(line.receiver, line.contact_name) for line, _ in found.lines]


def test_it_holds_what_was_made_and_received_in_and_outside_rounds(play):
    play.open()
    play.log("Ada", "Ben")
    play.log("Cy", "Ada", to="Idris Bello")
    keep(play, "Ada", other=TOM)
    found = look(play, "Ada")
    assert sorted(names(found)) == [("Ada Obi", "Idris Bello"), ("Ben Katz", ROSA), (TOM, ROSA)]
    assert found.words == "Three introductions: two made, one received."


def test_nobody_elses_record_holds_it(play):
    play.open()
    play.log("Ada", "Ben")
    keep(play, "Ada", other=TOM)
    assert [look(play, first).is_empty for first in ("Cy", "Dee")] == [True, True]


def test_what_was_withdrawn_is_not_in_it(play):
    [ref] = keep(play, "Ada", other=TOM)
    outside.withdraw(play.id("Ada"), ref, NOON)
    assert look(play, "Ada").is_empty


def test_who_left_keeps_it(play):
    play.open()
    play.log("Ben", "Ada")
    play.leave("Ben")
    [(line, _)] = look(play, "Ben").lines
    assert (line.circle, line.is_here, line.may_change) == ("Harbour Circle", False, False)


@pytest.mark.parametrize(
    ("words", "found"),
    [("muller", 1), ("MÜLLER rosa", 1), ("katz", 1), ("sail", 1), ("lind", 2), ("nobody", 0), ("%", 0)],
)
def test_it_is_searched_by_name_and_reason_whatever_case_and_accents(play, words, found):
    play.open()
    play.log("Ada", "Ben")
    keep(play, "Ada", other=TOM, reason="They both sail.")
    assert len(look(play, "Ada", words=words).lines) == found


def test_it_is_filtered_by_person_synergy_outcome_round_and_way(play):
    play.open()
    [ben] = play.log("Ada", "Ben").refs
    play.log("Ada", "Cy", to="Idris Bello")
    play.log("Dee", "Ada", to="Hana Kubo")
    keep(play, "Ada", other=TOM, synergy=Synergy.TEAM_UP)
    receiving.answer(play.id("Ben"), ben, Outcome.MET, NOON)
    first = f"{play.stage.public_id}-1"
    everything = look(play, "Ada")
    [dee] = [ref for ref, name in everything.people if name == "Dee Patel"]
    found = {
        name: len(look(play, "Ada", **{name: value}).lines)
        for name, value in {
            "person": dee,
            "synergy": "team_up",
            "outcome": "met",
            "round": first,
            "way": "received",
        }.items()
    }
    assert found == {"person": 1, "synergy": 1, "outcome": 1, "round": 3, "way": 1}
    assert len(look(play, "Ada", round="outside").lines) == 1
    assert look(play, "Ada", outcome="met").words.endswith("One led to a meeting or more.")


def test_it_is_paged_and_takes_one_statement_however_long_it_is(play):
    few = statements(play)
    for number in range(PAGE + 3):
        keep(play, "Ada", other=f"Person {number}")
    assert statements(play) == few
    second = look(play, "Ada", 2)
    assert (len(look(play, "Ada").lines), len(second.lines), second.pages) == (PAGE, 3, 2)
    assert look(play, "Ada", 99).page == 2


def test_an_introduction_for_a_member_outside_rounds_is_told_and_fills_nothing(play):
    play.open()
    keep(play, "Ada", "Ben")
    assert play.news("Ben") == [NewsKind.INTRODUCED]
    assert play.state("Ada", "Ben").value == "open"


def test_two_contacts_are_told_to_nobody(play):
    keep(play, "Ada", other=TOM)
    assert [play.news(first) for first in ("Ada", "Ben", "Cy")] == [[], [], []]


def test_the_same_form_sent_twice_is_kept_once(play):
    assert keep(play, "Ada", "Ben", other=TOM) == keep(play, "Ada", "Ben", other=TOM)
    assert len(play.introductions()) == 2


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, ReceiverNotInRound),
        ({"other": ROSA}, BadName),
        ({"other": "rosa  lind"}, BadName),
        ({"other": TOM, "to": ""}, BadName),
        ({"other": TOM, "made_on": NOON.date() + timedelta(days=2)}, BadDate),
        ({"other": TOM, "made_on": date(1999, 12, 31)}, BadDate),
    ],
)
def test_what_cannot_be_kept_is_refused(play, said, refused):
    with pytest.raises(refused):
        keep(play, "Ada", **said)
    assert play.introductions() == []


def test_a_member_of_a_circle_one_is_not_in_cannot_be_named(play):
    other = play.cast.circle(organiser="Finn", name="Another Circle")
    made = OutsideLogging(contact_name=ROSA, receiver_refs=(other.refs["Finn"],), made_on=NOON.date())
    with pytest.raises(ReceiverNotInRound):
        outside.log(play.id("Ada"), made, NOON)


def test_it_is_changed(play):
    [ref] = keep(play, "Ada", other=TOM)
    said = introductions.Made(contact_name="Idris Bello", made_on=NOON.date(), reason="Both move.")
    outside.edit(play.id("Ada"), ref, said, "Hana Kubo", NOON)
    [row] = play.introductions()
    assert (row.contact_name, row.other_name, row.reason) == ("Idris Bello", "Hana Kubo", "Both move.")


def test_its_giver_notes_what_came_of_two_contacts(play):
    [ref] = keep(play, "Ada", other=TOM)
    outside.note_outcome(play.id("Ada"), ref, Outcome.LED_ON, "They opened a shop.", NOON)
    [(line, _)] = look(play, "Ada").lines
    assert (line.outcome, line.note) == (Outcome.LED_ON, "They opened a shop.")


def test_what_came_of_one_for_a_member_is_the_members_to_say(play):
    [ref] = keep(play, "Ada", "Ben")
    with pytest.raises(StalePage):
        outside.note_outcome(play.id("Ada"), ref, Outcome.MET, "", NOON)
    receiving.answer(play.id("Ben"), ref, Outcome.MET, NOON, note="Tea on Friday.")
    [(line, _)] = look(play, "Ada").lines
    assert (line.outcome, line.note) == (Outcome.MET, "Tea on Friday.")


def test_an_answered_one_stays(play):
    [ref] = keep(play, "Ada", "Ben")
    receiving.thank(play.id("Ben"), ref, "Lovely.", False, NOON)
    with pytest.raises(IntroductionAnswered):
        outside.withdraw(play.id("Ada"), ref, NOON)


def test_somebody_else_may_not_touch_it(play):
    [ref] = keep(play, "Ada", other=TOM)
    for touch in (
        lambda: outside.withdraw(play.id("Ben"), ref, NOON),
        lambda: outside.note_outcome(play.id("Ben"), ref, None, "", NOON),
    ):
        with pytest.raises(StalePage):
            touch()
    assert introduction_page.read_introduction(ref, play.id("Ben"), NOON) is None


def test_one_of_a_round_is_not_touched_by_the_way_of_the_record(play):
    play.open()
    [ref] = play.log("Ada", "Ben").refs
    with pytest.raises(StalePage):
        outside.withdraw(play.id("Ada"), ref, NOON)


def test_a_note_is_told_to_the_giver_even_when_the_answer_stays(play):
    play.open()
    [ref] = play.log("Ada", "Ben").refs
    receiving.answer(play.id("Ben"), ref, Outcome.MET, NOON)
    receiving.answer(play.id("Ben"), ref, Outcome.MET, NOON + days(1), note="She knows the north.")
    kept = db.session.query(Introduction).one()
    assert (kept.outcome_note, play.news("Ada")) == ("She knows the north.", [NewsKind.ANSWERED])


def test_an_answer_from_a_form_without_room_for_a_note_leaves_it(play):
    play.open()
    [ref] = play.log("Ada", "Ben").refs
    receiving.answer(play.id("Ben"), ref, Outcome.MET, NOON, note="She knows the north.")
    receiving.answer(play.id("Ben"), ref, Outcome.LED_ON, NOON)
    assert db.session.query(Introduction).one().outcome_note == "She knows the north."


def statements(play: Playing) -> int:
    """Count the statements one look takes."""
    seen: list[str] = []

    def note(conn, cursor, statement, *rest) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        look(play, "Ada")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.lstrip().upper().startswith("SELECT")])
