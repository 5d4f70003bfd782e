"""Whom a circle may invite, and how many mails a person may cause in a day; inside a unit of work."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.models import Invitation, Membership, NeverAgain, Person
from circle.rules.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationRefused,
    InvitingYourself,
    TooManyInvitations,
)
from circle.rules.invitations import MAILS_A_DAY
from circle.services.membership import seats
from circle.services.tokens import hashed

DAY = timedelta(days=1)


def refuse_address(circle_id: int, inviter_id: int, email: str, now: datetime) -> None:
    """Raise InvitingYourself, AlreadyMember, AlreadyInvited or InvitationRefused where one of them is so."""
    key = address_key(email)
    _refuse_members(circle_id, inviter_id, key)
    waiting = select(Invitation.id).where(Invitation.circle_id == circle_id, Invitation.email_key == key)
    if db.session.scalar(waiting.where(*seats.pending(now)).limit(1)):
        raise AlreadyInvited(f"{email} has an open invitation already. You can send it again below.")
    if db.session.get(NeverAgain, hashed(key)):
        raise InvitationRefused(f"{email} has asked not to be invited again.")


def refuse_beyond_a_day(person_id: int, now: datetime) -> None:
    """Raise TooManyInvitations when this person's invitations were mailed 12 times in the last 24 hours."""
    mailed = select(func.count()).where(Invitation.inviter_id == person_id, Invitation.email != "")
    first = db.session.scalar(mailed.where(Invitation.created_at > now - DAY)) or 0
    again = db.session.scalar(mailed.where(Invitation.resent_at > now - DAY)) or 0
    if first + again >= MAILS_A_DAY:
        raise TooManyInvitations(
            f"One person can send {MAILS_A_DAY} invitations a day. "
            "Go on tomorrow, or make a link and send it yourself."
        )


def _refuse_members(circle_id: int, inviter_id: int, key: str) -> None:
    member = db.session.execute(
        select(Person.id, Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.circle_id == circle_id, Membership.left_at.is_(None), Person.email_key == key)
    ).one_or_none()
    if member and member.id == inviter_id:
        raise InvitingYourself
    if member:
        raise AlreadyMember(f"{member.name or member.email} is in the circle already.")
