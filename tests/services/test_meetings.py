"""After a meeting: whom one met is kept, two or three are put together, and what was sent is logged once."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select

from circle import worker
from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import Contact, Drafted, Meeting, MeetingDraft, Met, Person
from circle.rules.drafts import Draft
from circle.rules.errors import (
    BadDate,
    BadText,
    CannotPutTogether,
    CannotReadLines,
    ListIsFull,
    Refusal,
    StalePage,
)
from circle.rules.matching import people
from circle.rules.states import Channel, CommitmentState, NewsKind, RoundState, SetAside, Synergy
from circle.services.giving import commitments
from circle.services.knowing import contacts, dismissals, erasing, keeping
from circle.services.meeting import mail_page, mails, meeting_page, meetings, sending
from circle.services.meeting.mail_page import MailPage
from circle.services.meeting.meeting_page import MeetingPage
from circle.services.meeting.meetings import Told
from circle.services.membership import archiving
from circle.services.rounds import turns
from circle.services.work import writing
from tests.acquaintances import know
from tests.cast import NOON, Cast
from tests.services.at_once import at_once
from tests.services.playing import DUE, Playing, days

SIX = """
- Rosa Lind, runs a cold store, rosa@example.net
Tom Müller <tom@example.net>
3. Idris Bello (Bello Boats)
hana@example.net Hana Kubo
Mia Wolf
Zoë Marr; zoe@example.net
"""


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    return Playing(cast)


def begin(play: Playing, people: str = SIX, first: str = "Ada", **more) -> str:
    told = {"where_met": "Trade fair", "met_on": NOON.date(), "keep": True, "now": NOON} | more
    now = told.pop("now")
    return meetings.begin(play.id(first), Told(people=people, **told), now)


def look(play: Playing, ref: str, first: str = "Ada") -> MeetingPage:
    db.session.rollback()
    page = meeting_page.read(play.id(first), "Europe/London", ref, NOON)
    assert page is not None
    return page


def fits(play: Playing, ref: str) -> dict[str, str]:
    return meeting_page.fits(play.id("Ada"), look(play, ref), NOON)


def write(play: Playing, ref: str, *places: int, members: tuple[str, ...] = (), synergy=None) -> str:
    refs = [play.stage.refs[one] for one in members]
    return mails.write(play.id("Ada"), ref, [str(place) for place in places], refs, synergy, NOON)


def mail(play: Playing, ref: str, draft: str) -> MailPage:
    db.session.rollback()
    page = mail_page.read(play.id("Ada"), "Europe/London", ref, draft, NOON)
    assert page is not None
    return page


def send(play: Playing, ref: str, draft: str, now=NOON) -> sending.Sent | None:
    return sending.sent(play.id("Ada"), ref, draft, now)


def made(play: Playing) -> list[tuple[str, str, bool]]:
    """Return who was put together with whom, and whether it belongs to a round."""
    names = {play.id(first): first for first in ("Ada", "Ben", "Cy", "Dee", "Eve")}
    return [
        (
            names[one.receiver_id] if one.receiver_id else one.other_name,
            one.contact_name,
            one.round_id is not None,
        )
        for one in play.introductions()
    ]


def listed(play: Playing) -> dict[str, Contact]:
    db.session.rollback()
    rows = db.session.scalars(select(Contact).where(Contact.person_id == play.id("Ada")))
    return {one.name: one for one in rows}


def test_whom_one_met_is_read_in_any_form_and_kept(play):
    page = look(play, begin(play))
    assert [(one.name, one.line, one.email) for one in page.met] == [
        ("Rosa Lind", "runs a cold store", "rosa@example.net"),
        ("Tom Müller", "", "tom@example.net"),
        ("Idris Bello", "Bello Boats", ""),
        ("Hana Kubo", "", "hana@example.net"),
        ("Mia Wolf", "", ""),
        ("Zoë Marr", "", "zoe@example.net"),
    ]
    assert page.title == "Trade fair, 2 Nov"
    kept = listed(play)
    assert (len(kept), kept["Rosa Lind"].where_met, kept["Rosa Lind"].line) == (
        6,
        "Trade fair",
        "runs a cold store",
    )
    assert kept["Rosa Lind"].terms_version


def test_rows_of_a_table_bring_what_they_know(play):
    begin(play, "Name\tCompany\tJob Title\r\nRosa Lind\tCold Store Ltd\tOwner\r\n")
    rosa = listed(play)["Rosa Lind"]
    assert (rosa.organisation, rosa.position) == ("Cold Store Ltd", "Owner")


def test_nobody_is_kept_who_is_not_to_be(play):
    ref = begin(play, keep=False)
    assert listed(play) == {}
    assert len(look(play, ref).met) == 6


def test_who_is_known_already_keeps_what_is_known_and_gains_the_rest(play):
    [rosa] = know(play.id("Ada"), people.Contact("Rosa Lind", line="Sails"))
    ref = begin(play)
    known = listed(play)["Rosa Lind"]
    assert (known.id, known.line, known.email, known.where_met) == (
        rosa,
        "Sails; runs a cold store",
        "rosa@example.net",
        "Trade fair",
    )
    assert look(play, ref).met[0].contact_id == rosa


def test_who_is_known_by_their_address_is_the_same_person(play):
    [rosa] = know(play.id("Ada"), people.Contact("Rosa M. Lind"), email="Rosa@example.net")
    ref = begin(play)
    assert look(play, ref).met[0].name == "Rosa M. Lind"
    assert (len(listed(play)), look(play, ref).met[0].contact_id) == (6, rosa)


def test_a_member_one_met_does_not_come_onto_the_list(play):
    begin(play, "Ben Katz\nSomebody Else, cy@example.org\nRosa Lind")
    assert set(listed(play)) == {"Rosa Lind"}


@pytest.mark.parametrize(
    ("told", "refused", "field"),
    [
        ({"people": "  \n "}, CannotReadLines, "people"),
        ({"people": "Rosa Lind\nrosa@example.net\n???"}, CannotReadLines, "people"),
        ({"people": "Rosa Lind\nRosa Lind"}, CannotReadLines, "people"),
        ({"people": "\n".join(f"Person {n}" for n in range(51))}, CannotReadLines, "people"),
        ({"people": "Rosa Lind " * 3000}, CannotReadLines, "people"),
        ({"where_met": "x" * 201}, BadText, "where_met"),
        ({"met_on": NOON.date() + timedelta(days=1)}, BadDate, "met_on"),
        ({"met_on": date(1999, 12, 31)}, BadDate, "met_on"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(play, told, refused, field):
    with pytest.raises(refused) as refusal:
        begin(play, **told)
    assert refusal.value.field == field
    assert (listed(play), db.session.query(Meeting).count()) == ({}, 0)


def test_lines_that_name_nobody_are_named(play):
    with pytest.raises(CannotReadLines) as refusal:
        begin(play, "Rosa Lind\nrosa@example.net\n???")
    assert refusal.value.sentence == ("Line 2: There is no name. Line 3: The name has no letter or digit.")


def test_a_full_list_says_so_and_may_be_left_as_it_is(play, monkeypatch):
    monkeypatch.setattr(contacts, "MOST", 3)
    with pytest.raises(ListIsFull) as refusal:
        begin(play)
    assert refusal.value.field == "keep"
    assert len(look(play, begin(play, keep=False)).met) == 6


def test_the_same_form_sent_twice_is_one_meeting(play):
    first = begin(play)
    assert begin(play, now=NOON + timedelta(seconds=30)) == first
    assert begin(play, now=NOON + timedelta(minutes=2)) != first


def test_members_still_waited_for_come_first(play):
    play.open()
    play.log("Ada", "Ben")
    members = look(play, begin(play)).members
    assert [(one.first_name, one.is_outstanding) for one in members] == [
        ("Cy", True),
        ("Dee", True),
        ("Eve", True),
        ("Ben", False),
    ]


def test_who_fits_a_member_is_said_beside_them_in_a_true_sentence(play):
    ref = begin(play, "Rosa Lind, runs three bakeries and sings in a choir\nTom Müller")
    said = fits(play, ref)
    assert said[play.stage.refs["Dee"]] == "Rosa Lind: Both love choir."
    assert play.stage.refs["Cy"] not in said
    dee, rosa = play.stage.refs["Dee"], listed(play)["Rosa Lind"].public_id
    dismissals.set_aside(play.id("Ada"), play.stage.id, dee, rosa, SetAside.FOR_GOOD, NOON)
    assert dee not in fits(play, ref)


def test_the_mail_says_what_each_may_be_told(play):
    know(play.id("Ada"), people.Contact("Rosa Lind", "Cold Store Ltd", "Owner", "Talks too much"))
    ref = begin(play)
    page = mail(play, ref, write(play, ref, 1, members=("Ben",), synergy=Synergy.SAME_CLIENTS))
    assert page.subject == "Rosa Lind, meet Ben Katz"
    assert page.text == (
        "Hello Rosa, hello Ben,\n\n"
        "I would like the two of you to meet. I think you work with the same kind of clients.\n\n"
        "Rosa, this is Ben Katz.\nWhat they do: Insurance broker\nWhom they serve: Small shops\n\n"
        "Ben, this is Rosa Lind, Owner at Cold Store Ltd.\n"
        "You wrote that you would like to meet: Operations leads at bakeries\n\n"
        "I leave the rest to you.\n\nAda Obi"
    )
    assert (page.to, page.missing) == (("rosa@example.net", "ben@example.org"), ())


def test_what_was_written_of_somebody_met_goes_into_no_mail(play):
    ref = begin(play, keep=False)
    assert "cold store" not in mail(play, ref, write(play, ref, 1, 2)).text


def test_an_address_that_is_not_known_is_named(play):
    ref = begin(play)
    page = mail(play, ref, write(play, ref, 3, 4, members=("Ben",)))
    assert (page.to, page.missing) == (("hana@example.net", "ben@example.org"), ("Idris Bello",))


@pytest.mark.parametrize(
    ("places", "members", "field"),
    [
        ((), (), "met"),
        ((), ("Ben", "Cy"), "met"),
        ((1,), (), "met"),
        ((1, 2, 3, 4), (), "met"),
        ((1, 2), ("Ben", "Cy"), "met"),
        ((1, 99), (), "met"),
        ((1,), ("Finn",), "members"),
        ((1,), ("Ada",), "members"),
        ((7,), ("Ben",), "members"),
        ((8,), ("Cy",), "members"),
    ],
)
def test_who_cannot_be_put_together_is_refused_beside_the_field(play, places, members, field):
    ref = begin(play, f"{SIX}Ben Katz\nC. Marsh, CY@example.org")
    play.stage.refs["Finn"] = play.cast.circle(organiser="Finn", name="Another Circle").refs["Finn"]
    with pytest.raises(CannotPutTogether) as refusal:
        write(play, ref, *places, members=members)
    assert (refusal.value.field, db.session.query(MeetingDraft).count()) == (field, 0)


def test_a_mail_to_the_same_people_stays_as_it_was_changed(play):
    ref = begin(play)
    draft = write(play, ref, 1, 2)
    mails.revise(play.id("Ada"), ref, draft, Draft("Meet", "Hello both"))
    assert write(play, ref, 2, 1) == draft
    assert mail(play, ref, draft).text == "Hello both"
    assert write(play, ref, 1, 2, members=("Ben",)) != draft


def test_three_introductions_count_for_the_round_and_the_rest_for_the_record(play):
    play.open()
    ref = begin(play)
    first = send(play, ref, write(play, ref, 1, members=("Ben",), synergy=Synergy.TEAM_UP))
    second = send(play, ref, write(play, ref, 2, 3, members=("Cy",)))
    third = send(play, ref, write(play, ref, 4, 5))
    assert made(play) == [
        ("Ben", "Rosa Lind", True),
        ("Cy", "Tom Müller", True),
        ("Cy", "Idris Bello", True),
        ("Idris Bello", "Tom Müller", False),
        ("Mia Wolf", "Hana Kubo", False),
    ]
    assert [play.state("Ada", one) for one in ("Ben", "Cy")] == [CommitmentState.INTRODUCED] * 2
    assert [one.words for one in (first, second, third) if one] == [
        "Noted. It counts for Ben.",
        "Noted. It counts for Cy. What belongs to no round stands in your own record.",
        "Noted. It stands in your own record.",
    ]
    [rosa, *_] = play.introductions()
    assert (rosa.synergy, rosa.channel, rosa.made_on) == (Synergy.TEAM_UP, Channel.EMAIL, NOON.date())
    assert play.news("Ben") == [NewsKind.INTRODUCED]


def test_once_the_promise_is_made_it_is_one_more(play):
    play.open()
    play.log("Ada", "Ben")
    ref = begin(play)
    done = send(play, ref, write(play, ref, 2, members=("Ben",)))
    assert done is not None
    assert done.words == "Noted. For Ben it is one more than you promised."
    assert made(play)[-1] == ("Ben", "Tom Müller", True)


def test_a_fellow_member_whom_one_met_fills_no_promise(play):
    play.open()
    ref = begin(play, "Cy Marsh\nRosa Lind")
    done = send(play, ref, write(play, ref, 1, members=("Ben",)))
    assert done == sending.Sent(recorded=True)
    assert play.state("Ada", "Ben") is CommitmentState.OPEN
    assert set(listed(play)) == {"Rosa Lind"}


def test_who_passed_before_has_kept_the_promise_after_all(play):
    play.open()
    commitments.pass_on(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "", NOON)
    ref = begin(play)
    send(play, ref, write(play, ref, 1, members=("Ben",)))
    assert play.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_between_rounds_it_stands_in_the_record_and_is_told(play):
    ref = begin(play)
    send(play, ref, write(play, ref, 1, members=("Ben", "Cy")))
    assert made(play) == [("Ben", "Rosa Lind", False), ("Cy", "Rosa Lind", False)]
    assert play.news("Cy") == [NewsKind.INTRODUCED]


def test_a_closed_round_that_still_waits_takes_it_late(play):
    play.open()
    play.log("Ada", "Ben")
    after = DUE + days(1)
    turns.turn(play.round().id, after)
    assert play.round().state is RoundState.CLOSED
    ref = begin(play, met_on=NOON.date())
    send(play, ref, write(play, ref, 1, members=("Ben", "Cy")), after)
    [_, for_ben, for_cy] = play.introductions()
    assert (for_ben.round_id, for_cy.late, play.state("Ada", "Cy")) == (
        None,
        True,
        CommitmentState.INTRODUCED,
    )


def test_a_mail_whose_member_was_erased_makes_what_is_left_of_it(play):
    ref = begin(play)
    draft = write(play, ref, 1, 2, members=("Ben",))
    with writing() as session:
        session.execute(delete(Person).where(Person.id == play.id("Ben")))
    assert mail(play, ref, draft).names == ("Rosa Lind", "Tom Müller")
    send(play, ref, draft)
    assert made(play) == [("Tom Müller", "Rosa Lind", False)]


def test_saying_twice_that_it_was_sent_counts_once(play):
    play.open()
    ref = begin(play)
    draft = write(play, ref, 1, 2, members=("Ben",))
    assert send(play, ref, draft)
    assert send(play, ref, draft, NOON + days(1)) is None
    assert len(play.introductions()) == 3


def test_saying_so_in_two_windows_at_once_counts_once(app, play):
    play.open()
    ref = begin(play)
    draft, ada = write(play, ref, 1, 2, members=("Ben",)), play.id("Ada")
    assert at_once(app, *[partial(sending.sent, ada, ref, draft, NOON)] * 2) == [None, None]
    assert len(play.introductions()) == 3


def test_two_who_write_for_each_other_at_once_wait_for_each_other(app, play):
    play.open()
    ids = {first: play.id(first) for first in ("Ada", "Ben")}
    refs = {first: begin(play, first=first) for first in ids}
    drafts = {
        first: mails.write(ids[first], refs[first], ["1", "2"], [play.stage.refs[other]], None, NOON)
        for first, other in (("Ada", "Ben"), ("Ben", "Ada"))
    }
    calls = [partial(sending.sent, ids[first], refs[first], drafts[first], NOON) for first in ids]
    assert at_once(app, *calls) == [None, None]
    assert len(play.introductions()) == 6


def test_a_mail_that_was_sent_stays_as_it_is(play):
    ref = begin(play)
    draft, ada = write(play, ref, 1, 2), play.id("Ada")
    send(play, ref, draft)
    for change in (
        lambda: mails.revise(ada, ref, draft, Draft("Meet", "Hello")),
        lambda: mails.drop(ada, ref, draft),
    ):
        with pytest.raises(StalePage):
            change()


def test_a_mail_that_is_dropped_is_gone_and_may_be_dropped_again(play):
    ref = begin(play)
    draft = write(play, ref, 1, 2)
    for _ in range(2):
        mails.drop(play.id("Ada"), ref, draft)
    assert look(play, ref).mails == ()
    with pytest.raises(StalePage):
        send(play, ref, draft)


def test_an_introduction_keeps_whom_the_list_did_not_hold(play):
    play.open()
    ref = begin(play, keep=False)
    send(play, ref, write(play, ref, 1, members=("Ben",)))
    assert set(listed(play)) == {"Rosa Lind"}
    assert look(play, ref).met[0].contact_id == listed(play)["Rosa Lind"].id


def test_who_left_meanwhile_is_told_nothing_and_their_address_is_gone(play):
    play.open()
    ref = begin(play)
    draft = write(play, ref, 1, members=("Ben",))
    play.leave("Ben")
    assert mail(play, ref, draft).missing == ("Ben Katz",)
    send(play, ref, draft)
    assert made(play) == [("Ben Katz", "Rosa Lind", False)]
    assert play.news("Ben") == []


def test_who_leaves_the_circle_themselves_may_still_say_that_it_was_sent(play):
    play.open()
    ref = begin(play)
    draft = write(play, ref, 1, members=("Ben",))
    play.leave("Ada")
    assert look(play, ref).members == ()
    send(play, ref, draft)
    assert made(play) == [("Ben Katz", "Rosa Lind", False)]


def test_a_circle_that_came_to_rest_takes_nothing_more(play):
    play.open()
    ref = begin(play)
    draft = write(play, ref, 1, members=("Ben",))
    archiving.archive(play.stage.id, play.id("Ada"), NOON)
    send(play, ref, draft)
    assert made(play) == [("Ben Katz", "Rosa Lind", False)]


def test_nobody_else_may_touch_it(play):
    ref = begin(play)
    draft, ben = write(play, ref, 1, 2), play.id("Ben")
    assert meeting_page.read(ben, "Europe/London", ref, NOON) is None
    assert mail_page.read(ben, "Europe/London", ref, draft, NOON) is None
    for touch in (
        lambda: mails.write(ben, ref, ["1", "2"], [], None, NOON),
        lambda: mails.revise(ben, ref, draft, Draft("Meet", "Hello")),
        lambda: sending.sent(ben, ref, draft, NOON),
    ):
        with pytest.raises(Refusal):
            touch()
    mails.drop(ben, ref, draft)
    meetings.forget(ben, ref)
    assert [one.ref for one in look(play, ref).mails] == [draft]


def test_who_is_erased_is_gone_from_the_meeting_with_their_mails(play):
    ref = begin(play)
    write(play, ref, 1, 2)
    stays = write(play, ref, 2, 3)
    erasing.erase(play.id("Ada"), listed(play)["Rosa Lind"].public_id, NOON)
    page = look(play, ref)
    assert [one.name for one in page.met][:2] == ["Tom Müller", "Idris Bello"]
    assert [one.ref for one in page.mails] == [stays]


def test_another_name_is_theirs_here_too(play):
    ref = begin(play)
    mia = listed(play)["Mia Wolf"].public_id
    keeping.edit(play.id("Ada"), mia, PersonKnown("Mia Lund"))
    assert look(play, ref).met[4].name == "Mia Lund"


def test_the_meetings_of_who_is_erased_go_with_them(play):
    begin(play, first="Ben")
    with writing() as session:
        session.delete(session.get_one(Person, play.id("Ben")))
    assert [db.session.query(one).count() for one in (Meeting, Met, MeetingDraft, Drafted)] == [0] * 4


def test_the_latest_come_back_and_say_how_far_they_are(play):
    first, second = begin(play), begin(play, "Rosa Lind\nTom Müller", where_met="", now=NOON + days(1))
    send(play, first, write(play, first, 1, 2))
    write(play, first, 1, 3)
    found = meeting_page.recent(play.id("Ada"), "Europe/London", NOON)
    assert [(one.ref, one.title, one.words, one.is_unfinished) for one in found] == [
        (second, "A meeting of 2 Nov", "two people, no mail yet", True),
        (first, "Trade fair, 2 Nov", "six people, two mails, one sent", True),
    ]


def test_a_meeting_is_forgotten_when_wanted_and_after_sixty_days(play):
    play.open()
    old, kept = begin(play), begin(play, now=NOON + days(2))
    send(play, old, write(play, old, 1, members=("Ben",)))
    assert meetings.forget_old(NOON + days(60)) == 0
    assert meetings.forget_old(NOON + days(61)) == 1
    assert [one.ref for one in meeting_page.recent(play.id("Ada"), "Europe/London", NOON)] == [kept]
    meetings.forget(play.id("Ada"), kept)
    assert (db.session.query(Met).count(), db.session.query(Drafted).count()) == (0, 0)
    assert (len(listed(play)), len(play.introductions())) == (6, 1)


def test_the_worker_forgets_old_ones(play, sink):
    begin(play)
    worker.tick(NOON + days(61))
    assert db.session.query(Meeting).count() == 0
