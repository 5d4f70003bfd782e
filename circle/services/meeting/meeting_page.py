"""The page after a meeting: whom one met, who of one's circles could meet them, and the mails so far."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from circle.extensions import db
from circle.models import Contact, Meeting, MeetingDraft, Met
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.wording import count_word, day_words
from circle.services.giving import fellows
from circle.services.giving.fellows import Fellow
from circle.services.knowing import suggestions

RECENT = 5

_meeting, _met, _contact = as_row(Meeting), as_row(Met), as_row(Contact)
_draft = as_row(MeetingDraft)

_MINE = select(_meeting.c.id, _meeting.c.where_met, _meeting.c.met_on).where(
    _meeting.c.person_id == bindparam("me"), _meeting.c.public_id == bindparam("meeting")
)
_MET = (
    select(
        _met.c.place,
        func.coalesce(_contact.c.name, _met.c.name),
        func.coalesce(_contact.c.position, _met.c.position),
        func.coalesce(_contact.c.organisation, _met.c.organisation),
        func.coalesce(_contact.c.line, _met.c.line),
        _met.c.email,
        _contact.c.email,
        _contact.c.id,
        _contact.c.public_id,
    )
    .outerjoin(_contact, _contact.c.id == _met.c.contact_id)
    .where(_met.c.meeting_id == bindparam("of"))
    .order_by(_met.c.place)
)
_MAILS = (
    select(_draft.c.public_id, _draft.c.subject, _draft.c.sent_at)
    .where(_draft.c.meeting_id == bindparam("of"))
    .order_by(_draft.c.id)
)
_LATEST = (
    select(
        _meeting.c.public_id,
        _meeting.c.where_met,
        _meeting.c.met_on,
        select(func.count(_met.c.id)).where(_met.c.meeting_id == _meeting.c.id).scalar_subquery(),
        select(func.count(_draft.c.id)).where(_draft.c.meeting_id == _meeting.c.id).scalar_subquery(),
        select(func.count(_draft.c.sent_at)).where(_draft.c.meeting_id == _meeting.c.id).scalar_subquery(),
    )
    .where(_meeting.c.person_id == bindparam("me"))
    .order_by(_meeting.c.id.desc())
    .limit(RECENT)
)


@dataclass(frozen=True, slots=True)
class MetHere:
    """Somebody met, as they stand on one's list where they are on it."""

    place: int
    name: str
    position: str
    organisation: str
    line: str
    email_told: str
    email_known: str | None
    contact_id: int | None
    ref: str | None
    """Their public id on one's list; None where they are not on it."""

    @property
    def email(self) -> str:
        """The address told last."""
        return self.email_told or self.email_known or ""

    @property
    def work(self) -> str:
        return ", ".join(part for part in (self.position, self.organisation) if part)


@dataclass(frozen=True, slots=True)
class MailHere:
    """A mail of the meeting; `sent` is the day it was sent, in words, or empty."""

    ref: str
    subject: str
    sent: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting."""

    ref: str
    title: str
    met: tuple[MetHere, ...]
    members: tuple[Fellow, ...]
    mails: tuple[MailHere, ...]


@dataclass(frozen=True, slots=True)
class Recent:
    """A meeting one may go back to."""

    ref: str
    title: str
    met: int
    mails: int
    sent: int

    @property
    def is_unfinished(self) -> bool:
        """Nothing was sent yet, or a mail waits."""
        return not self.sent or self.sent < self.mails

    @property
    def words(self) -> str:
        people = "one person" if self.met == 1 else f"{count_word(self.met)} people"
        if not self.mails:
            return f"{people}, no mail yet"
        mails = "one mail" if self.mails == 1 else f"{count_word(self.mails)} mails"
        if self.sent == self.mails:
            return f"{people}, {mails} sent"
        return f"{people}, {mails}, {count_word(self.sent) if self.sent else 'none'} sent"


def read(person_id: int, zone: str, ref: str, now: datetime) -> MeetingPage | None:
    """Read a meeting of this person; None for any other."""
    facts = run(_MINE, me=person_id, meeting=ref).first()
    if facts is None:
        return None
    meeting_id, where_met, met_on = facts
    return MeetingPage(
        ref,
        title_of(where_met, met_on, zone, now),
        tuple(MetHere(*row) for row in run(_MET, of=meeting_id)),
        tuple(fellows.of(person_id)),
        tuple(MailHere(row[0], row[1], day_of(row[2], zone, now)) for row in run(_MAILS, of=meeting_id)),
    )


def fits(person_id: int, page: MeetingPage, now: datetime) -> dict[str, str]:
    """Say who of those met fits a member, and why, in one sentence, by the member's `ref`."""
    contact_ids = {one.contact_id for one in page.met if one.contact_id is not None}
    found = {
        circle_id: suggestions.among(person_id, circle_id, contact_ids, now)
        for circle_id in {one.circle_id for one in page.members}
    }
    fitting = {one.ref: found[one.circle_id].get(one.person_id) for one in page.members}
    return {ref: f"{best[0].name}: {best[0].sentence}" for ref, best in fitting.items() if best}


def recent(person_id: int, zone: str, now: datetime) -> tuple[Recent, ...]:
    """Return the latest meetings of somebody, newest first."""
    rows = run(_LATEST, me=person_id)
    return tuple(Recent(row[0], title_of(row[1], row[2], zone, now), *row[3:]) for row in rows)


def run(statement: Any, **values: Any) -> Any:
    """Run a statement that reads plain rows."""
    return db.session.connection().execute(statement, values)


def day_of(at: datetime | None, zone: str, now: datetime) -> str:
    """Write the day of a moment in words, nothing where there is none."""
    own = zones.zone(zone)
    return day_words(zones.local_day(at, own), zones.local_day(now, own)) if at else ""


def title_of(where_met: str, met_on: date, zone: str, now: datetime) -> str:
    """Name a meeting by where and when it was."""
    day = day_words(met_on, zones.local_day(now, zones.zone(zone)))
    return f"{where_met}, {day}" if where_met else f"A meeting of {day}"
