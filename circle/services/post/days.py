"""Days: what the letter of one person's day takes with it, reminders that are due and news that waits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, update
from sqlalchemy.orm.attributes import set_committed_value

from circle.extensions import db
from circle.models import Circle, Commitment, Membership, News, OutboxMail, Person, RosterMember, Round
from circle.models.base import UtcDateTime, as_row
from circle.rules import reminders as rules
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.reminders import Step
from circle.rules.states import CommitmentState, MailKind, NewsKind, RoundState, Switch
from circle.services.post import carriers, delivery_log, news, recurring
from circle.services.post.claims import Claimed
from circle.services.post.readers import wants
from circle.services.post.reminders import steps_of
from circle.services.thinking import planning
from circle.services.work import hold_circles_of

A_DAY = timedelta(hours=26)
"""As long as what is left of anybody's day, and an hour for a clock that is put back."""
DAILY = Switch.DAILY
"""The switch of the daily letter."""

_mail, _commitment, _round = as_row(OutboxMail), as_row(Commitment), as_row(Round)
_circle, _membership, _person = as_row(Circle), as_row(Membership), as_row(Person)
_news, _roster = as_row(News), as_row(RosterMember)
_beside = _mail.alias()
_NOW = bindparam("now", type_=UtcDateTime)

# Made once: to make a statement takes longer than to run it.
_FIRST_AT_THE_MOMENT = (
    select(func.min(_beside.c.id))
    .join(_mail, (_mail.c.person_id == _beside.c.person_id) & (_mail.c.created_at == _beside.c.created_at))
    .where(_mail.c.id == bindparam("mail_id"), _beside.c.kind.in_((*carriers.KINDS, MailKind.DAILY.key)))
)
"""Of the letters to the same person at the same moment the first that can hold reminders."""
_LOCKED = (
    select(Person)
    .where(Person.id == bindparam("person_id"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_DUE = (
    select(RosterMember, Round)
    .join(Round, Round.id == RosterMember.round_id)
    .where(
        RosterMember.person_id == bindparam("person_id"),
        RosterMember.next_reminder_at <= bindparam("until", type_=UtcDateTime),
    )
)
_WRITTEN = (
    update(_person).where(_person.c.id == bindparam("person")).values(last_letter_on=bindparam("today"))
)
_OF_THEM = {
    "news": exists().where(
        _news.c.person_id == _person.c.id, _news.c.outbox_id.is_(None), _news.c.tell_from <= _NOW
    ),
    "drafts": exists().where(
        _commitment.c.giver_id == _person.c.id,
        _commitment.c.state == CommitmentState.OPEN,
        _commitment.c.drafted_at.is_not(None),
    ),
    "reminders": exists().where(
        _roster.c.person_id == _person.c.id,
        _roster.c.next_reminder_at <= bindparam("tomorrow", type_=UtcDateTime),
    ),
}
"""What may wait for somebody, asked more widely than it is taken in."""
_HOW_IT_STANDS = (
    select(
        _person.c.zone,
        _person.c.letters_off,
        _person.c.letters_paused_until,
        _person.c.mail_refused_at,
        _person.c.erase_at,
        _round.c.state,
        or_(*_OF_THEM.values()).label("waits"),
    )
    .join(_membership, _membership.c.person_id == _person.c.id)
    .join(_circle, _circle.c.id == _membership.c.circle_id)
    .join(_round, _round.c.circle_id == _circle.c.id)
    .where(
        _round.c.id == bindparam("round_id"),
        _person.c.id == bindparam("person_id"),
        _membership.c.left_at.is_(None),
        _circle.c.archived_at.is_(None),
    )
)
_SPEAKS_IN = {
    MailKind.ROUND_OPENED: (RoundState.OPEN,),
    MailKind.RECAP: (RoundState.CLOSED, RoundState.SEALED),
}
"""The states of its round in which a letter that carries the day is written."""


@dataclass(frozen=True, slots=True)
class Due:
    """One roster row whose reminder has come due, all steps of its round, and the step that still speaks."""

    member: RosterMember
    steps: tuple[Step, ...]
    step: Step | None


def rounds_speaking(person: Person, now: datetime) -> int:
    """Return in how many rounds a reminder of this person is due and has something to say."""
    return sum(_has_outstanding(each.member, each.step) for each in _due(person, now, now) if each.step)


def take_in(mail: Claimed, now: datetime) -> None:
    """Let a letter that opens or closes a round carry what the day's daily letter would have said.

    To be done in the unit of work that claims it. Bytes that have been on their way change no more.
    """
    if mail.kind not in _SPEAKS_IN or mail.wire is not None:
        return
    reader = _how_it_stands(mail, now)
    if reader is None or reader.state not in _SPEAKS_IN[mail.kind]:
        return
    today = zones.local_day(now, zones.zone(reader.zone))
    if not (wants(reader, mail.kind.switch or "", today) and wants(reader, DAILY, today)):
        return
    if reader.waits:
        _take_in(mail, locked(mail.person_id or 0), today, now)
    else:
        _note_written(mail.person_id or 0, today)


def _take_in(mail: Claimed, person: Person, today: date, now: datetime) -> None:
    planning.keep_to_its_day(person, now)
    if carries_reminders(mail.id):
        for member in move_on(person, _end_of(today, person), now):
            member.last_reminder_at = mail.created_at
            delivery_log.note_circle(mail.id, member.circle_id)
    put_news_into(mail.id, person, today, now)


def carries_reminders(mail_id: int) -> bool:
    """Say whether a letter, of several written at one moment, is the one that holds the reminders."""
    first = db.session.connection().execute(_FIRST_AT_THE_MOMENT, {"mail_id": mail_id}).scalar()
    return bool(first == mail_id)


def locked(person_id: int) -> Person:
    """Return a person whose day nobody else writes until the unit of work ends."""
    hold_circles_of(person_id)
    return db.session.execute(_LOCKED, {"person_id": person_id}).scalar_one()


def move_on(person: Person, until: datetime, now: datetime) -> list[RosterMember]:
    """Move each reminder due by `until` on to its next step; return those that have something to say."""
    reminded = []
    for due in _due(person, until, now):
        says = due.step is not None and _has_outstanding(due.member, due.step)
        following = rules.upcoming(due.steps, until)
        due.member.next_reminder_at = following.at if following else None
        if says:
            reminded.append(due.member)
    return reminded


def put_news_into(mail_id: int, person: Person, today: date, now: datetime) -> None:
    """Let a letter tell all news that waits for its reader, and note the circles it is of."""
    _note_written(person.id, today)
    set_committed_value(person, "last_letter_on", today)
    told = news.put_into(mail_id, person.id, now)
    asked = recurring.ask_about_drafts(mail_id, person.id, now)
    if NewsKind.PASSED in told:
        recurring.ask_for_sharper_wishes(mail_id, now)
    if NewsKind.FIFTEEN_MINUTES in told:
        planning.plan(person, now)
    if told or asked:
        recurring.go_on(mail_id, person.id, now)
        delivery_log.note_news(mail_id)
        person.news_due_at = news.next_due(person, now)


def _note_written(person_id: int, today: date) -> None:
    # In Core: to flush one changed object takes longer than all other statements of a claim.
    db.session.connection().execute(_WRITTEN, {"person": person_id, "today": today})


def _how_it_stands(mail: Claimed, now: datetime) -> Any:
    """Return the reader of a letter, the state of its round, and whether anything waits to be taken in."""
    about = {"round_id": mail.round_id, "person_id": mail.person_id}
    facts = about | {"now": now, "tomorrow": now + A_DAY}
    return db.session.connection().execute(_HOW_IT_STANDS, facts).one_or_none()


def _due(person: Person, until: datetime, now: datetime) -> list[Due]:
    rows = db.session.execute(_DUE, {"person_id": person.id, "until": until}).all()
    steps = [steps_of(round_, person) if round_.state is RoundState.OPEN else () for _, round_ in rows]
    return [
        Due(member, every, _step_due(member, every, until, now))
        for (member, _), every in zip(rows, steps, strict=True)
    ]


def _step_due(member: RosterMember, steps: tuple[Step, ...], until: datetime, now: datetime) -> Step | None:
    first = member.next_reminder_at or until
    # Steps are in order of time: of two that were missed the later one speaks.
    due = [step for step in steps if first <= step.at <= until and now - step.at <= rules.WORTH_SENDING]
    return due[-1] if due else None


def _has_outstanding(member: RosterMember, step: Step) -> bool:
    wanted = OUTSTANDING if step.for_asking else {CommitmentState.OPEN}
    row = db.session.execute(
        select(_commitment.c.id)
        .where(
            _commitment.c.round_id == member.round_id,
            _commitment.c.giver_id == member.person_id,
            _commitment.c.state.in_(wanted),
        )
        .limit(1)
    ).first()
    return row is not None


def _end_of(day: date, person: Person) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return zones.to_utc(midnight, zones.zone(person.zone)) - timedelta(microseconds=1)
