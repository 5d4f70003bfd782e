"""Unsent: mails after a meeting with a member of a circle, while nobody has said that they went."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, func, select

from circle.models import Contact, Drafted, Meeting, MeetingDraft, Membership, Met, Person
from circle.models.base import as_row
from circle.rules.wording import listed
from circle.services.meeting.meeting_page import run, title_of

_meeting, _met, _draft, _drafted = as_row(Meeting), as_row(Met), as_row(MeetingDraft), as_row(Drafted)
_contact, _person, _membership = as_row(Contact), as_row(Person), as_row(Membership)
_beside = _drafted.alias()

UNSENT = (
    select(
        _draft.c.id,
        _draft.c.public_id,
        _meeting.c.public_id,
        _meeting.c.where_met,
        _meeting.c.met_on,
        func.coalesce(_contact.c.name, _met.c.name, _person.c.name),
    )
    .join(_meeting, _meeting.c.id == _draft.c.meeting_id)
    .join(_drafted, _drafted.c.draft_id == _draft.c.id)
    .outerjoin(_met, _met.c.id == _drafted.c.met_id)
    .outerjoin(_contact, _contact.c.id == _met.c.contact_id)
    .outerjoin(_person, _person.c.id == _drafted.c.member_id)
    .where(
        _meeting.c.person_id == bindparam("me"),
        _draft.c.sent_at.is_(None),
        select(_beside.c.place)
        .join(
            _membership,
            (_membership.c.person_id == _beside.c.member_id)
            & (_membership.c.circle_id == _beside.c.circle_id)
            & _membership.c.left_at.is_(None),
        )
        .where(_beside.c.draft_id == _draft.c.id, _beside.c.circle_id == bindparam("circle"))
        .exists(),
    )
    .order_by(_draft.c.id, _drafted.c.place)
)

ANY_UNSENT = (
    select(_draft.c.id)
    .join(_meeting, _meeting.c.id == _draft.c.meeting_id)
    .where(_meeting.c.person_id == bindparam("giver"), _draft.c.sent_at.is_(None))
    .exists()
)
"""Whether any mail of a giver waits, in whichever circle: mostly not, and no more is asked."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that waits, in words: to whom it goes, and after which meeting."""

    ref: str
    meeting_ref: str
    meeting: str
    names: str


def in_circle(person_id: int, circle_id: int, zone: str, now: datetime) -> tuple[Unsent, ...]:
    """Return the mails of a person that put a member of this circle together with others. One statement."""
    rows = run(UNSENT, me=person_id, circle=circle_id).all()
    mails = [list(rows_of_one) for _, rows_of_one in groupby(rows, key=lambda row: row[0])]
    return tuple(
        Unsent(
            people[0][1],
            people[0][2],
            title_of(people[0][3], people[0][4], zone, now),
            listed([row[5] for row in people]),
        )
        for people in mails
    )
