"""Circles: starting one, describing it, listing one's own."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Change, Circle, Invitation, Membership
from circle.rules.errors import BadName, BadText, MayNotStart, StalePage, UnknownZone
from circle.rules.limits import Limits
from circle.rules.recurrence import Pattern, Rhythm
from circle.rules.states import ChangeKind, Role
from circle.services.membership import circles, invitations
from circle.services.rounds import rhythms, turns
from tests.cast import NOON, Cast


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Circle)) or 0


def test_who_starts_a_circle_organises_it_on_the_first_seat(cast: Cast, context: Flask):
    public_id = circles.start(cast.person("Ada").id, "Harbour Circle", "Europe/London", "", NOON)
    seat = db.session.execute(
        select(Membership.role, Membership.seat)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Circle.public_id == public_id)
    ).one()
    assert tuple(seat) == (Role.ORGANISER, 1)


def test_a_name_is_kept_clean(cast: Cast, context: Flask):
    circles.start(cast.person("Ada").id, "  Harbour   Circle ", "Europe/London", "", NOON)
    assert db.session.scalar(select(Circle.name)) == "Harbour Circle"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "x" * 10_000, "a\x07b", "evil\u202e"])
def test_a_name_that_cannot_be_shown_is_refused(name: str, cast: Cast, context: Flask):
    ada = cast.person("Ada")
    with pytest.raises(BadName):
        circles.start(ada.id, name, "Europe/London", "", NOON)
    assert _count() == 0


def test_an_unknown_zone_is_refused(cast: Cast, context: Flask):
    with pytest.raises(UnknownZone):
        circles.start(cast.person("Ada").id, "Harbour Circle", "Mars/Olympus", "", NOON)


def test_a_charter_that_is_too_long_is_refused_beside_its_field(cast: Cast, context: Flask):
    with pytest.raises(BadText) as refused:
        circles.start(cast.person("Ada").id, "Harbour Circle", "UTC", "x" * 2001, NOON)
    assert refused.value.field == "charter"


def test_a_double_click_starts_one_circle(cast: Cast, context: Flask):
    ada = cast.person("Ada")
    first = circles.start(ada.id, "Harbour Circle", "UTC", "", NOON)
    second = circles.start(ada.id, "Harbour Circle", "UTC", "", NOON + timedelta(seconds=1))
    assert first == second
    assert _count() == 1


def test_a_stranger_may_not_start_where_only_members_may(cast: Cast, context: Flask):
    with pytest.raises(MayNotStart):
        circles.start(cast.person("Finn").id, "Another", "UTC", "", NOON, who="members")


def test_a_member_may_start_another_circle(cast: Cast, context: Flask):
    cast.circle("Ben")
    circles.start(cast.person("Ben").id, "Another", "UTC", "", NOON, who="members")
    assert _count() == 2


def test_a_circle_takes_a_new_name_and_charter(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    circles.describe(
        stage.id, cast.person("Ada").id, "Quay Circle", "Europe/Berlin", "Warm\r\nand short", NOON
    )
    said = circles.description(stage.id)
    assert (said.name, said.zone, said.charter) == ("Quay Circle", "Europe/Berlin", "Warm\nand short")


def test_a_new_description_is_written_down_once(cast: Cast, context: Flask):
    stage = cast.circle("Ben")
    for _ in range(2):
        circles.describe(stage.id, cast.person("Ada").id, "Quay Circle", "Europe/London", "", NOON)
    kinds = list(db.session.scalars(select(Change.kind).where(Change.circle_id == stage.id)))
    assert kinds.count(ChangeKind.DESCRIBED) == 1


def test_the_list_holds_ones_own_circles_by_name(cast: Cast, context: Flask):
    cast.circle("Ben", name="Quay Circle")
    cast.circle("Ben", "Cy", organiser="Dee", name="abbey circle")
    cast.circle("Finn", name="Elsewhere")
    listed = circles.of_person(cast.person("Ben").id)
    assert [(row.name, row.role, row.members) for row in listed] == [
        ("abbey circle", Role.MEMBER, 3),
        ("Quay Circle", Role.MEMBER, 2),
    ]


def _first_tuesday_of_december() -> Rhythm:
    return Rhythm(
        pattern=Pattern.MONTHLY_WEEKDAY,
        interval=1,
        weekday=1,
        monthday=None,
        nth=1,
        starts_on=date(2026, 12, 1),
        ends_on=None,
        rounds=None,
        opens_at=time(9),
        due_days=17,
        due_time=time(17),
    )


def test_a_circle_with_a_rhythm_changes_its_clock_with_the_rhythm_alone(cast: Cast, context: Flask):
    stage, ada = cast.circle("Ben", zone="Europe/London"), cast.person("Ada").id
    rhythms.set_rhythm(stage.id, ada, _first_tuesday_of_december(), NOON)
    with pytest.raises(StalePage, match="Choose their clock with it"):
        circles.describe(stage.id, ada, "Quay Circle", "Europe/Berlin", "", NOON)
    circles.describe(stage.id, ada, "Quay Circle", None, "", NOON)
    said = circles.description(stage.id)
    assert (said.name, said.zone) == ("Quay Circle", "Europe/London")


def test_a_round_held_for_want_of_members_is_looked_at_when_one_joins(cast: Cast, context: Flask):
    stage, ada, finn = cast.circle("Ben"), cast.person("Ada"), cast.person("Finn")
    rhythms.set_rhythm(stage.id, cast.person("Ada").id, _first_tuesday_of_december(), NOON)
    held = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    turns.open_due(stage.id, held, Limits(5, 6))
    ref = invitations.invite_by_link(stage.id, ada.id, Limits(5, 6), held)
    invitation_id = db.session.scalar(select(Invitation.id).where(Invitation.public_id == ref)) or 0
    joined = held + timedelta(minutes=5)
    invitations.accept(invitation_id, finn.id, Limits(5, 6), joined)
    assert db.session.scalar(select(Circle.next_opening_at).where(Circle.id == stage.id)) == joined
