"""Seats: who sits where in a circle, and which seats open invitations hold."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from circle.extensions import db
from circle.models import Invitation, Membership, Person
from circle.rules import zones
from circle.rules.errors import AlreadyMember, StalePage
from circle.rules.limits import Limits, free_seat, refuse_when_full
from circle.rules.states import Role


def pending(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of an invitation that holds a seat."""
    return (
        Invitation.accepted_at.is_(None),
        Invitation.declined_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )


def taken(circle_id: int) -> set[int]:
    """Return the seats that members sit in."""
    rows = db.session.scalars(select(Membership.seat).where(Membership.circle_id == circle_id))
    return {seat for seat in rows if seat is not None}


def held(circle_id: int, now: datetime) -> int:
    """Count the seats that open invitations hold."""
    count = select(func.count()).select_from(Invitation).where(Invitation.circle_id == circle_id)
    return db.session.scalar(count.where(*pending(now))) or 0


def refuse_another(circle_id: int, limits: Limits, now: datetime) -> None:
    """Raise CircleIsFull unless one more seat is neither taken nor held."""
    refuse_when_full(len(taken(circle_id)), held(circle_id, now), limits)


def take(circle_id: int, person_id: int, role: Role, limits: Limits, now: datetime) -> Membership:
    """Seat a person on the lowest free seat, reviving an ended membership; inside a unit of work.

    The circle is locked. Raise AlreadyMember, CircleIsFull, or StalePage for who is erased meanwhile.
    """
    _refuse_erased(person_id)
    membership = membership_of(circle_id, person_id)
    if membership and membership.left_at is None:
        raise AlreadyMember("You are in this circle already.")
    seat = free_seat(taken(circle_id), limits)
    membership = membership or Membership(circle_id=circle_id, person_id=person_id)
    membership.seat, membership.role, membership.joined_at, membership.left_at = seat, role, now, None
    db.session.add(membership)
    db.session.flush()
    return membership


def membership_of(circle_id: int, person_id: int) -> Membership | None:
    """Return a person's membership in a circle, ended ones included."""
    return db.session.scalar(
        select(Membership).where(Membership.circle_id == circle_id, Membership.person_id == person_id)
    )


def refuse_unless_organiser(circle_id: int, person_id: int) -> None:
    """Raise StalePage unless a person organises the circle; inside a unit of work, the circle locked."""
    membership = membership_of(circle_id, person_id)
    if membership is None or membership.left_at or membership.role is not Role.ORGANISER:
        raise StalePage("You are not an organiser of this circle any more, so nothing was changed.")


def away_ids(person_ids: Collection[int], now: datetime) -> set[int]:
    """Return which of these people are away on their own day at a moment."""
    rows = db.session.execute(
        select(Person.id, Person.zone, Person.away_from, Person.away_until).where(
            Person.id.in_(person_ids), Person.away_from.is_not(None)
        )
    )
    return {
        person_id
        for person_id, zone, first, last in rows
        if first
        and first <= (today := zones.local_day(now, zones.zone(zone)))
        and (last is None or today <= last)
    }


def _refuse_erased(person_id: int) -> None:
    # Locked as a foreign key would: who is being erased in this moment is waited for.
    address = select(Person.email).where(Person.id == person_id)
    if not db.session.scalar(address.with_for_update(read=True, key_share=True)):
        raise StalePage("You are erased meanwhile, so nothing was changed.")
