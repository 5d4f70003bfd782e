"""Dismissals and questions: what a giver sets aside, and what they are asked about the people they know."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Contact, Dismissal
from circle.rules.errors import BadText, StalePage
from circle.rules.matching import people
from circle.rules.matching.questions import Asked
from circle.rules.states import CommitmentState, SetAside
from circle.services.giving import commitments
from circle.services.knowing import asking, dismissals, suggestions
from tests.acquaintances import know
from tests.cast import NOON
from tests.services.at_once import at_once
from tests.services.playing import Playing
from tests.statements import statements

KIT = people.Contact("Kit Lowe", line="dentist, cycles to work")


@pytest.fixture
def play(cast, context) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def ref_of(contact_id: int) -> str:
    db.session.rollback()
    return db.session.execute(select(Contact.public_id).where(Contact.id == contact_id)).scalar_one()


def kit(play: Playing) -> str:
    return ref_of(know(play.id("Ada"), KIT)[0])


def set_aside(play: Playing, ref: str, kind: SetAside = SetAside.LATER, giver: str = "Ada") -> str:
    return dismissals.set_aside(play.id(giver), play.stage.id, play.stage.refs["Ben"], ref, kind, NOON)


def suggested(play: Playing, now=NOON) -> list[str]:
    ids = [play.id("Ben")]
    found = suggestions.suggest(play.id("Ada"), play.stage.id, ids, now)
    return [one.name for one in found.get(play.id("Ben"), ())]


def listed(play: Playing, now=NOON) -> list[tuple[str, str]]:
    found = dismissals.of(play.id("Ada"), play.stage.id, play.stage.refs["Ben"], now)
    return [(one.name, one.words) for one in found]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (SetAside.FOR_GOOD, "For good"),
        (SetAside.LATER, "Comes back on 2 Dec"),
        (SetAside.NOT_NOW, "Said not now; comes back on 1 Jan"),
    ],
)
def test_who_is_set_aside_is_suggested_no_more_and_listed(play, kind, words):
    ref = kit(play)
    assert set_aside(play, ref, kind) == "Kit Lowe"
    assert (suggested(play), listed(play)) == ([], [("Kit Lowe", words)])


def test_who_has_come_back_is_listed_no_more(play):
    set_aside(play, kit(play))
    later = NOON + timedelta(days=30)
    assert (suggested(play, later), listed(play, later)) == (["Kit Lowe"], [])


def test_setting_aside_can_be_undone(play):
    ref = kit(play)
    set_aside(play, ref, SetAside.FOR_GOOD)
    dismissals.bring_back(play.id("Ada"), play.stage.id, play.stage.refs["Ben"], ref)
    assert (suggested(play), listed(play)) == (["Kit Lowe"], [])


def test_what_was_said_last_holds(play):
    ref = kit(play)
    set_aside(play, ref, SetAside.LATER)
    set_aside(play, ref, SetAside.FOR_GOOD)
    assert listed(play) == [("Kit Lowe", "For good")]


def test_nobody_sets_aside_for_another(play):
    with pytest.raises(StalePage):
        set_aside(play, kit(play), giver="Cy")


@pytest.mark.parametrize("ref", ["", "nobody", "\0", "x" * 5000])
def test_a_contact_who_is_not_there_is_refused(play, ref):
    with pytest.raises(StalePage):
        set_aside(play, ref)


def test_who_has_left_takes_no_more_setting_aside(play):
    ref = kit(play)
    play.leave("Ben")
    with pytest.raises(StalePage):
        set_aside(play, ref)


def test_two_presses_at_once_set_aside_once(play):
    ref = kit(play)
    ada, circle, ben = play.id("Ada"), play.stage.id, play.stage.refs["Ben"]
    db.session.rollback()
    press = lambda: dismissals.set_aside(ada, circle, ben, ref, SetAside.LATER, NOON)  # noqa: E731
    assert at_once(play.cast.app, *[press] * 4) == [None] * 4
    assert db.session.scalar(select(func.count(Dismissal.id))) == 1


def test_not_now_is_noted_of_the_contact_for_this_member(play):
    know(play.id("Ada"), KIT)
    at = play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"]
    commitments.ask(*at, "Kit Lowe", NOON)
    assert commitments.reopen(*at, NOON) is CommitmentState.OPEN
    assert listed(play) == [("Kit Lowe", "Said not now; comes back on 1 Jan")]


def test_a_pass_taken_back_notes_nothing(play):
    know(play.id("Ada"), KIT)
    at = play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"]
    commitments.pass_on(*at, "", NOON)
    commitments.reopen(*at, NOON)
    assert listed(play) == []


def test_not_now_does_not_soften_what_is_for_good(play):
    ref = kit(play)
    set_aside(play, ref, SetAside.FOR_GOOD)
    at = play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"]
    commitments.ask(*at, "Kit Lowe", NOON)
    commitments.reopen(*at, NOON)
    assert listed(play) == [("Kit Lowe", "For good")]


def test_one_question_is_asked_about_one_contact(play):
    know(play.id("Ada"), people.Contact("Lena Voss", "", "Translator"), people.Contact("Ned"))
    question = asking.one_question(play.id("Ada"), NOON)
    assert question
    assert (question.sentence, question.asked) == ("Whom does Lena serve?", Asked.SERVES)


def test_who_fits_somebody_already_is_asked_about_last(play):
    lena, _ = know(play.id("Ada"), people.Contact("Lena Voss", "", "Translator"), people.Contact("Ned"))
    question = asking.one_question(play.id("Ada"), NOON, [ref_of(lena)])
    assert question
    assert question.sentence == "What does Ned do?"


def test_another_day_begins_with_another_contact(play):
    know(play.id("Ada"), *(people.Contact(f"Ned{one} Hart", "", "Translator") for one in range(7)))
    asked = {asking.one_question(play.id("Ada"), NOON + timedelta(days=day)).name for day in range(7)}
    assert len(asked) == 7


@pytest.mark.parametrize("archived_at", [None, NOON])
def test_nothing_is_asked_about_who_is_known_well_or_archived(play, archived_at):
    line = "for law firms, loves chess" if archived_at is None else ""
    know(play.id("Ada"), people.Contact("Lena Voss", "", "Translator", line), archived_at=archived_at)
    assert asking.one_question(play.id("Ada"), NOON) is None


def test_others_are_asked_nothing_about_my_contacts(play):
    know(play.id("Ada"), people.Contact("Ned"))
    assert asking.one_question(play.id("Ben"), NOON) is None


def test_a_question_takes_one_statement(play):
    know(play.id("Ada"), *(people.Contact(f"Ned {one}") for one in range(50)))
    ada = play.id("Ada")
    with statements() as sent:
        asking.one_question(ada, NOON)
    assert len(sent) == 1


def test_an_answer_is_added_to_the_line_and_read(play):
    (lena,) = know(play.id("Ada"), people.Contact("Lena Voss", "", "Translator"))
    assert suggested(play) == []
    assert asking.answer(play.id("Ada"), ref_of(lena), Asked.SERVES, "Small shops") == "Lena Voss"
    assert db.session.get_one(Contact, lena).line == "serves small shops"
    assert suggested(play) == ["Lena Voss"]


def test_what_was_answered_in_strange_words_is_not_asked_again(play):
    (lena,) = know(play.id("Ada"), people.Contact("Lena Voss", "", "Translator"))
    asking.answer(play.id("Ada"), ref_of(lena), Asked.SERVES, "all")
    assert asking.one_question(play.id("Ada"), NOON) is None


def test_nothing_said_is_refused(play):
    (lena,) = know(play.id("Ada"), people.Contact("Lena Voss", "", "Translator"))
    with pytest.raises(BadText):
        asking.answer(play.id("Ada"), ref_of(lena), Asked.SERVES, " ")


@pytest.mark.parametrize("ref", ["nobody", "\0"])
def test_nobody_answers_about_who_is_not_theirs(play, ref):
    with pytest.raises(StalePage):
        asking.answer(play.id("Ben"), ref, Asked.SERVES, "Small shops")
