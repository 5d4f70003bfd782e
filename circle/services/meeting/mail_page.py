"""The page of a mail after a meeting: its words, to whom it goes, and whose address is missing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from circle.models import Drafted, Meeting, MeetingDraft, Met, Person
from circle.models.base import as_row
from circle.rules.names import first_name
from circle.services.meeting import meeting_page
from circle.services.meeting.meeting_page import MeetingPage, day_of, run

_meeting, _met, _person = as_row(Meeting), as_row(Met), as_row(Person)
_draft, _drafted = as_row(MeetingDraft), as_row(Drafted)


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail: its words, who it goes to, and whose address is missing."""

    meeting_ref: str
    meeting: str
    ref: str
    subject: str
    text: str
    sent: str
    names: tuple[str, ...]
    to: tuple[str, ...]
    missing: tuple[str, ...]
    members: tuple[str, ...]


def read(person_id: int, zone: str, meeting_ref: str, ref: str, now: datetime) -> MailPage | None:
    """Read a mail of this person's meeting; None for any other."""
    page = meeting_page.read(person_id, zone, meeting_ref, now)
    mail = run(
        select(_draft.c.id, _draft.c.subject, _draft.c.text, _draft.c.sent_at)
        .join(_meeting, _meeting.c.id == _draft.c.meeting_id)
        .where(_meeting.c.person_id == bindparam("me"), _meeting.c.public_id == bindparam("meeting"))
        .where(_draft.c.public_id == bindparam("draft")),
        me=person_id,
        meeting=meeting_ref,
        draft=ref,
    ).first()
    if page is None or mail is None:
        return None
    draft_id, subject, text, sent_at = mail
    people, members = _people(page, draft_id)
    return MailPage(
        meeting_ref,
        page.title,
        ref,
        subject,
        text,
        day_of(sent_at, zone, now),
        tuple(name for name, _ in people),
        tuple(email for _, email in people if email),
        tuple(name for name, email in people if not email),
        members,
    )


def _people(page: MeetingPage, draft_id: int) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Return name and address of those a mail goes to, and the first names of the members among them.

    The address of who sits in no circle with its writer any more is not theirs to see.
    """
    met = {one.place: (one.name, one.email) for one in page.met}
    beside = {(one.person_id, one.circle_id): one.email for one in page.members}
    rows = run(
        select(_drafted.c.member_id, _drafted.c.circle_id, _person.c.name, _met.c.place)
        .outerjoin(_person, _person.c.id == _drafted.c.member_id)
        .outerjoin(_met, _met.c.id == _drafted.c.met_id)
        .where(_drafted.c.draft_id == bindparam("draft"))
        .order_by(_drafted.c.place),
        draft=draft_id,
    ).all()
    people = [
        met[place] if place else (name, beside.get((member_id, circle_id), ""))
        for member_id, circle_id, name, place in rows
    ]
    return people, tuple(first_name(name) for _, _, name, _ in rows if name)
