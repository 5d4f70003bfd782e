"""Handing on: when mail to every organiser has come back for long, the member there longest organises too."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select

from circle.extensions import db
from circle.models import Circle, Membership, Person
from circle.models.base import as_row
from circle.rules.states import ChangeKind, Role
from circle.services import changes
from circle.services.membership import handing_over
from circle.services.work import end_reading, lock_circle, writing

OUT_OF_REACH = timedelta(days=14)

_circle, _person, _membership = as_row(Circle), as_row(Person), as_row(Membership)


def circles_out_of_reach(now: datetime) -> list[int]:
    """List the circles whose organisers' mail has come back for 14 days, and which have somebody else.

    An index leads to the people whose mail comes back; nobody else is looked at.
    """
    ids = {row.circle_id for row in db.session.execute(_silent_organisers(now))}
    end_reading()
    return sorted(ids)


def hand_on(circle_id: int, now: datetime) -> str:
    """Let the member there longest organise too, and let all be told; the organisers stay what they are.

    Return in words what was done, nothing when an organiser can be reached again.
    """
    with writing() as session:
        lock_circle(circle_id)
        silent = db.session.execute(
            _silent_organisers(now).where(_membership.c.circle_id == circle_id)
        ).first()
        if silent is None:
            return ""
        successor = session.get_one(Membership, longest(circle_id), populate_existing=True)
        handing_over.give_job(successor, now)
        changes.note(circle_id, ChangeKind.HANDED_ON, now, by=successor.person_id, about=silent.person_id)
        return f"Let person {successor.person_id} organise circle {circle_id} too."


def longest(circle_id: int) -> int | None:
    """Return the membership of the member there longest whom mail reaches, None without one."""
    return db.session.scalar(_successors(circle_id).limit(1))


def longest_of_all(circle_id: int) -> int | None:
    """Return the membership of the member there longest, best one whom mail reaches."""
    member = _membership.alias()
    sitting = select(member.c.id).where(member.c.circle_id == circle_id, *_sits(member, Role.MEMBER))
    anybody = sitting.order_by(member.c.joined_at, member.c.seat).limit(1)
    return longest(circle_id) or db.session.scalar(anybody)


def _silent_organisers(now: datetime) -> Select[*tuple[Any, ...]]:
    other, owner = _membership.alias(), _person.alias()
    reached = or_(owner.c.mail_refused_at.is_(None), owner.c.mail_refused_at > now - OUT_OF_REACH)
    in_reach = (
        select(other.c.id)
        .join(owner, owner.c.id == other.c.person_id)
        .where(other.c.circle_id == _membership.c.circle_id, *_sits(other, Role.ORGANISER), reached)
    )
    return (
        select(_membership.c.circle_id, _membership.c.person_id)
        .join(_person, _person.c.id == _membership.c.person_id)
        .join(_circle, _circle.c.id == _membership.c.circle_id)
        .where(_person.c.mail_refused_at <= now - OUT_OF_REACH, *_sits(_membership, Role.ORGANISER))
        .where(_circle.c.archived_at.is_(None), ~in_reach.exists())
        .where(_successors(_membership.c.circle_id).exists())
        .order_by(_membership.c.seat)
    )


def _successors(circle_id: Any) -> Select[int]:
    member, peer = _membership.alias("member"), _person.alias("peer")
    return (
        select(member.c.id)
        .join(peer, peer.c.id == member.c.person_id)
        .where(member.c.circle_id == circle_id, *_sits(member, Role.MEMBER))
        .where(peer.c.mail_refused_at.is_(None), peer.c.erase_at.is_(None))
        .order_by(member.c.joined_at, member.c.seat)
    )


def _sits(membership: Any, role: Role) -> tuple[Any, ...]:
    return membership.c.role == role, membership.c.left_at.is_(None)
