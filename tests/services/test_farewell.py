"""Erasing oneself: seven days to undo, then nothing is left but what belongs to the others."""

from datetime import datetime

import pytest
from sqlalchemy import select

from circle import worker
from circle.extensions import db
from circle.formats.addresses import Address
from circle.letters import posting
from circle.models import (
    Change,
    Circle,
    Commitment,
    Invitation,
    Membership,
    OutboxMail,
    Person,
    RosterMember,
    Session,
)
from circle.rules.errors import StalePage
from circle.rules.limits import Limits
from circle.rules.states import CommitmentState, MailKind, Outcome, Role, RoundState, Synergy
from circle.services.door import people, sessions
from circle.services.door.sessions import Viewer
from circle.services.farewell import erasure
from circle.services.giving import commitments, introductions, receiving
from circle.services.giving.introductions import Logging
from circle.services.membership import archiving, invitation_page, invitations, memberships, seats
from circle.services.own_record import record
from circle.services.own_record.record import Sought
from circle.services.progress import lately
from circle.services.rounds import by_hand, turns
from circle.services.thinking import ideas
from circle.services.work import writing
from tests.cast import DOES, NOON, Cast
from tests.services.at_once import at_once
from tests.services.playing import DUE, Playing, days
from tests.snapshot import rows

THEN = NOON + days(7)


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def viewer(play: Playing, first: str, now=NOON) -> Viewer:
    sid = play.cast.session(play.cast.person(first))
    with writing() as session:
        for one in session.scalars(select(Session).where(Session.person_id == play.id(first))):
            one.created_at = one.used_at = one.confirmed_at = now
    found = sessions.viewer(sid, now)
    db.session.rollback()
    assert found
    return found


def ask(asking: Viewer, now: datetime) -> datetime:
    return erasure.ask(asking.person_id, asking.confirmed_at, now)


def erase(play: Playing, first: str, now=NOON) -> int:
    """Let somebody be erased, seven days later; return their id."""
    asking = viewer(play, first, now)
    at = ask(asking, now)
    assert erasure.people_to_erase(at) == [asking.person_id]
    assert erasure.erase(asking.person_id, at)
    return asking.person_id


def person(person_id: int) -> Person | None:
    db.session.rollback()
    return db.session.get(Person, person_id, populate_existing=True)


def everything(play: Playing) -> str:
    db.session.rollback()
    return str(rows(play.cast.app))


def test_nothing_happens_for_seven_days_and_it_can_be_undone(play):
    ask(viewer(play, "Ben"), NOON)
    assert erasure.people_to_erase(THEN - days(0.01)) == []
    assert erasure.erase(play.id("Ben"), THEN - days(0.01)) == ""
    erasure.keep(play.id("Ben"))
    assert erasure.people_to_erase(THEN) == []
    assert erasure.erase(play.id("Ben"), THEN) == ""
    assert person(play.id("Ben")).name == "Ben Katz"
    assert play.state("Ben", "Cy") is CommitmentState.OPEN


def test_asking_signs_out_everywhere(play):
    asking = viewer(play, "Ben")
    viewer(play, "Ben")
    ask(asking, NOON)
    assert not db.session.scalars(select(Session).where(Session.person_id == asking.person_id)).all()


def test_asking_twice_is_asking_once(play):
    asking = viewer(play, "Ben")
    assert ask(asking, NOON) == ask(asking, NOON + days(0.001)) == THEN


def test_without_a_fresh_code_nothing_is_asked(play):
    asking = viewer(play, "Ben")
    with pytest.raises(StalePage):
        ask(asking, NOON + days(1))
    assert person(asking.person_id).erase_at is None


def test_no_letter_goes_to_who_waits_to_be_erased(play, sink):
    ask(viewer(play, "Ben"), NOON)
    ask(viewer(play, "Ada"), NOON)
    erasure.keep(play.id("Ada"))
    for day in range(6):
        worker.tick(NOON + days(day))
    [opened] = sink.mails_to("ada@example.org")
    assert "Round 1" in opened.message["Subject"]
    [only] = sink.mails_to("ben@example.org")
    assert only.message["Subject"] == "You will be erased on 9 November 2026"


def test_the_worker_erases_and_a_second_pass_finds_nobody(play):
    ask(viewer(play, "Ben"), NOON)
    assert f"Would erase person {play.id('Ben')}, as they asked." in worker.plan(THEN)
    said = [words for words in worker.tick(THEN) if words.startswith("Erased person")]
    assert len(said) == 1
    assert not [words for words in worker.tick(THEN) if words.startswith("Erased person")]


def test_two_workers_at_the_same_moment_erase_once(play):
    ben = play.id("Ben")
    ask(viewer(play, "Ben"), NOON)
    said: list[str] = []

    def work() -> None:
        said.append(erasure.erase(ben, THEN))

    assert at_once(play.cast.app, work, work) == [None, None]
    assert sorted(said) == ["", f"Erased person {ben}, as they asked."]


def test_what_is_kept_says_a_former_member(play):
    play.log("Ben", "Cy")
    ben = person(erase(play, "Ben"))
    assert (ben.name, ben.email, ben.does, ben.wish, ben.seen_at) == ("a former member", "", "", "", None)
    [line] = record.read(play.id("Cy"), "UTC", Sought(), 1, THEN).lines
    assert (line[0].giver, line[0].contact_name) == ("a former member", "someone")


def test_outstanding_is_excused_and_what_was_made_stays_made(play):
    play.log("Ben", "Cy")
    commitments.pass_on(play.id("Ben"), play.stage.id, 1, play.stage.refs["Dee"], "Nobody of mine.", NOON)
    ben, cy, dee, eve = (play.id(first) for first in ("Ben", "Cy", "Dee", "Eve"))
    erase(play, "Ben")
    promises = {(giver, receiver): state for giver, receiver, state, _ in _promises()}
    assert promises[ben, cy] is CommitmentState.INTRODUCED
    assert promises[ben, dee] is CommitmentState.PASSED
    assert promises[ben, eve] is promises[cy, ben] is CommitmentState.EXCUSED
    assert promises[cy, dee] is CommitmentState.OPEN
    assert "Nobody of mine" not in everything(play)


def test_a_sealed_round_says_of_itself_what_it_said(play):
    play.log("Ben", "Cy")
    commitments.ask(play.id("Ben"), play.stage.id, 1, play.stage.refs["Dee"], "Jo Tan", NOON)
    turns.turn(play.round().id, DUE)
    turns.turn(play.round().id, DUE + days(31))
    figures = (play.round().closing_made, play.round().closing_counted, play.round().state)
    promises = _promises()
    erase(play, "Ben", DUE + days(40))
    assert (play.round().closing_made, play.round().closing_counted, play.round().state) == figures
    assert figures == (1, 20, RoundState.SEALED)
    assert _promises() == promises


def test_words_are_the_writers_and_names_in_others_words_go(play):
    said = Logging(
        contact_name="Rosa Lind",
        receiver_refs=(play.stage.refs["Cy"],),
        made_on=NOON.date(),
        reason="Zqreason: Cy Marsh and Rosa sail",
        synergy=Synergy.SHARED_INTEREST,
    )
    introductions.log(play.id("Ben"), play.stage.id, 1, said, NOON)
    ref = play.introductions()[0].public_id
    receiving.answer(play.id("Cy"), ref, Outcome.MET, NOON, note="Zqnote: Ben Katz came too")
    receiving.thank(play.id("Cy"), ref, "Zqthanks, BEN!", True, NOON)
    erase(play, "Ben")
    [made] = play.introductions()
    assert (made.reason, made.outcome, made.synergy) == ("", Outcome.MET, Synergy.SHARED_INTEREST)
    assert (made.outcome_note, made.thanks) == (
        "Zqnote: a former member came too",
        "Zqthanks, a former member!",
    )
    db.session.rollback()
    erase(play, "Cy", NOON + days(8))
    left = everything(play)
    assert not [word for word in ("Zqreason", "Zqnote", "Zqthanks", "Rosa") if word in left]
    [made] = play.introductions()
    assert (made.outcome, made.thanks_shared) == (Outcome.MET, False)


def test_no_name_and_no_address_is_left_in_any_table(play):
    play.log("Ben", "Cy")
    play.log("Dee", "Cy", to="Ben Katz")
    commitments.ask(play.id("Ben"), play.stage.id, 1, play.stage.refs["Dee"], "Jo Tan", NOON)
    _invite(play, "Ben")
    about = {"circle_id": play.stage.id, "member_id": play.id("Ben")}
    with writing():
        ideas.park(play.id("Cy"), NOON, words="Ben and Lena", **about)
    erase(play, "Ben")
    left = everything(play)
    assert not [words for words in (*DOES["Ben"], "Ben", "ben@", "Jo Tan") if words in left]


def test_the_organisers_read_of_a_former_member(play):
    _invite(play, "Ben")
    erase(play, "Ben")
    lines = [line.words for line in lately.read(play.stage.id, "UTC", THEN)]
    assert "a former member left the circle" in lines
    assert "Ada Obi invited a former member" in lines


def test_the_last_organisers_job_goes_to_who_is_there_longest(play, cast):
    ref = play.membership_id("Dee")
    with writing() as session:
        session.get_one(Membership, ref).joined_at = NOON - days(30)
    assert erasure.organised_alone(play.id("Ada")) == [(play.stage.public_id, "Harbour Circle")]
    db.session.rollback()
    erase(play, "Ada")
    assert memberships.only_organiser(play.stage.id, play.id("Dee"))
    db.session.rollback()
    assert play.mails("job_taken") == 4
    mails = db.session.scalars(select(OutboxMail.id).where(OutboxMail.kind == MailKind.JOB_TAKEN.key)).all()
    db.session.rollback()
    texts = [(posting.preview(one, THEN) or b"").decode() for one in mails]
    assert sum("who organised it has left" in " ".join(text.split()) for text in texts) == 3
    assert not [text for text in texts if "two months" in text]


def test_with_another_organiser_nobody_is_handed_anything(play):
    memberships.set_role(play.stage.id, play.id("Ada"), play.membership_id("Ben"), Role.ORGANISER, NOON)
    assert erasure.organised_alone(play.id("Ada")) == []
    db.session.rollback()
    erase(play, "Ada")
    assert memberships.only_organiser(play.stage.id, play.id("Ben"))
    assert play.mails("job_taken") == 0


def test_where_mail_reaches_nobody_the_job_still_goes_to_somebody(play):
    with writing() as session:
        for first in ("Ben", "Cy", "Dee", "Eve"):
            session.get_one(Person, play.id(first)).mail_refused_at = NOON
    erase(play, "Ada")
    assert memberships.only_organiser(play.stage.id, play.id("Ben"))


def test_who_waits_for_an_answer_is_invited_by_who_organises_now(play, sink):
    play.leave("Eve")
    asking = viewer(play, "Ada")
    invited = Address("Zoe", "zoe@example.org")
    invitations.invite(play.stage.id, asking.person_id, [invited], Limits(5, 6), THEN - days(0.1))
    ask(asking, NOON)
    worker.tick(THEN)
    [mail] = sink.mails_to("zoe@example.org")
    assert (mail.message["Subject"], mail.message["Reply-To"]) == (
        "Ben Katz invites you to Harbour Circle",
        "ben@example.org",
    )


def test_who_was_alone_in_a_circle_takes_it_with_them(cast, context):
    play = Playing(cast)
    cast.circle(organiser="Finn", name="Zqcircle")
    ref = erase(play, "Finn")
    assert person(ref) is None
    assert "Zqcircle" not in everything(play)


def test_a_circle_whose_others_left_stays_for_their_records(play):
    play.log("Ben", "Ada")
    for first in ("Ben", "Cy", "Dee", "Eve"):
        memberships.leave(play.stage.id, play.id(first), NOON)
    erase(play, "Ada")
    assert db.session.scalar(select(Circle.archived_at)) is not None
    [line] = record.read(play.id("Ben"), "UTC", Sought(), 1, THEN).lines
    assert line[0].receiver == "a former member"


def test_when_everybody_is_erased_the_circle_is_too(play):
    play.log("Ben", "Ada")
    for first in ("Ben", "Cy", "Dee", "Eve", "Ada"):
        erase(play, first)
    assert db.session.scalars(select(Circle)).all() == []
    assert not [words for words in ("Harbour", "Rosa", "Katz", "Obi") if words in everything(play)]


def test_in_an_archive_too_somebody_is_erased(play):
    archiving.archive(play.stage.id, play.id("Ada"), NOON)
    erase(play, "Ben")
    assert "Ben Katz" not in everything(play)


def test_who_comes_again_with_the_same_address_is_somebody_new(play):
    old = erase(play, "Ben")
    with writing():
        new = people.person_for("ben@example.org", THEN)
        assert (new.id != old, new.name) == (True, "")


def test_who_was_erased_in_this_moment_takes_no_seat(play, cast):
    play.log("Ben", "Cy")
    other = cast.circle(organiser="Finn", name="Another Circle")
    link = invitations.invite_by_link(other.id, play.id("Finn"), Limits(5, 6), THEN)
    old = erase(play, "Ben")
    invited = invitation_page.id_in_circle(other.id, link)
    with pytest.raises(StalePage):
        invitations.accept(invited, old, Limits(5, 6), THEN)
    assert seats.membership_of(other.id, old) is None


def test_the_next_round_opens_without_them(play):
    old = erase(play, "Eve")
    turns.turn(play.round().id, DUE)
    with_few = Limits(4, 6)
    due_on = (DUE + days(9)).date()
    by_hand.open_now(play.stage.id, play.id("Ada"), due_on, DUE.time(), DUE + days(1), limits=with_few)
    second = play.round(2).id
    on_it = set(db.session.scalars(select(RosterMember.person_id).where(RosterMember.round_id == second)))
    assert len(on_it) == 4
    assert old not in on_it


def _invite(play: Playing, first: str) -> None:
    """Have it that this member came by an invitation to an old address of theirs."""
    with writing() as session:
        invited = Invitation(
            circle_id=play.stage.id,
            inviter_id=play.id("Ada"),
            name="Ben Katz",
            email="ben@old.example.org",
            email_key="ben@old.example.org",
            created_at=NOON,
            expires_at=NOON + days(14),
            accepted_at=NOON,
            accepted_by_id=play.id(first),
        )
        session.add(invited)
        session.add(
            Change(circle_id=play.stage.id, at=NOON, kind="invited", by_id=play.id("Ada"), words="Ben Katz")
        )


def _promises() -> list[tuple[object, ...]]:
    db.session.rollback()
    found = [
        (one.giver_id, one.receiver_id, one.state, one.late)
        for one in db.session.scalars(select(Commitment).order_by(Commitment.id))
    ]
    db.session.rollback()
    return found
