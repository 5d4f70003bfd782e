"""The demo circle: whole, made once, told to nobody, and gone when it is removed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import (
    Circle,
    Commitment,
    Contact,
    Introduction,
    Membership,
    OutboxMail,
    Person,
    RosterMember,
    Round,
)
from circle.models.base import Base
from circle.rules import zones
from circle.rules.rhythm import check
from circle.rules.states import CommitmentState, Role, RoundState
from circle.services.rounds import rhythms, schedules
from circle.services.running import demo, demo_known, demo_story
from circle.services.work import writing
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("context")


def test_the_demo_circle_has_six_people_and_its_own_address() -> None:
    demo.make(NOW)
    found = db.session.execute(
        select(Circle.public_id, func.count())
        .join(Membership, Membership.circle_id == Circle.id)
        .group_by(Circle.id)
    ).all()
    assert [tuple(row) for row in found] == [("demo", 6)]


def test_making_the_demo_returns_its_organiser() -> None:
    assert db.session.get_one(Person, demo.make(NOW)).name == "Amara Obi"


def test_the_demo_has_three_finished_rounds_and_an_open_one() -> None:
    demo.make(NOW)
    states = db.session.scalars(select(Round.state).order_by(Round.number)).all()
    assert states == [RoundState.SEALED] * 3 + [RoundState.OPEN]


def test_the_open_round_stands_as_told() -> None:
    demo.make(NOW)
    rows = db.session.execute(
        select(Commitment.state, func.count())
        .join(Round, Round.id == Commitment.round_id)
        .where(Round.state == RoundState.OPEN)
        .group_by(Commitment.state)
    )
    assert {row[0]: row[1] for row in rows} == {
        CommitmentState.INTRODUCED: 21,
        CommitmentState.OPEN: 5,
        CommitmentState.ASKING: 3,
        CommitmentState.PASSED: 1,
    }


def test_the_figures_of_a_finished_round_are_those_of_its_closing() -> None:
    demo.make(NOW)
    rows = db.session.execute(select(Round.closing_made, Round.closing_counted).order_by(Round.number))
    assert [tuple(row) for row in rows][:3] == [(24, 30), (27, 30), (30, 30)]


def test_every_introduced_commitment_has_its_introduction() -> None:
    demo.make(NOW)
    kept = select(func.count()).select_from(Commitment).where(Commitment.state == CommitmentState.INTRODUCED)
    made = select(func.count(func.distinct(Introduction.commitment_id)))
    assert db.session.scalar(kept) == db.session.scalar(made) == 103


def test_everybody_of_the_demo_has_written_down_some_of_the_people_they_know() -> None:
    demo.make(NOW)
    known = select(Person.name, Contact.name, Contact.organisation, Contact.position, Contact.line)
    rows = db.session.execute(known.join(Person, Person.id == Contact.person_id).where(Contact.line != ""))
    told = [tuple(row) for row in rows]
    assert {row[0] for row in told} == {person.name for person in demo_story.PEOPLE}
    assert (
        "Amara Obi",
        "Rosa Lind",
        "Lind Cold Storage",
        "Managing director",
        "Runs a cold store for fish and frozen food",
    ) in told


def test_some_of_whom_the_demo_knows_are_archived() -> None:
    demo.make(NOW)
    archived = select(Contact.name).where(Contact.archived_at.is_not(None))
    assert set(db.session.scalars(archived)) == demo_known.RESTING


@pytest.mark.parametrize("days", range(0, 29, 4))
def test_nothing_in_the_demo_lies_in_the_future(days: int) -> None:
    now = NOW + timedelta(days=days, hours=days % 24)
    demo.make(now)
    latest = db.session.scalar(select(func.max(Introduction.made_on))) or date.min
    logged = db.session.scalar(select(func.max(Introduction.logged_at))) or NOW
    assert (latest < now.date(), logged < now) == (True, True)


@pytest.mark.parametrize("days", range(0, 29, 4))
def test_the_open_round_is_due_within_the_next_days(days: int) -> None:
    now = NOW + timedelta(days=days)
    demo.make(now)
    due = db.session.scalar(select(Round.due_at).where(Round.state == RoundState.OPEN)) or now
    assert timedelta(days=3) < due - now < timedelta(days=12)


def test_the_rhythm_of_the_demo_is_sound() -> None:
    demo.make(NOW)
    circle = db.session.scalars(select(Circle)).one()
    rhythm = rhythms.stored_rhythm(circle.id)
    assert rhythm is not None
    assert check(rhythm, zones.zone(circle.zone)) == {}


def test_the_next_round_opens_as_the_rhythm_says() -> None:
    demo.make(NOW)
    circle = db.session.scalars(select(Circle)).one()
    following = schedules.ahead(circle.id, NOW, 1)[0]
    assert circle.next_opening_at == following.opens_at


def test_making_the_demo_twice_makes_it_once() -> None:
    demo.make(NOW)
    before = _counts()
    demo.make(NOW + timedelta(days=1))
    assert _counts() == before


def test_the_demo_leaves_no_mail() -> None:
    demo.make(NOW)
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 0


def test_no_reminder_of_the_demo_lies_in_the_past() -> None:
    demo.make(NOW)
    moments = db.session.scalars(select(RosterMember.next_reminder_at)).all()
    assert all(moment is None or moment > NOW for moment in moments)


def test_people_of_the_demo_have_addresses_that_lead_nowhere() -> None:
    demo.make(NOW)
    people = db.session.execute(select(Person.email, Person.demo)).all()
    assert all(email.endswith(".invalid") and is_demo for email, is_demo in people)


def test_removing_the_demo_leaves_not_one_row() -> None:
    demo.make(NOW)
    demo.remove()
    assert not any(_counts().values())


def test_removing_what_is_not_there_says_so() -> None:
    assert demo.remove() is False


def test_removing_the_demo_leaves_others_alone(cast: Cast) -> None:
    cast.circle("Ben", "Cy")
    before = _counts()
    demo.make(NOW)
    demo.remove()
    assert _counts() == before


def test_a_circle_where_a_demo_person_met_real_ones_stays_without_them(cast: Cast) -> None:
    stage = cast.circle("Ben", "Cy")
    guest = demo.make(NOW)
    with writing() as session:
        seat = {"circle_id": stage.id, "person_id": guest, "seat": 4}
        session.add(Membership(role=Role.MEMBER, joined_at=NOW, **seat))
    demo.remove()
    assert (_counts()["circle"], _counts()["membership"]) == (1, 3)


def test_a_demo_that_was_archived_is_made_anew() -> None:
    demo.make(NOW)
    with writing() as session:
        session.scalars(select(Circle)).one().archived_at = NOW
    demo.make(NOW)
    assert db.session.scalar(select(Circle.archived_at)) is None


def test_there_are_names_enough_for_every_introduction() -> None:
    letters = "".join("".join(board) for board in demo_story.PROMISES)
    assert len(set(demo_story.CONTACTS)) >= sum(letters.count(letter) for letter in "il") - len(
        demo_story.TOLD
    )


def _counts() -> dict[str, int]:
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
