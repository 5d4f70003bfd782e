"""What the letters to people on their way in are made of: invitations and sign-in requests."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Invitation, Person, SignInRequest
from circle.models.base import as_row
from circle.rules.states import Purpose

_person, _circle = as_row(Person), as_row(Circle)
_invitation, _request = as_row(Invitation), as_row(SignInRequest)


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """One invitation that may still be accepted, or not."""

    ref: str
    circle_name: str
    charter: str
    inviter: str
    inviter_email: str
    name: str
    email: str
    created_at: datetime
    expires_at: datetime
    ended: bool


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """One request for a mailed link and code."""

    purpose: Purpose
    email: str
    name: str


def invitation_facts(invitation_id: int, now: datetime) -> InvitationFacts:
    """Return an invitation as it stands now."""
    row = db.session.execute(
        select(
            _invitation.c.public_id,
            _circle.c.name,
            _circle.c.charter,
            _person.c.name,
            _person.c.email,
            _invitation.c.name,
            _invitation.c.email,
            _invitation.c.created_at,
            _invitation.c.expires_at,
            _invitation.c.accepted_at,
            _invitation.c.declined_at,
            _invitation.c.withdrawn_at,
            _circle.c.archived_at,
        )
        .join(_circle, _circle.c.id == _invitation.c.circle_id)
        .join(_person, _person.c.id == _invitation.c.inviter_id)
        .where(_invitation.c.id == invitation_id)
    ).one()
    return InvitationFacts(*row[:9], ended=row.expires_at <= now or any(row[9:]))


def request_facts(request_id: int) -> RequestFacts:
    """Return who asked for a mailed link and code, and what for."""
    row = db.session.execute(
        select(_request.c.purpose, _request.c.email, _person.c.name)
        .join(
            _person,
            # Only who asked: a new address may be another person's, whose name is not told.
            (_person.c.id == _request.c.person_id)
            | (_request.c.person_id.is_(None) & (_person.c.email_key == _request.c.email_key)),
            isouter=True,
        )
        .where(_request.c.id == request_id)
    ).one()
    return RequestFacts(row[0], row[1], row[2] or "")
