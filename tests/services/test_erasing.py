"""Erasing somebody: "someone" at both ends, plans let go, and nothing of them left behind."""

import pytest
from sqlalchemy import select

from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import Contact, Idea, Introduction, Person
from circle.rules.errors import StalePage
from circle.rules.states import CommitmentState, Outcome, Synergy
from circle.services.giving import commitments, drafts, introductions, receiving
from circle.services.giving.introductions import Logging, Made
from circle.services.knowing import contact_page, erasing, import_page, imports, keeping, list_page
from circle.services.knowing.list_page import Wanted
from circle.services.meeting import mails, meeting_page, meetings
from circle.services.meeting.meetings import Told
from circle.services.membership import archiving
from circle.services.own_record import outside
from circle.services.own_record.outside import OutsideLogging
from circle.services.rounds import turns
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import Playing, days
from tests.snapshot import rows


@pytest.fixture
def play(context, cast) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def at(play: Playing, receiver: str = "Ben") -> tuple[int, int, int, str]:
    return play.id("Ada"), play.stage.id, 1, play.stage.refs[receiver]


def ref_of(play: Playing, name: str) -> str:
    db.session.rollback()
    mine = select(Contact.public_id).where(Contact.person_id == play.id("Ada"), Contact.name == name)
    return db.session.execute(mine).scalar_one()


def erase(play: Playing, name: str = "Rosa Lind") -> None:
    assert erasing.erase(play.id("Ada"), ref_of(play, name), NOON) == name
    db.session.rollback()


def test_who_was_introduced_is_someone_at_both_ends(play):
    play.log("Ada", "Ben", "Cy")
    erase(play)
    assert [one.contact_name for one in play.introductions()] == ["someone", "someone"]
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_the_whole_name_goes_out_of_the_reason_too(play):
    said = Logging(
        contact_name="Rosa Lind",
        receiver_refs=(play.stage.refs["Ben"],),
        made_on=NOON.date(),
        reason="ROSA LIND bakes; ask for rosa lind, not Rosa Linden.",
    )
    introductions.log(play.id("Ada"), play.stage.id, 1, said, NOON)
    erase(play)
    assert play.introductions()[0].reason == "someone bakes; ask for someone, not Rosa Linden."


def test_the_whole_name_goes_out_of_what_the_receiver_wrote_too(play):
    [ref] = play.log("Ada", "Ben").refs
    receiving.answer(play.id("Ben"), ref, Outcome.MET, NOON, note="Rosa Lind and I had lunch.")
    receiving.thank(play.id("Ben"), ref, "Rosa Lind is a find!", True, NOON)
    erase(play)
    [made] = play.introductions()
    assert (made.outcome_note, made.thanks) == ("someone and I had lunch.", "someone is a find!")


@pytest.mark.parametrize("line", ["ROSA LIND", "R. Lind, rosa@x.example"])
def test_who_was_met_before_they_stood_on_the_list_goes_with_the_mails_about_them(play, line):
    ada = play.id("Ada")
    told = Told(people=f"{line}\nJo Tan", where_met="", met_on=NOON.date(), keep=False)
    meeting = meetings.begin(ada, told, NOON)
    mails.write(ada, meeting, ["1", "2"], [], None, NOON)
    keeping.add(ada, PersonKnown("Rosa Lind", email="rosa@x.example"), NOON)
    erase(play)
    page = meeting_page.read(ada, "Europe/London", meeting, NOON)
    assert page
    assert ([one.name for one in page.met], page.mails) == (["Jo Tan"], ())


def test_the_other_end_of_an_introduction_between_two_is_someone_as_well(play):
    refs = [keeping.add(play.id("Ada"), PersonKnown(name), NOON) for name in ("Rosa Lind", "Jo Tan")]
    ids = [contact_id(ref) for ref in refs]
    with writing() as session:
        session.add(
            Introduction(
                giver_id=play.id("Ada"),
                contact_id=ids[0],
                contact_name="Rosa Lind",
                other_contact_id=ids[1],
                other_name="Jo Tan",
                made_on=NOON.date(),
                logged_at=NOON,
            )
        )
    erase(play, "Jo Tan")
    made = play.introductions()[0]
    assert (made.contact_name, made.other_name, made.other_contact_id) == ("Rosa Lind", "someone", None)


def contact_id(ref: str) -> int:
    return db.session.execute(select(Contact.id).where(Contact.public_id == ref)).scalar_one()


def test_asking_somebody_who_is_erased_is_open_again(play):
    commitments.ask(*at(play), "Rosa Lind", NOON)
    erase(play)
    promise = play.promise("Ada", "Ben")
    assert (promise.state, promise.contact_id, promise.asked_at) == (CommitmentState.OPEN, None, None)


def test_asking_for_who_is_away_is_excused(play):
    commitments.ask(*at(play), "Rosa Lind", NOON)
    with writing() as session:
        # Away since a moment that no pass has told the promises of.
        session.get_one(Person, play.id("Ben")).away_from = NOON.date()
    erase(play)
    assert play.state("Ada", "Ben") is CommitmentState.EXCUSED


def test_a_draft_goes_with_whom_it_speaks_of(play):
    drafts.write(*at(play), "Rosa Lind", Synergy.TEAM_UP, NOON)
    erase(play)
    promise = play.promise("Ada", "Ben")
    assert (promise.drafted_at, promise.draft_subject, promise.draft_text) == (None, "", "")
    assert play.news("Ada") == []


def test_a_finished_round_stays_as_it_was(play):
    commitments.ask(*at(play), "Rosa Lind", NOON)
    for days_on in (20, 60):
        turns.turn(play.round().id, NOON + days(days_on))
    before = play.state("Ada", "Ben")
    erase(play)
    promise = play.promise("Ada", "Ben")
    assert (promise.state, promise.contact_id) == (before, None)


def test_an_archived_circle_does_not_stand_in_the_way(play):
    play.log("Ada", "Ben")
    archiving.archive(play.stage.id, play.id("Ada"), NOON)
    erase(play)
    assert play.introductions()[0].contact_name == "someone"


def test_a_parked_idea_goes_too(play):
    ref = keeping.add(play.id("Ada"), PersonKnown("Rosa Lind"), NOON)
    with writing() as session:
        session.add(
            Idea(person_id=play.id("Ada"), contact_id=contact_id(ref), words="Rosa and Ben", parked_at=NOON)
        )
    erase(play)
    assert db.session.scalars(select(Idea)).all() == []


def test_nothing_of_them_is_left_anywhere(play, app):
    canary = "Canary Bird"
    ada = play.id("Ada")
    told = PersonKnown(
        canary, "Canary Ltd", "Canary-keeper", "Canary lines", "Canary fair", "canary@x.example"
    )
    keeping.add(ada, told, NOON)
    play.log("Ada", "Ben", to=canary)
    drafts.write(*at(play, "Cy"), canary, None, NOON)
    commitments.ask(*at(play, "Dee"), canary, NOON)
    erase(play, canary)
    assert "canary" not in repr(rows(app)).casefold()


def test_a_file_called_after_them_goes_with_the_last_of_those_it_brought(play):
    ada = play.id("Ada")
    ref = imports.bring(ada, "Rosa Lind.csv", b"Name\r\nRosa Lind\r\nJo Tan\r\n", NOON)
    imports.keep(ada, ref, NOON)
    erase(play, "Jo Tan")
    assert [one.file_name for one in import_page.kept(ada)] == ["Rosa Lind.csv"]
    erase(play)
    assert import_page.kept(ada) == ()


def test_changing_an_introduction_with_someone_keeps_nobody_of_that_name(play):
    play.log("Ada", "Ben")
    erase(play)
    made = play.introductions()[0]
    said = Made(contact_name="someone", made_on=made.made_on, reason="Both sail")
    introductions.edit(play.id("Ada"), made.public_id, said, NOON)
    assert list_page.read(play.id("Ada"), Wanted()).kept == 0
    assert play.introductions()[0].contact_id is None


def test_changing_one_in_the_record_with_both_erased_keeps_nobody_of_that_name(play):
    said = OutsideLogging(
        contact_name="Rosa Lind", other_name="Jo Tan", made_on=NOON.date(), receiver_refs=()
    )
    [ref] = outside.log(play.id("Ada"), said, NOON)
    erase(play)
    erase(play, "Jo Tan")
    made = Made(contact_name="someone", made_on=NOON.date(), reason="Both sail")
    outside.edit(play.id("Ada"), ref, made, "someone", NOON)
    kept = play.introductions()[0]
    assert (kept.contact_name, kept.other_name, kept.reason) == ("someone", "someone", "Both sail")
    assert list_page.read(play.id("Ada"), Wanted()).kept == 0


def test_nobody_erases_whom_another_knows(play):
    play.log("Ada", "Ben")
    ref = ref_of(play, "Rosa Lind")
    with pytest.raises(StalePage):
        erasing.erase(play.id("Ben"), ref, NOON)
    assert play.introductions()[0].contact_name == "Rosa Lind"


def test_the_page_says_where_somebody_stands(play):
    play.log("Ada", "Ben")
    drafts.write(*at(play, "Cy"), "Rosa Lind", None, NOON)
    commitments.ask(*at(play, "Dee"), "Rosa Lind", NOON)
    known = contact_page.read(play.id("Ada"), ref_of(play, "Rosa Lind"))
    assert known
    assert [(one.other, one.day, bool(one.ref)) for one in known.made] == [("Ben Katz", "2 Nov 2026", True)]
    assert (known.asked_for, known.drafted_for) == (("Dee Patel",), ("Cy Marsh",))


def test_what_was_planned_in_a_finished_round_stands_on_no_page(play):
    commitments.ask(*at(play), "Rosa Lind", NOON)
    for days_on in (20, 60):
        turns.turn(play.round().id, NOON + days(days_on))
    known = contact_page.read(play.id("Ada"), ref_of(play, "Rosa Lind"))
    assert known
    assert not known.stands_somewhere


def test_one_between_two_is_shown_with_its_other_end_and_can_be_opened(play):
    said = OutsideLogging(
        contact_name="Rosa Lind", other_name="Jo Tan", made_on=NOON.date(), receiver_refs=()
    )
    [made] = outside.log(play.id("Ada"), said, NOON)
    for name, other in (("Rosa Lind", "Jo Tan"), ("Jo Tan", "Rosa Lind")):
        known = contact_page.read(play.id("Ada"), ref_of(play, name))
        assert known
        assert [(one.other, one.ref) for one in known.made] == [(other, made)]


def test_who_left_the_circle_still_sees_whom_they_introduced_without_a_link(play):
    play.log("Ben", "Ada")
    ref = db.session.execute(select(Contact.public_id)).scalar_one()
    play.leave("Ben")
    known = contact_page.read(play.id("Ben"), ref)
    assert known
    assert [(one.other, one.ref) for one in known.made] == [("Ada Obi", "")]
