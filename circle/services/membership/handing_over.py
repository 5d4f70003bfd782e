"""Handing over: when the organisers have not been here for long, any member may take the job."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Change, Membership, Person
from circle.rules.errors import StalePage
from circle.rules.states import ChangeKind, MailKind, Role
from circle.services import changes
from circle.services.membership import seats
from circle.services.post import outbox, recurring
from circle.services.rounds import openings
from circle.services.work import lock_circle, writing

UNSEEN = timedelta(days=60)
TAKE_BACK = timedelta(days=14)


def may_take_over(circle_id: int, now: datetime) -> bool:
    """Say whether no organiser of a circle has been here for 60 days."""
    last = select(func.max(func.coalesce(Person.seen_at, Person.created_at)))
    seen = db.session.scalar(
        last.join(Membership, Membership.person_id == Person.id).where(
            Membership.circle_id == circle_id,
            Membership.role == Role.ORGANISER,
            Membership.left_at.is_(None),
        )
    )
    return seen is None or now - seen > UNSEEN


def take_over(circle_id: int, person_id: int, now: datetime) -> None:
    """Take the organisers' job, and let all be told; raise StalePage when an organiser is here again."""
    with writing():
        lock_circle(circle_id)
        membership = seats.membership_of(circle_id, person_id)
        if membership is None or membership.left_at:
            raise StalePage("You are not in this circle any more, so nothing was changed.")
        if membership.role is Role.ORGANISER:
            return
        if not may_take_over(circle_id, now):
            raise StalePage("An organiser has been here meanwhile, so the organising stays where it is.")
        give_job(membership, now)
        changes.note(circle_id, ChangeKind.TOOK_OVER, now, by=person_id)


def give_job(membership: Membership, now: datetime) -> None:
    """Make a member an organiser and let all be told. Inside a unit of work, the circle locked."""
    membership.role, membership.took_over_at = Role.ORGANISER, now
    recurring.join_weekly(membership.person_id, membership.circle_id, now)
    for member in openings.sitting(membership.circle_id):
        key = f"job-taken:{membership.id}:{now:%Y%m%d}:{member.person_id}"
        about = {"person_id": member.person_id, "circle_id": membership.circle_id}
        outbox.queue(MailKind.JOB_TAKEN, key=key, now=now, by_id=membership.person_id, **about)


def take_back(circle_id: int, by: int, membership_id: int, now: datetime) -> None:
    """Let a member who took the job be a member again, for 14 days; raise StalePage after that.

    Only an organiser who did not take the job this way can do it.
    """
    with writing() as session:
        lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        taker = session.get(Membership, membership_id, populate_existing=True)
        if taker is None or taker.circle_id != circle_id or not may_be_taken_back(taker, by, now):
            raise StalePage("This can be taken back for 14 days, by those who organised before.")
        taker.role, taker.took_over_at = Role.MEMBER, None
        changes.note(circle_id, ChangeKind.TOOK_BACK, now, by=by, about=taker.person_id)


def those_to_take_back(circle_id: int, by: int, now: datetime) -> set[str]:
    """Return the public ids of the members whose taking over an organiser can undo."""
    return {one.public_id for one in openings.sitting(circle_id) if may_be_taken_back(one, by, now)}


def may_be_taken_back(taker: Membership, by: int, now: datetime) -> bool:
    """Say whether an organiser can undo that this member took the job: one who organised before."""
    if taker.took_over_at is None or taker.left_at or now - taker.took_over_at > TAKE_BACK:
        return False
    own = seats.membership_of(taker.circle_id, by)
    earlier = own is not None and (own.took_over_at is None or own.took_over_at < taker.took_over_at)
    if taker.role is not Role.ORGANISER or not earlier or taker.person_id == by:
        return False
    return not _appointed_since(taker.circle_id, by, taker.took_over_at)


def _appointed_since(circle_id: int, person_id: int, since: datetime) -> bool:
    appointed = select(Change.id).where(
        Change.circle_id == circle_id,
        Change.kind == ChangeKind.ORGANISER.value,
        Change.about_id == person_id,
        Change.at >= since,
    )
    return db.session.scalar(appointed.limit(1)) is not None
