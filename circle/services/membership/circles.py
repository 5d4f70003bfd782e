"""Circles: starting one, describing it, and the list of somebody's circles."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Circle, Commitment, Membership, Person, Round
from circle.rules import limits as bounds
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.errors import BadText, MayNotStart, StalePage
from circle.rules.limits import SAME_PRESS, Limits
from circle.rules.names import clean_name, clean_text
from circle.rules.states import ChangeKind, Role, RoundState
from circle.rules.wording import listed
from circle.services import changes
from circle.services.membership import seats
from circle.services.rounds import schedules
from circle.services.work import lock_circle, writing

CHARTER_LIMIT = 2000
CALLED = {"name": "name", "zone": "time zone", "charter": "charter"}
"""What people call the columns that describe a circle."""
FIRST_SEATS = Limits(min_members=1, max_members=1)


@dataclass(frozen=True, slots=True)
class CircleOf:
    """One of a person's circles: how many are in it, and what their open round asks of them."""

    public_id: str
    name: str
    role: Role
    members: int
    round_number: int | None
    due_at: datetime | None
    zone: str
    outstanding: int


@dataclass(frozen=True, slots=True)
class Archived:
    """One of a person's archived circles; `erase_at` is None while it is to stay."""

    public_id: str
    name: str
    zone: str
    erase_at: datetime | None

    @property
    def erase_on(self) -> date | None:
        """Its day on the circle's clock."""
        return zones.local_day(self.erase_at, zones.zone(self.zone)) if self.erase_at else None


@dataclass(frozen=True, slots=True)
class Description:
    """What a circle says of itself."""

    name: str
    zone: str
    charter: str


def may_start(person_id: int, who: str) -> bool:
    """Say whether `who` (the setting CIRCLE_START) lets this person start a circle."""
    email = db.session.scalar(select(Person.email).where(Person.id == person_id)) or ""
    seat = select(Membership.id).where(Membership.person_id == person_id, Membership.left_at.is_(None))
    return bounds.may_start(who, email, member=db.session.scalar(seat.limit(1)) is not None)


def start(person_id: int, name: str, zone: str, charter: str, now: datetime, *, who: str = "anyone") -> str:
    """Start a circle with this person as its organiser and return its public id.

    Raise BadName, UnknownZone, BadText or MayNotStart.
    """
    described = _described(name, zone, charter)
    with writing() as session:
        session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
        if not may_start(person_id, who):
            raise MayNotStart
        if just_started := _just_started(person_id, described["name"], now):
            return just_started
        circle = Circle(**described, created_at=now)
        session.add(circle)
        session.flush()
        seats.take(circle.id, person_id, Role.ORGANISER, FIRST_SEATS, now)
        return circle.public_id


def describe(circle_id: int, by: int, name: str, zone: str | None, charter: str, now: datetime) -> None:
    """Change a circle's name, charter and zone, None to leave it; raise BadName, UnknownZone or BadText.

    Once rounds have a rhythm their clock is chosen with it: raise StalePage then, and for no organiser.
    """
    described = _described(name, zone, charter)
    with writing():
        circle = lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        changed = [column for column, value in described.items() if getattr(circle, column) != value]
        if not changed:
            return
        if "zone" in changed and schedules.row_of(circle_id):
            raise StalePage(
                "Rounds have a rhythm meanwhile. Choose their clock with it, on the rhythm's page."
            )
        for column, value in described.items():
            setattr(circle, column, value)
        circle.edited_at = now
        if "zone" in changed:
            schedules.dates_changed(circle, now)
        words = listed([CALLED[column] for column in changed])
        changes.note(circle_id, ChangeKind.DESCRIBED, now, by=by, words=words)


def description(circle_id: int) -> Description:
    """Return what a circle says of itself."""
    row = db.session.execute(
        select(Circle.name, Circle.zone, Circle.charter).where(Circle.id == circle_id)
    ).one()
    return Description(*row)


def of_person(person_id: int) -> list[CircleOf]:
    """List a person's circles by name, each with its open round and what that still asks of them."""
    sitting = aliased(Membership)
    members = (
        select(func.count())
        .where(sitting.circle_id == Circle.id, sitting.left_at.is_(None))
        .scalar_subquery()
    )
    outstanding = (
        select(func.count())
        .where(
            Commitment.round_id == Round.id,
            Commitment.giver_id == person_id,
            Commitment.state.in_(OUTSTANDING),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Circle.public_id,
            Circle.name,
            Membership.role,
            members,
            Round.number,
            Round.due_at,
            Circle.zone,
            outstanding,
        )
        .join(Membership, Membership.circle_id == Circle.id)
        .outerjoin(Round, (Round.circle_id == Circle.id) & (Round.state == RoundState.OPEN))
        .where(Membership.person_id == person_id, Membership.left_at.is_(None), Circle.archived_at.is_(None))
        .order_by(func.lower(Circle.name), Circle.id)
    )
    return [CircleOf(*row) for row in rows]


def archived_of(person_id: int) -> list[Archived]:
    """List the archived circles a person is in, by name."""
    rows = db.session.execute(
        select(Circle.public_id, Circle.name, Circle.zone, Circle.erase_at)
        .join(Membership, Membership.circle_id == Circle.id)
        .where(
            Membership.person_id == person_id, Membership.left_at.is_(None), Circle.archived_at.is_not(None)
        )
        .order_by(func.lower(Circle.name), Circle.id)
    )
    return [Archived(*row) for row in rows]


def _just_started(person_id: int, name: str, now: datetime) -> str | None:
    """Return the circle that the first press of a double click has started."""
    return db.session.scalar(
        select(Circle.public_id)
        .join(Membership, Membership.circle_id == Circle.id)
        .where(Circle.name == name, Circle.created_at > now - SAME_PRESS, Membership.person_id == person_id)
        .where(Membership.joined_at == Circle.created_at, Membership.left_at.is_(None))
    )


def _described(name: str, zone: str | None, charter: str) -> dict[str, str]:
    try:
        words = clean_text(charter, CHARTER_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="charter") from None
    described = {"name": clean_name(name), "charter": words}
    return described if zone is None else described | {"zone": zones.zone(zone).key}
