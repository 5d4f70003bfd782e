"""Invitations: who may be invited, what holds a seat, and how it ends."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from circle.extensions import db
from circle.formats.addresses import Address
from circle.models import Invitation, Membership, OutboxMail, Person
from circle.rules.errors import (
    AlreadyResent,
    CircleIsFull,
    InvitationEnded,
    StalePage,
    TooManyInvitations,
)
from circle.rules.limits import Limits
from circle.services.membership import invitations, memberships
from circle.services.membership.invitations import Invited
from circle.services.work import end_reading, writing
from tests.cast import NOON, Cast, Stage
from tests.services.at_once import at_once

SIX = Limits(5, 6)
TWENTY = Limits(5, 20)
LATER = NOON + timedelta(days=1)
AFTER_TWO_WEEKS = NOON + timedelta(days=14)


def _invite(cast: Cast, stage: Stage, *emails: str, limits: Limits = SIX, now: datetime = NOON) -> Invited:
    addresses = [Address("", email) for email in emails]
    return invitations.invite(stage.id, cast.person("Ada").id, addresses, limits, now)


def _ada(cast: Cast) -> int:
    return cast.person("Ada").id


def _only() -> Invitation:
    invitation = db.session.execute(select(Invitation)).scalar_one()
    end_reading()
    return invitation


def _mails() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxMail)) or 0


def _seats(stage: Stage) -> list[int]:
    query = select(Membership.seat).where(Membership.circle_id == stage.id, Membership.seat.is_not(None))
    return sorted(seat for seat in db.session.scalars(query) if seat)


def test_an_invitation_is_queued_in_the_same_breath(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    mail = db.session.execute(select(OutboxMail.kind, OutboxMail.invitation_id)).one()
    assert tuple(mail) == ("invitation", _only().id)


def test_several_addresses_are_invited_at_once(cast: Cast, context: Flask):
    invited = _invite(cast, cast.circle(), "ben@example.org", "cy@example.org")
    assert [address.email for address in invited.sent] == ["ben@example.org", "cy@example.org"]


def test_one_refused_address_stops_no_other(cast: Cast, context: Flask):
    invited = _invite(cast, cast.circle("Ben"), "ben@example.org", "cy@example.org")
    assert [address.email for address in invited.sent] == ["cy@example.org"]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("ada@example.org", "That is your own address."),
        ("ADA@example.org", "That is your own address."),
        ("ben@example.org", "Ben Katz is in the circle already."),
    ],
)
def test_who_is_in_the_circle_is_not_invited(email: str, reason: str, cast: Cast, context: Flask):
    [(_, sentence)] = _invite(cast, cast.circle("Ben"), email).refused
    assert sentence.startswith(reason)


def test_the_same_address_is_not_invited_twice(cast: Cast, context: Flask):
    stage = cast.circle()
    _invite(cast, stage, "cy@example.org")
    [(_, sentence)] = _invite(cast, stage, "CY@example.org").refused
    assert "open invitation already" in sentence
    assert _mails() == 1


def test_an_invitation_that_ran_out_makes_room_for_another(cast: Cast, context: Flask):
    stage = cast.circle()
    _invite(cast, stage, "cy@example.org")
    assert _invite(cast, stage, "cy@example.org", now=AFTER_TWO_WEEKS).refused == ()


def test_open_invitations_hold_their_seats(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy", "Dee")
    invited = _invite(cast, stage, "eve@example.org", "gil@example.org", "finn@example.org")
    [(address, sentence)] = invited.refused
    assert address.email == "finn@example.org"
    assert "four are taken and two are held" in sentence


def test_a_withdrawn_invitation_frees_its_seat(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy", "Dee", "Eve")
    _invite(cast, stage, "gil@example.org")
    invitations.withdraw(_only().id, _ada(cast), LATER)
    assert _invite(cast, stage, "finn@example.org", now=LATER).refused == ()


def test_a_link_holds_a_seat_too(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy", "Dee", "Eve")
    invitations.invite_by_link(stage.id, cast.person("Ada").id, SIX, NOON)
    with pytest.raises(CircleIsFull):
        invitations.invite_by_link(stage.id, cast.person("Ada").id, SIX, NOON)


def test_a_double_click_makes_one_link(cast: Cast, context: Flask):
    stage, ada = cast.circle(), cast.person("Ada")
    first = invitations.invite_by_link(stage.id, ada.id, SIX, NOON, after="")
    second = invitations.invite_by_link(stage.id, ada.id, SIX, NOON, after="")
    assert first == second
    assert _only().public_id == first


def test_a_second_look_makes_a_second_link(cast: Cast, context: Flask):
    stage, ada = cast.circle(), cast.person("Ada")
    first = invitations.invite_by_link(stage.id, ada.id, SIX, NOON, after="")
    assert invitations.invite_by_link(stage.id, ada.id, SIX, NOON, after=first) != first


def test_a_thirteenth_mail_in_a_day_is_refused(cast: Cast, context: Flask):
    stage = cast.circle()
    invited = _invite(cast, stage, *(f"guest{n}@example.org" for n in range(13)), limits=TWENTY)
    [(_, sentence)] = invited.refused
    assert sentence.startswith("One person can send 12 invitations a day.")


def test_the_next_day_more_may_be_invited(cast: Cast, context: Flask):
    stage = cast.circle()
    _invite(cast, stage, *(f"guest{n}@example.org" for n in range(12)), limits=TWENTY)
    assert _invite(cast, stage, "finn@example.org", limits=TWENTY, now=LATER).refused == ()


def test_an_invitation_can_be_sent_once_more(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.resend(_only().id, _ada(cast), LATER)
    assert (_mails(), _only().expires_at) == (2, LATER + timedelta(days=14))


def test_an_invitation_is_not_sent_a_third_time(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.resend(_only().id, _ada(cast), LATER)
    with pytest.raises(AlreadyResent):
        invitations.resend(_only().id, _ada(cast), LATER + timedelta(minutes=1))


def test_a_double_click_sends_again_once(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.resend(_only().id, _ada(cast), LATER)
    invitations.resend(_only().id, _ada(cast), LATER + timedelta(seconds=1))
    assert _mails() == 2


def test_sending_again_counts_for_the_day(cast: Cast, context: Flask):
    stage = cast.circle()
    _invite(cast, stage, *(f"guest{n}@example.org" for n in range(12)), limits=TWENTY)
    first = db.session.scalars(select(Invitation.id).order_by(Invitation.id)).first()
    with pytest.raises(TooManyInvitations):
        invitations.resend(first or 0, _ada(cast), NOON + timedelta(hours=1))


def test_who_accepts_takes_the_lowest_free_seat(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy")
    memberships.leave(stage.id, cast.person("Ben").id, NOON)
    _invite(cast, stage, "finn@example.org")
    invitations.accept(_only().id, cast.person("Finn").id, SIX, LATER)
    assert _seats(stage) == [1, 2, 3]


def test_an_invitation_remembers_who_came_by_it(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.accept(_only().id, cast.person("Finn").id, SIX, LATER)
    assert _only().accepted_by_id == cast.person("Finn").id


def test_an_invitation_lets_only_one_person_in(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.accept(_only().id, cast.person("Ben").id, SIX, LATER)
    with pytest.raises(InvitationEnded):
        invitations.accept(_only().id, cast.person("Finn").id, SIX, LATER)


def test_accepting_twice_is_accepting_once(cast: Cast, context: Flask):
    stage = cast.circle()
    _invite(cast, stage, "ben@example.org")
    invitations.accept(_only().id, cast.person("Ben").id, SIX, LATER)
    invitations.accept(_only().id, cast.person("Ben").id, SIX, LATER)
    assert _seats(stage) == [1, 2]


def test_an_invitation_that_ran_out_lets_nobody_in(cast: Cast, context: Flask):
    stage = cast.circle()
    _invite(cast, stage, "ben@example.org")
    with pytest.raises(InvitationEnded):
        invitations.accept(_only().id, cast.person("Ben").id, SIX, AFTER_TWO_WEEKS)
    assert _seats(stage) == [1]


def test_a_withdrawn_invitation_lets_nobody_in(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.withdraw(_only().id, _ada(cast), LATER)
    with pytest.raises(InvitationEnded):
        invitations.accept(_only().id, cast.person("Ben").id, SIX, LATER)


def test_an_accepted_invitation_cannot_be_withdrawn(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "ben@example.org")
    invitations.accept(_only().id, cast.person("Ben").id, SIX, LATER)
    with pytest.raises(InvitationEnded):
        invitations.withdraw(_only().id, _ada(cast), LATER)


def test_a_new_address_is_proved_by_the_mail(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "new@example.org")
    person_id = invitations.accept_from_mail(_only().id, SIX, LATER, name="New Person", zone="Europe/Paris")
    person = db.session.execute(select(Person).where(Person.id == person_id)).scalar_one()
    assert (person.email, person.name, person.zone) == ("new@example.org", "New Person", "Europe/Paris")


def test_a_browser_without_a_known_zone_gets_the_circles(cast: Cast, context: Flask):
    _invite(cast, cast.circle(zone="Europe/Berlin"), "new@example.org")
    person_id = invitations.accept_from_mail(_only().id, SIX, LATER, zone="Mars/Olympus")
    assert db.session.scalar(select(Person.zone).where(Person.id == person_id)) == "Europe/Berlin"


def test_the_mail_alone_does_not_sign_a_known_person_in(cast: Cast, context: Flask):
    cast.person("Ben")
    _invite(cast, cast.circle(), "ben@example.org")
    with pytest.raises(StalePage):
        invitations.accept_from_mail(_only().id, SIX, LATER)


def test_a_used_invitation_does_not_sign_in_again(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "new@example.org")
    invitations.accept_from_mail(_only().id, SIX, LATER)
    with pytest.raises(InvitationEnded):
        invitations.accept_from_mail(_only().id, SIX, LATER)


def test_a_full_circle_makes_no_new_person(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    _invite(cast, stage, "new@example.org")
    with pytest.raises(CircleIsFull):
        invitations.accept_from_mail(_only().id, Limits(2, 2), LATER)
    assert db.session.scalar(select(Person.id).where(Person.email_key == "new@example.org")) is None


def test_who_declines_frees_the_seat(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy", "Dee", "Eve")
    _invite(cast, stage, "gil@example.org")
    invitations.decline(_only().id, False, LATER)
    assert _invite(cast, stage, "gil@example.org", now=LATER).refused == ()


def test_who_never_wants_to_be_asked_again_is_not(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "gil@example.org")
    invitations.decline(_only().id, True, LATER)
    other = cast.circle(organiser="Ada", name="Quay Circle")
    [(_, sentence)] = _invite(cast, other, "Gil@Example.org", now=LATER).refused
    assert "asked not to be invited again" in sentence


def test_declining_twice_is_declining_once(cast: Cast, context: Flask):
    _invite(cast, cast.circle(), "gil@example.org")
    invitations.decline(_only().id, True, LATER)
    invitations.decline(_only().id, True, LATER + timedelta(days=1))
    assert _only().declined_at == LATER


def test_who_returns_by_invitation_gets_the_same_membership(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy")
    ben = cast.person("Ben")
    memberships.leave(stage.id, ben.id, NOON)
    _invite(cast, stage, "ben@example.org")
    invitations.accept(_only().id, ben.id, SIX, LATER)
    refs = db.session.execute(
        select(Membership.public_id, Membership.left_at).where(Membership.person_id == ben.id)
    ).all()
    assert [tuple(row) for row in refs] == [(stage.refs["Ben"], None)]


def test_four_at_once_for_the_last_seat_seat_one(app: Flask, cast: Cast):
    stage = cast.circle("Ben", "Cy", "Dee", "Eve")
    ada, guest = cast.person("Ada"), cast.person("Finn")
    with app.app_context():
        people = [guest.id, *_strangers(3)]
        refs = [invitations.invite_by_link(stage.id, ada.id, TWENTY, NOON) for _ in people]
        rows = db.session.scalars(select(Invitation.id).where(Invitation.public_id.in_(refs))).all()
    calls = [
        lambda invitation_id=invitation_id, person_id=person_id: invitations.accept(
            invitation_id, person_id, SIX, LATER
        )
        for invitation_id, person_id in zip(rows, people, strict=True)
    ]
    outcomes = at_once(app, *calls)
    assert [type(outcome) for outcome in outcomes if outcome] == [CircleIsFull] * 3
    with app.app_context():
        assert _seats(stage) == [1, 2, 3, 4, 5, 6]


def test_four_clicks_at_once_on_accept_seat_one_person_once(app: Flask, cast: Cast):
    stage, finn = cast.circle("Ben"), cast.person("Finn")
    with app.app_context():
        _invite(cast, stage, "finn@example.org")
        invitation_id = _only().id
    outcomes = at_once(app, *[lambda: invitations.accept(invitation_id, finn.id, SIX, LATER)] * 4)
    assert outcomes == [None] * 4
    with app.app_context():
        assert _seats(stage) == [1, 2, 3]


def test_four_organisers_at_once_hold_one_last_seat(app: Flask, cast: Cast):
    stage, ada = cast.circle("Ben", "Cy", "Dee", "Eve"), cast.person("Ada")
    outcomes = at_once(app, *[lambda: invitations.invite_by_link(stage.id, ada.id, SIX, NOON)] * 4)
    assert [type(outcome) for outcome in outcomes if outcome] == [CircleIsFull] * 3


def _strangers(count: int) -> list[int]:
    with writing() as session:
        people = [
            Person(email=f"s{n}@example.org", email_key=f"s{n}@example.org", name=f"S {n}", created_at=NOON)
            for n in range(count)
        ]
        session.add_all(people)
        session.flush()
        return [person.id for person in people]
