"""Meetings: whom somebody met is written down, kept among the people they know if wanted, and forgotten."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from circle.extensions import db
from circle.formats.people import reading
from circle.formats.people.person import WHERE_MET_LIMIT, PersonKnown, Remark
from circle.models import Meeting, Met
from circle.models.base import as_row
from circle.rules.errors import BadDate, BadText, CannotReadFile, CannotReadLines
from circle.rules.names import clean_line
from circle.services.giving import made_days
from circle.services.giving.introductions import SAME_PRESS
from circle.services.knowing import keeping
from circle.services.meeting import acquainting
from circle.services.work import end_reading, writing

MOST = 50
"""People of one meeting."""
LONGEST = 20_000
KEPT = timedelta(days=60)
"""How long a meeting is remembered."""
BATCH = 200
FAULTS_SHOWN = 5

_meeting = as_row(Meeting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody tells of a meeting: whom they met, as typed or pasted, where, and when."""

    people: str
    where_met: str
    met_on: date
    keep: bool
    """Put those who are new on the list of people one knows."""


def begin(person_id: int, told: Told, now: datetime) -> str:
    """Write a meeting down and return its public id; the same press again changes nothing.

    Raise CannotReadLines, BadText, BadDate or ListIsFull beside the field.
    """
    people, where_met = _people(told.people), _where(told.where_met)
    _refuse_day(person_id, told.met_on, now)
    with writing() as session:
        keeping.hold(person_id)
        again = _same_press(person_id, people, where_met, told.met_on, now)
        if again:
            return again
        meeting = Meeting(person_id=person_id, where_met=where_met, met_on=told.met_on, created_at=now)
        session.add(meeting)
        session.flush()
        ids = acquainting.contacts_of(person_id, people, where_met, now, keep=told.keep)
        session.add_all(_met(meeting.id, place, one, ids) for place, one in enumerate(people, 1))
        return meeting.public_id


def forget(person_id: int, ref: str) -> None:
    """Let go of a meeting and the mails written after it; who is kept and what was logged stays."""
    with writing() as session:
        session.execute(
            delete(_meeting).where(_meeting.c.public_id == ref, _meeting.c.person_id == person_id)
        )


def forget_old(now: datetime) -> int:
    """Let go of a batch of the meetings of more than 60 days ago, and return how many."""
    old = select(_meeting.c.id).where(_meeting.c.created_at < now - KEPT)
    ids = db.session.scalars(old.order_by(_meeting.c.created_at).limit(BATCH)).all()
    end_reading()
    if ids:
        with writing() as session:
            session.execute(delete(_meeting).where(_meeting.c.id.in_(ids)))
    return len(ids)


def _people(text: str) -> tuple[PersonKnown, ...]:
    """Return whom the lines name; raise CannotReadLines with the lines that name nobody."""
    if not text.strip():
        raise _unread("Write down whom you met, one on each line.")
    if len(text) > LONGEST:
        raise _unread(f"Please keep this to {LONGEST:,} characters. It has {len(text):,}.")
    try:
        read = reading.read_pasted(text)
    except CannotReadFile as refusal:
        raise _unread(refusal.sentence) from None
    if faults := sorted((*read.left_out, *read.doubles), key=lambda one: one.at):
        raise _unread(_in_words(faults))
    if len(read.people) > MOST:
        raise _unread(f"Please bring at most {MOST} people at once. These are {len(read.people):,}.")
    if not read.people:
        raise _unread("Nobody is named here. Write one name on each line.")
    return read.people


def _in_words(faults: Sequence[Remark]) -> str:
    shown = [f"Line {one.at:,}: {one.sentence}" for one in faults[:FAULTS_SHOWN]]
    more = len(faults) - len(shown)
    return " ".join([*shown, *([f"And {more:,} more."] if more else [])])


def _unread(sentence: str) -> CannotReadLines:
    return CannotReadLines(sentence, field="people")


def _where(text: str) -> str:
    try:
        return clean_line(text, WHERE_MET_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="where_met") from None


def _refuse_day(person_id: int, day: date, now: datetime) -> None:
    days = made_days.outside_rounds(person_id, now)
    if not days.earliest <= day <= days.latest:
        raise BadDate("Choose today or a day before, such as the one on which you met.", field="met_on")


def _same_press(
    person_id: int, people: Sequence[PersonKnown], where_met: str, met_on: date, now: datetime
) -> str | None:
    """Return the meeting that was written down just so within the last minute."""
    latest = db.session.scalar(
        select(Meeting).where(Meeting.person_id == person_id).order_by(Meeting.id.desc()).limit(1)
    )
    if latest is None or latest.created_at <= now - SAME_PRESS:
        return None
    rows = select(Met.name, Met.email).where(Met.meeting_id == latest.id).order_by(Met.place)
    met = [tuple(row) for row in db.session.execute(rows)]
    same = (latest.where_met, latest.met_on, met) == (
        where_met,
        met_on,
        [(one.name, one.email) for one in people],
    )
    return latest.public_id if same else None


def _met(meeting_id: int, place: int, person: PersonKnown, ids: acquainting.Known) -> Met:
    texts = {name: text for name, text in asdict(person).items() if name != "where_met"}
    return Met(meeting_id=meeting_id, place=place, contact_id=ids.of(person), **texts)
