"""Memberships: leaving, removing, and who organises."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Invitation, Membership, Round
from circle.rules.errors import CannotRemoveOrganiser, LastOrganiser
from circle.rules.limits import Limits
from circle.rules.states import MailKind, Role, RoundState
from circle.services.membership import invitations, memberships
from tests import story
from tests.cast import NOON, Cast, Stage

LATER = NOON + timedelta(days=1)
SIX = Limits(5, 6)


def _membership(stage: Stage, first: str) -> Membership:
    return db.session.execute(
        select(Membership).where(Membership.public_id == stage.refs[first])
    ).scalar_one()


def _id(stage: Stage, first: str) -> int:
    return _membership(stage, first).id


def test_who_leaves_gives_up_the_seat(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy")
    memberships.leave(stage.id, cast.person("Ben").id, LATER)
    ben = _membership(stage, "Ben")
    assert (ben.left_at, ben.seat) == (LATER, None)


def test_leaving_twice_is_leaving_once(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy")
    memberships.leave(stage.id, cast.person("Ben").id, LATER)
    memberships.leave(stage.id, cast.person("Ben").id, LATER + timedelta(days=1))
    assert _membership(stage, "Ben").left_at == LATER


def test_the_last_organiser_is_asked_to_hand_over_first(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    with pytest.raises(LastOrganiser):
        memberships.leave(stage.id, cast.person("Ada").id, LATER)
    assert _membership(stage, "Ada").left_at is None


def test_an_organiser_who_handed_over_may_leave(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    ada = cast.person("Ada")
    memberships.set_role(stage.id, ada.id, _id(stage, "Ben"), Role.ORGANISER, LATER)
    memberships.leave(stage.id, ada.id, LATER)
    assert _membership(stage, "Ada").left_at == LATER


def test_who_is_alone_ends_the_circle_by_leaving(cast: Cast, context: Flask):
    stage = cast.circle()
    memberships.leave(stage.id, cast.person("Ada").id, LATER)
    assert db.session.scalar(select(Circle.archived_at).where(Circle.id == stage.id)) == LATER


def test_a_circle_that_ends_takes_its_invitations_back(cast: Cast, context: Flask):
    stage = cast.circle()
    ada = cast.person("Ada")
    invitations.invite_by_link(stage.id, ada.id, SIX, NOON)
    memberships.leave(stage.id, ada.id, LATER)
    assert db.session.scalar(select(Invitation.withdrawn_at)) == LATER


def test_a_member_can_be_removed(cast: Cast, context: Flask):
    stage = cast.circle("Ben", "Cy")
    memberships.remove(stage.id, cast.person("Ada").id, _id(stage, "Cy"), LATER)
    assert _membership(stage, "Cy").left_at == LATER


def test_an_organiser_cannot_be_removed(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    memberships.set_role(stage.id, cast.person("Ada").id, _id(stage, "Ben"), Role.ORGANISER, LATER)
    with pytest.raises(CannotRemoveOrganiser):
        memberships.remove(stage.id, cast.person("Ada").id, _id(stage, "Ben"), LATER)


def test_an_organiser_cannot_be_made_a_member_by_another(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    ada = cast.person("Ada")
    memberships.set_role(stage.id, ada.id, _id(stage, "Ben"), Role.ORGANISER, LATER)
    with pytest.raises(CannotRemoveOrganiser):
        memberships.set_role(stage.id, ada.id, _id(stage, "Ben"), Role.MEMBER, LATER)


def test_an_organiser_can_step_down_when_another_is_there(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    ada = cast.person("Ada")
    memberships.set_role(stage.id, ada.id, _id(stage, "Ben"), Role.ORGANISER, LATER)
    memberships.set_role(stage.id, ada.id, _id(stage, "Ada"), Role.MEMBER, LATER)
    assert _membership(stage, "Ada").role is Role.MEMBER


def test_the_last_organiser_cannot_step_down(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    with pytest.raises(LastOrganiser):
        memberships.set_role(stage.id, cast.person("Ada").id, _id(stage, "Ada"), Role.MEMBER, LATER)


def test_two_organisers_stepping_down_at_once_leave_one(app: Flask, cast: Cast):
    from tests.services.at_once import at_once

    stage = cast.circle("Ben")
    ada, ben = cast.person("Ada"), cast.person("Ben")
    with app.app_context():
        memberships.set_role(stage.id, ada.id, _id(stage, "Ben"), Role.ORGANISER, LATER)
        ids = {actor.id: _id(stage, first) for first, actor in (("Ada", ada), ("Ben", ben))}
    steps = [
        lambda person_id=person_id: memberships.set_role(
            stage.id, person_id, ids[person_id], Role.MEMBER, LATER
        )
        for person_id in (ada.id, ben.id)
    ]
    outcomes = at_once(app, *steps)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [LastOrganiser]


def test_the_last_to_leave_closes_the_open_round_without_a_recap(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context():
        ada = round_.id("Ada")
        for first in ("Ben", "Cy"):
            memberships.leave(round_.stage.id, round_.id(first), LATER)
        memberships.leave(round_.stage.id, ada, LATER)
        assert db.session.scalar(select(Round.state)) is RoundState.CLOSED
    assert story.mails(app, MailKind.RECAP) == []
