"""Invitations: holding a seat for somebody, by mail or by link, sending again and taking back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.formats.addresses import Address, address_key
from circle.models import Circle, Invitation, NeverAgain, Person
from circle.rules import zones
from circle.rules.errors import AlreadyResent, InvitationEnded, Refusal, StalePage, UnknownZone
from circle.rules.invitations import LIFE, InvitationState, state_of
from circle.rules.limits import SAME_PRESS, Limits
from circle.rules.names import clean_name
from circle.rules.states import ChangeKind, MailKind, Role
from circle.services import changes
from circle.services.door import people
from circle.services.membership import invitable, seats
from circle.services.post import outbox
from circle.services.rounds import schedules
from circle.services.tokens import hashed
from circle.services.work import lock_circle, writing

BY_LINK = "somebody by a link"


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of several addresses: those written to, and those refused with the reason."""

    sent: tuple[Address, ...]
    refused: tuple[tuple[Address, str], ...]


def invite(
    circle_id: int, person_id: int, addresses: Sequence[Address], limits: Limits, now: datetime
) -> Invited:
    """Invite each address by mail; one that is refused stops no other."""
    sent: list[Address] = []
    refused: list[tuple[Address, str]] = []
    with writing():
        _lock_seats(circle_id, person_id)
        for address in addresses:
            try:
                _invite_one(circle_id, person_id, address, limits, now)
            except Refusal as refusal:
                refused.append((address, refusal.sentence))
            else:
                sent.append(address)
    return Invited(tuple(sent), tuple(refused))


def invite_by_link(
    circle_id: int, person_id: int, limits: Limits, now: datetime, *, after: str | None = None
) -> str:
    """Hold a seat for whoever is given the link and return its public id; raise CircleIsFull.

    `after` is the newest invitation the page showed: a second press of its button makes no second link.
    """
    with writing() as session:
        _lock_seats(circle_id, person_id)
        newest = _newest(circle_id)
        if newest and after is not None and after != newest.public_id and _own_link(newest, person_id):
            return newest.public_id
        seats.refuse_another(circle_id, limits, now)
        invitation = _invitation(circle_id, person_id, now)
        session.add(invitation)
        session.flush()
        _note(invitation, ChangeKind.INVITED, now, by=person_id)
        return invitation.public_id


def accept(invitation_id: int, person_id: int, limits: Limits, now: datetime) -> None:
    """Seat a signed-in person by an invitation; who sits there already stays seated.

    Raise InvitationEnded or CircleIsFull.
    """
    with writing():
        invitation = _lock(invitation_id)
        membership = seats.membership_of(invitation.circle_id, person_id)
        if membership and membership.left_at is None:
            return
        _seat(invitation, person_id, limits, now)


def accept_from_mail(
    invitation_id: int, limits: Limits, now: datetime, *, name: str = "", zone: str = ""
) -> int:
    """Seat the new person whom the mail reached and return their id; they may be signed in now.

    Raise InvitationEnded, CircleIsFull, BadName, or StalePage when the address is somebody's already.
    """
    profile = {"name": clean_name(name)} if name.strip() else {}
    with writing() as session:
        invitation = _lock(invitation_id)
        _refuse_ended(invitation, now)
        if not invitation.email or _person_with(invitation.email_key):
            raise StalePage("Sign in first, then accept the invitation.")
        chosen = _zone_or_circles(zone, invitation.circle_id)
        person = people.person_for(invitation.email, now, zone=chosen, **profile)
        session.flush()
        _seat(invitation, person.id, limits, now)
        return person.id


def decline(invitation_id: int, never_again: bool, now: datetime) -> None:
    """Decline an invitation, and if wanted remember never to write to its address again."""
    with writing() as session:
        invitation = _lock(invitation_id)
        if invitation.declined_at is None:
            _refuse_ended(invitation, now)
            invitation.declined_at = now
            _note(invitation, ChangeKind.DECLINED, now)
        if never_again and invitation.email:
            session.merge(NeverAgain(email_hash=hashed(invitation.email_key), created_at=now))


def resend(invitation_id: int, by: int, now: datetime) -> None:
    """Write to the invited once more and hold the seat for 14 days from now.

    Raise InvitationEnded, AlreadyResent, TooManyInvitations.
    """
    with writing():
        invitation = _lock(invitation_id)
        if not invitation.email:
            raise AlreadyResent("This invitation has no address. Copy its link and send it yourself.")
        _refuse_ended(invitation, now)
        if invitation.resent_at and now - invitation.resent_at < SAME_PRESS:
            return
        if invitation.resent_at:
            raise AlreadyResent
        invitable.refuse_beyond_a_day(invitation.inviter_id, now)
        invitation.resent_at, invitation.expires_at = now, now + LIFE
        _send(invitation, now, again=True)
        _note(invitation, ChangeKind.RESENT, now, by=by)


def withdraw(invitation_id: int, by: int, now: datetime) -> None:
    """Take an invitation back and free its seat; raise InvitationEnded when it was answered meanwhile."""
    with writing():
        invitation = _lock(invitation_id)
        if invitation.withdrawn_at is None:
            _refuse_ended(invitation, now)
            invitation.withdrawn_at = now
            _note(invitation, ChangeKind.WITHDREW, now, by=by)


def withdraw_all(circle_id: int, now: datetime) -> None:
    """Take back every open invitation of a circle; inside a unit of work."""
    open_ones = select(Invitation).where(Invitation.circle_id == circle_id, *seats.pending(now))
    for invitation in db.session.scalars(open_ones):
        invitation.withdrawn_at = now


def state(invitation: Invitation, now: datetime) -> InvitationState:
    """Say where an invitation stands."""
    return state_of(
        invitation.accepted_at, invitation.declined_at, invitation.withdrawn_at, invitation.expires_at, now
    )


def _invite_one(circle_id: int, person_id: int, address: Address, limits: Limits, now: datetime) -> None:
    invitable.refuse_address(circle_id, person_id, address.email, now)
    seats.refuse_another(circle_id, limits, now)
    invitable.refuse_beyond_a_day(person_id, now)
    invitation = _invitation(circle_id, person_id, now)
    invitation.name, invitation.email = address.name, address.email
    invitation.email_key = address_key(address.email)
    db.session.add(invitation)
    db.session.flush()
    _note(invitation, ChangeKind.INVITED, now, by=person_id)
    _send(invitation, now, again=False)


def _seat(invitation: Invitation, person_id: int, limits: Limits, now: datetime) -> None:
    _refuse_ended(invitation, now)
    circle = db.session.get_one(Circle, invitation.circle_id)
    if circle.archived_at:
        raise InvitationEnded("This circle has ended, and its invitations with it.")
    seats.take(circle.id, person_id, Role.MEMBER, limits, now)
    invitation.accepted_at, invitation.accepted_by_id = now, person_id
    changes.note(circle.id, ChangeKind.JOINED, now, by=person_id)
    # A round held back for want of members may open now.
    schedules.follow(circle, now)


def _person_with(key: str) -> bool:
    return db.session.scalar(select(Person.id).where(Person.email_key == key)) is not None


def _zone_or_circles(zone: str, circle_id: int) -> str:
    """Take the zone the browser names where we know it; the circle's is the next best guess."""
    try:
        return zones.zone(zone).key
    except UnknownZone:
        return db.session.execute(select(Circle.zone).where(Circle.id == circle_id)).scalar_one()


def _send(invitation: Invitation, now: datetime, *, again: bool) -> None:
    outbox.queue(
        MailKind.INVITATION,
        key=f"invitation:{invitation.id}:{int(again)}",
        now=now,
        circle_id=invitation.circle_id,
        invitation_id=invitation.id,
    )


def _invitation(circle_id: int, person_id: int, now: datetime) -> Invitation:
    return Invitation(circle_id=circle_id, inviter_id=person_id, created_at=now, expires_at=now + LIFE)


def _note(invitation: Invitation, kind: ChangeKind, now: datetime, *, by: int | None = None) -> None:
    who = invitation.name or invitation.email or BY_LINK
    changes.note(invitation.circle_id, kind, now, by=by, words=who)


def _newest(circle_id: int) -> Invitation | None:
    newest_first = select(Invitation).where(Invitation.circle_id == circle_id).order_by(Invitation.id.desc())
    return db.session.scalar(newest_first.limit(1))


def _own_link(invitation: Invitation, person_id: int) -> bool:
    return not invitation.email and invitation.inviter_id == person_id


def _lock(invitation_id: int) -> Invitation:
    """Lock an invitation's circle and return the invitation as it now stands; archiving has withdrawn it."""
    circle_of = select(Invitation.circle_id).where(Invitation.id == invitation_id)
    lock_circle(db.session.execute(circle_of).scalar_one(), archived_too=True)
    query = select(Invitation).where(Invitation.id == invitation_id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def _refuse_ended(invitation: Invitation, now: datetime) -> None:
    standing = state(invitation, now)
    if standing is not InvitationState.PENDING:
        raise InvitationEnded(f"This invitation is {standing.words}, so nothing was changed.")


def _lock_seats(circle_id: int, person_id: int) -> None:
    """Lock the circle for its seats and the person for what they may send in a day."""
    lock_circle(circle_id)
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
