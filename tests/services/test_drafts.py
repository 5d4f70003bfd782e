"""Writing it: a draft is kept on the promise until it is said to be sent, or dropped."""

from datetime import date
from typing import Any

import pytest

from circle.models import Contact
from circle.rules.drafts import Draft
from circle.rules.errors import BadName, BadText, CommitmentCannotMove, RoundIsSealed, StalePage
from circle.rules.states import Channel, CommitmentState, NewsKind, Shape, Synergy
from circle.services.giving import commitments, drafts, promise_page
from circle.services.giving.promise_page import DraftHere
from circle.services.membership import absences
from circle.services.post import daily
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import Playing, days

OPEN = CommitmentState.OPEN


@pytest.fixture
def play(context, cast) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def at(play: Playing, receiver: str = "Ben") -> tuple[int, int, int, str]:
    return play.id("Ada"), play.stage.id, 1, play.stage.refs[receiver]


def write(play: Playing, receiver: str = "Ben", to: str = "Lena Krüger", **more: Any) -> str:
    return drafts.write(*at(play, receiver), to, Synergy.TEAM_UP, NOON, **more)


def draft(play: Playing, receiver: str = "Ben") -> DraftHere | None:
    giver_id, circle_id, number, ref = at(play, receiver)
    page = promise_page.read(circle_id, number, giver_id, ref, NOON)
    assert page
    return page.draft


def test_it_keeps_contact_reason_and_words_and_the_promise_stays_open(play):
    assert write(play) == "Lena Krüger"
    kept = draft(play)
    assert kept
    assert (kept.contact_name, kept.synergy, kept.day) == ("Lena Krüger", Synergy.TEAM_UP, "2 Nov")
    assert "Lena Krüger, meet Ben Katz" in kept.subject
    assert "Operations leads at bakeries" in kept.text
    assert play.state("Ada", "Ben") is OPEN


def test_a_yes_leads_to_a_draft_and_nothing_is_asked_any_more(play):
    commitments.ask(*at(play), "Lena Krüger", NOON)
    write(play, by_link=True)
    promise = play.promise("Ada", "Ben")
    assert (promise.state, promise.asked_at, promise.by_link) == (OPEN, None, True)


@pytest.mark.parametrize("shape", [Shape.ASK_CONTACT, Shape.ASK_MEMBER])
def test_a_question_that_was_sent_waits_for_a_yes_without_its_draft(play, shape: Shape):
    write(play, shape=shape)
    kept = draft(play)
    assert kept
    drafts.asked(*at(play), kept, NOON)
    promise = play.promise("Ada", "Ben")
    assert (promise.state, promise.drafted_at) == (CommitmentState.ASKING, None)
    assert promise.asks_member is (shape is Shape.ASK_MEMBER)
    page = promise_page.read(play.stage.id, 1, play.id("Ada"), play.stage.refs["Ben"], NOON)
    assert page
    assert (page.asked, page.asks_member) == ("Lena Krüger", promise.asks_member)


def test_after_a_yes_the_mail_to_both_is_written(play):
    write(play, shape=Shape.ASK_MEMBER)
    kept = draft(play)
    assert kept
    drafts.asked(*at(play), kept, NOON)
    write(play)
    promise = play.promise("Ada", "Ben")
    assert (promise.state, promise.draft_shape, promise.asks_member) == (OPEN, Shape.TOGETHER, False)


def test_another_shape_begins_anew(play):
    write(play)
    write(play, shape=Shape.ASK_CONTACT)
    kept = draft(play)
    assert kept
    assert kept.subject == "May I introduce you to Ben Katz?"


def test_the_address_of_the_contact_is_at_hand_for_its_giver(play):
    write(play)
    whom = play.promise("Ada", "Ben").contact_id
    with writing() as session:
        session.get_one(Contact, whom).email = "lena@example.org"
    kept = draft(play)
    assert kept
    assert kept.contact_email == "lena@example.org"


def test_a_member_of_the_circle_cannot_be_written_to(play):
    with pytest.raises(BadName, match="in this circle already"):
        write(play, to="Cy Marsh")


def test_writing_to_the_same_person_again_keeps_what_was_changed(play):
    write(play)
    drafts.revise(*at(play), Draft("Meet Ben", "Hello both"))
    write(play)
    kept = draft(play)
    assert kept
    assert (kept.subject, kept.text) == ("Meet Ben", "Hello both")


def test_writing_to_another_person_begins_anew(play):
    write(play)
    drafts.revise(*at(play), Draft("Meet Ben", "Hello both"))
    write(play, to="Idris Bello")
    kept = draft(play)
    assert kept
    assert (kept.contact_name, "Hello both" in kept.text) == ("Idris Bello", False)


@pytest.mark.parametrize(
    ("words", "field"), [(Draft("s" * 201, ""), "subject"), (Draft("", "t" * 5001), "text")]
)
def test_words_that_are_too_long_are_refused_beside_their_field(words, field, play):
    write(play)
    with pytest.raises(BadText) as refused:
        drafts.revise(*at(play), words)
    assert refused.value.field == field


def sent(play: Playing, kept: DraftHere | None, **more: bool) -> None:
    assert kept
    drafts.sent(*at(play), kept, date(2026, 11, 2), NOON, **more)


def test_saying_it_was_sent_logs_it_by_email(play):
    write(play)
    sent(play, draft(play), by_link=True)
    [made] = play.introductions()
    assert (made.contact_name, made.channel, made.synergy, made.made_on, made.by_link) == (
        "Lena Krüger",
        Channel.EMAIL,
        Synergy.TEAM_UP,
        date(2026, 11, 2),
        True,
    )
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED
    assert draft(play) is None


def test_saying_so_twice_logs_it_once(play):
    write(play)
    kept = draft(play)
    sent(play, kept)
    sent(play, kept)
    assert len(play.introductions()) == 1


def test_begun_anew_the_changed_words_are_gone(play):
    write(play)
    drafts.revise(*at(play), Draft("Meet Ben", "Hello both"))
    write(play, anew=True)
    kept = draft(play)
    assert kept
    assert kept.subject != "Meet Ben"


def test_the_next_letter_asks_and_once_dropped_none_does(play):
    write(play)
    assert daily.write_daily(play.id("Ada"), NOON + days(7))
    assert play.news("Ada") == [NewsKind.DRAFTED]
    drafts.drop(*at(play))
    assert play.news("Ada") == []


def test_dropped_it_is_gone_with_its_question(play):
    write(play)
    drafts.drop(*at(play))
    assert (draft(play), play.news("Ada"), play.state("Ada", "Ben")) == (None, [], OPEN)


def test_an_introduction_logged_otherwise_lets_go_of_it(play):
    write(play)
    play.log("Ada", "Ben", to="Somebody Else")
    assert draft(play) is None


def test_a_pass_lets_go_of_it(play):
    write(play)
    commitments.pass_on(*at(play), "", NOON)
    assert (draft(play), play.news("Ada"), play.news("Ben")) == (None, [], [NewsKind.PASSED])


def test_asking_the_same_person_first_keeps_the_words_and_asking_another_lets_go(play):
    write(play)
    commitments.ask(*at(play), "Lena Krüger", NOON)
    assert draft(play)
    commitments.ask(*at(play), "Idris Bello", NOON)
    assert draft(play) is None


def test_a_no_lets_go_of_it(play):
    write(play)
    commitments.ask(*at(play), "Lena Krüger", NOON)
    commitments.reopen(*at(play), NOON)
    assert draft(play) is None


def test_going_away_lets_go_of_it(play):
    write(play)
    absences.go_away(play.id("Ben"), NOON.date(), None, NOON)
    promise = play.promise("Ada", "Ben")
    assert (promise.state, promise.drafted_at, promise.draft_text) == (CommitmentState.EXCUSED, None, "")


@pytest.mark.parametrize("first", ["pass", "introduce"])
def test_what_is_answered_already_is_not_written_for(first, play):
    if first == "pass":
        commitments.pass_on(*at(play), "", NOON)
    else:
        play.log("Ada", "Ben")
    with pytest.raises(CommitmentCannotMove):
        write(play)


def test_a_draft_that_is_gone_cannot_be_changed(play):
    with pytest.raises(StalePage):
        drafts.revise(*at(play), Draft("", ""))


def test_a_sealed_round_takes_none(play):
    from circle.services.rounds import turns

    for moment in (play.round().due_at, play.round().due_at + days(31)):
        turns.turn(play.round().id, moment)
    with pytest.raises(RoundIsSealed):
        write(play)
