"""What the invited read before they answer: who asks, into which circle, and who is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Circle, Invitation, Membership, Person
from circle.rules.invitations import InvitationState, state_of
from circle.rules.names import first_name


@dataclass(frozen=True, slots=True)
class Seen:
    """An invitation as the invited sees it."""

    id: int
    public_id: str
    state: InvitationState
    name: str
    email: str
    email_key: str
    expires_at: datetime
    accepted_by_id: int | None
    inviter: str
    circle_id: int
    circle_ref: str
    circle: str
    zone: str
    charter: str
    members: tuple[str, ...]
    known: bool
    """Somebody can sign in with the address it was sent to."""


def read(public_id: str, now: datetime) -> Seen | None:
    """Return an invitation as it stands, None when there is none of this public id."""
    row = db.session.execute(_invitation(public_id)).one_or_none()
    if row is None:
        return None
    (circle_id, archived_at, inviter, known, circle_ref, circle, zone, charter, invitation) = row
    answered = (invitation.accepted_at, invitation.declined_at, invitation.withdrawn_at or archived_at)
    return Seen(
        id=invitation.id,
        public_id=invitation.public_id,
        state=state_of(*answered, invitation.expires_at, now),
        name=invitation.name,
        email=invitation.email,
        email_key=invitation.email_key,
        expires_at=invitation.expires_at,
        accepted_by_id=invitation.accepted_by_id,
        inviter=inviter,
        circle_id=circle_id,
        circle_ref=circle_ref,
        circle=circle,
        zone=zone,
        charter=charter,
        members=_members(circle_id),
        known=known > 0,
    )


def sits_in(circle_id: int, person_id: int) -> bool:
    """Say whether this person is in the circle."""
    seat = select(Membership.id).where(Membership.circle_id == circle_id, Membership.left_at.is_(None))
    return db.session.scalar(seat.where(Membership.person_id == person_id)) is not None


def id_in_circle(circle_id: int, public_id: str) -> int | None:
    """Return the id of one of this circle's invitations, None when it has none of this public id."""
    return db.session.scalar(
        select(Invitation.id).where(Invitation.circle_id == circle_id, Invitation.public_id == public_id)
    )


def _invitation(public_id: str) -> Select[*tuple[Any, ...]]:
    inviter, invited = aliased(Person), aliased(Person)
    known = (
        select(func.count())
        .where(Invitation.email_key != "", invited.email_key == Invitation.email_key)
        .correlate(Invitation)
        .scalar_subquery()
    )
    return (
        select(
            Circle.id,
            Circle.archived_at,
            func.coalesce(func.nullif(inviter.name, ""), inviter.email),
            known,
            Circle.public_id,
            Circle.name,
            Circle.zone,
            Circle.charter,
            Invitation,
        )
        .join(Circle, Circle.id == Invitation.circle_id)
        .join(inviter, inviter.id == Invitation.inviter_id)
        .where(Invitation.public_id == public_id)
    )


def _members(circle_id: int) -> tuple[str, ...]:
    names = db.session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.circle_id == circle_id, Membership.left_at.is_(None))
        .order_by(Membership.seat)
    )
    return tuple(first_name(name) for name in names if name)
