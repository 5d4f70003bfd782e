"""The first circle of a site: the operator starts it for somebody, who then invites the others."""

from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Membership
from circle.rules.states import Role
from circle.services.door import people
from circle.services.membership import circles
from circle.services.work import writing


def begin(email: str, name: str, zone: str, now: datetime) -> bool:
    """Start a circle for the person with this address, who is made when unknown.

    Return False when they organise one already. Raise BadAddress, BadName or UnknownZone.
    """
    with writing():
        person_id = people.person_for(email, now).id
        organises = _organises(person_id)
    if not organises:
        circles.start(person_id, name, zone, "", now)
    return not organises


def _organises(person_id: int) -> bool:
    seat = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.role == Role.ORGANISER,
        Membership.left_at.is_(None),
    )
    return db.session.scalar(seat.limit(1)) is not None
