"""Memberships: leaving, removing somebody, and who organises."""

from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Membership
from circle.rules.errors import CannotRemoveOrganiser, LastOrganiser, StalePage
from circle.rules.states import ChangeKind, MailKind, Role
from circle.services import changes
from circle.services.membership import archiving, seats
from circle.services.post import outbox, recurring
from circle.services.rounds import excusal
from circle.services.work import lock_circle, writing


def leave(circle_id: int, person_id: int, now: datetime) -> None:
    """End one's own membership; who is alone ends the circle with it. Raise LastOrganiser."""
    with writing():
        circle = lock_circle(circle_id, archived_too=True)
        membership = seats.membership_of(circle_id, person_id)
        if membership is None or membership.left_at:
            return
        alone = len(seats.taken(circle_id)) == 1
        if not alone:
            _refuse_last_organiser(membership)
        _end(membership, person_id, now)
        changes.note(circle_id, ChangeKind.LEFT, now, by=person_id)
        if alone:
            archiving.end(circle, now)


def remove(circle_id: int, by: int, membership_id: int, now: datetime) -> None:
    """End somebody's membership for the circle; raise CannotRemoveOrganiser, or StalePage."""
    with writing():
        lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        membership = _membership(circle_id, membership_id)
        if membership.left_at:
            return
        if membership.role is Role.ORGANISER:
            raise CannotRemoveOrganiser
        _end(membership, by, now)
        changes.note(circle_id, ChangeKind.REMOVED, now, by=by, about=membership.person_id)


def set_role(circle_id: int, by: int, membership_id: int, role: Role, now: datetime) -> None:
    """Make somebody an organiser, or step down oneself.

    Raise LastOrganiser, CannotRemoveOrganiser for an organiser other than oneself, StalePage after leaving.
    """
    with writing():
        lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        membership = _membership(circle_id, membership_id)
        if membership.left_at:
            raise StalePage("This person has left the circle meanwhile.")
        if role is Role.MEMBER and membership.role is Role.ORGANISER:
            if membership.person_id != by:
                raise CannotRemoveOrganiser
            _refuse_last_organiser(membership)
        if membership.role is role:
            return
        membership.role, membership.took_over_at = role, None
        organises = role is Role.ORGANISER
        if organises:
            recurring.join_weekly(membership.person_id, circle_id, now)
        kind = ChangeKind.ORGANISER if organises else ChangeKind.STEPPED_DOWN
        changes.note(circle_id, kind, now, by=by, about=membership.person_id if organises else None)


def only_organiser(circle_id: int, person_id: int) -> bool:
    """Say whether this person alone organises the circle."""
    organisers = select(Membership.person_id).where(
        Membership.circle_id == circle_id, Membership.role == Role.ORGANISER, Membership.left_at.is_(None)
    )
    return db.session.scalars(organisers).all() == [person_id]


def _membership(circle_id: int, membership_id: int) -> Membership:
    query = select(Membership).where(Membership.circle_id == circle_id, Membership.id == membership_id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def _refuse_last_organiser(membership: Membership) -> None:
    if membership.role is Role.ORGANISER and only_organiser(membership.circle_id, membership.person_id):
        raise LastOrganiser


def _end(membership: Membership, by: int, now: datetime) -> None:
    membership.left_at, membership.seat = now, None
    db.session.flush()
    excusal.excuse_leaver(membership.circle_id, membership.person_id, now)
    # Who comes back and leaves again is told again.
    key = f"{MailKind.LEFT.key}:{membership.id}:{now.isoformat()}"
    about = {"person_id": membership.person_id, "circle_id": membership.circle_id, "by_id": by}
    outbox.queue(MailKind.LEFT, key=key, now=now, **about)
