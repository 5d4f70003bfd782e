"""What an organiser sees of their circle: its members, and what became of its invitations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Invitation, Membership, OutboxMail, Person
from circle.rules import zones
from circle.rules.invitations import InvitationState, state_of
from circle.rules.names import initials
from circle.rules.states import MailKind, MailState, Role
from circle.rules.wording import day_words

SHOWN_AFTER_ENDING = timedelta(days=30)
SHOWN_AT_MOST = 60
MAIL_WORDS = {
    MailState.FAILED: "but the mail came back: check the address, or hand the link over yourself",
    MailState.EXPIRED: "but the mail could not be delivered: hand the link over yourself",
    MailState.DROPPED: "no mail was sent",
}

Day = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member in the list."""

    ref: str
    person_id: int
    name: str
    initials: str
    email: str
    organiser: bool
    since: str
    mail_comes_back: bool = False


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation in the list, with its state in words."""

    ref: str
    title: str
    words: str
    open: bool
    by_mail: bool
    may_resend: bool


@dataclass(frozen=True, slots=True)
class Organised:
    """The members in seat order, and the invitations from the newest to the oldest."""

    members: tuple[MemberRow, ...]
    waiting: tuple[InvitationRow, ...]
    ended: tuple[InvitationRow, ...]
    newest: str


def read(circle_id: int, zone: str, now: datetime) -> Organised:
    """Return what the organise page shows; days are days in the circle's zone."""
    day = partial(_day, zones.zone(zone), now)
    invitations = [_invitation(row, now, day) for row in db.session.execute(_invitations(circle_id, now))]
    return Organised(
        members=tuple(_member(row, day) for row in db.session.execute(_members(circle_id))),
        waiting=tuple(row for row in invitations if row.open),
        ended=tuple(row for row in invitations if not row.open),
        newest=invitations[0].ref if invitations else "",
    )


def membership_id(circle_id: int, ref: str) -> tuple[int, str] | None:
    """Return id and name of the membership with this public id, ended ones included; None without one."""
    row = db.session.execute(
        select(Membership.id, Person.name, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.circle_id == circle_id, Membership.public_id == ref)
    ).one_or_none()
    return (row.id, row.name or row.email) if row else None


def others(circle_id: int, person_id: int) -> tuple[MemberRow, ...]:
    """Return the members other than this person, in seat order."""
    rows = db.session.execute(_members(circle_id))
    return tuple(_member(row, str) for row in rows if row.id != person_id)


def _members(circle_id: int) -> Select[*tuple[Any, ...]]:
    columns = (
        Membership.public_id,
        Membership.role,
        Membership.joined_at,
        Person.id,
        Person.name,
        Person.email,
        Person.mail_refused_at,
    )
    return (
        select(*columns)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.circle_id == circle_id, Membership.left_at.is_(None))
        .order_by(Membership.seat)
    )


def _member(row: Any, day: Day) -> MemberRow:
    name = row.name or row.email
    return MemberRow(
        ref=row.public_id,
        person_id=row.id,
        name=name,
        initials=initials(name),
        email=row.email,
        organiser=row.role is Role.ORGANISER,
        since=day(row.joined_at),
        mail_comes_back=row.mail_refused_at is not None,
    )


def _invitations(circle_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    accepted_by, mailed = aliased(Person), _mailed(circle_id)
    columns = (Invitation, accepted_by.name, accepted_by.email, mailed.c.state)
    return (
        select(*columns)
        .outerjoin(accepted_by, accepted_by.id == Invitation.accepted_by_id)
        .outerjoin(mailed, mailed.c.invitation_id == Invitation.id)
        .where(Invitation.circle_id == circle_id, Invitation.expires_at > now - SHOWN_AFTER_ENDING)
        .order_by(Invitation.id.desc())
        .limit(SHOWN_AT_MOST)
    )


def _mailed(circle_id: int) -> Subquery:
    """Return the newest mail of each invitation."""
    newest = (
        select(func.max(OutboxMail.id))
        .where(OutboxMail.circle_id == circle_id, OutboxMail.kind == MailKind.INVITATION.key)
        .group_by(OutboxMail.invitation_id)
    )
    return select(OutboxMail.invitation_id, OutboxMail.state).where(OutboxMail.id.in_(newest)).subquery()


def _invitation(row: Any, now: datetime, day: Day) -> InvitationRow:
    invitation: Invitation = row.Invitation
    answered = (invitation.accepted_at, invitation.declined_at, invitation.withdrawn_at)
    state = state_of(*answered, invitation.expires_at, now)
    pending = state is InvitationState.PENDING
    return InvitationRow(
        ref=invitation.public_id,
        title=invitation.name or invitation.email or "Whoever has the link",
        words=_waiting(row, day) if pending else _ended(row, state, day),
        open=pending,
        by_mail=bool(invitation.email),
        may_resend=pending and bool(invitation.email) and invitation.resent_at is None,
    )


def _waiting(row: Any, day: Day) -> str:
    invitation: Invitation = row.Invitation
    until = f"holds a seat until {day(invitation.expires_at)}"
    made = day(invitation.resent_at or invitation.created_at)
    if not invitation.email:
        return f"Link made {made}, {until}"
    if row.state is MailState.SENT:
        how = f"Sent{' again' if invitation.resent_at else ''} {made}"
    else:
        how = f"Written {made}, {MAIL_WORDS.get(row.state, 'the mail is on its way')}"
    return f"{how}, {until}" + (f" · {invitation.email}" if invitation.name else "")


def _ended(row: Any, state: InvitationState, day: Day) -> str:
    invitation: Invitation = row.Invitation
    answered = invitation.accepted_at or invitation.declined_at or invitation.withdrawn_at
    when = day(answered or invitation.expires_at)
    if state is not InvitationState.ACCEPTED:
        return f"{state.words.capitalize()} {when}"
    if not row.email:
        return f"Accepted {when}"
    other = row.email.casefold() != invitation.email.casefold()
    return f"Accepted {when} by {row.name or row.email}" + (f", as {row.email}" if other and row.name else "")


def _day(zone: ZoneInfo, now: datetime, moment: datetime) -> str:
    return day_words(zones.local_day(moment, zone), zones.local_day(now, zone))
