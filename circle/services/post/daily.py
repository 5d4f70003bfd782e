"""The daily letter: who gets one now, and what it takes with it; at most one a person a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from circle.extensions import db
from circle.models import Commitment, OutboxMail, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules import reminders as rules
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.reminders import Step
from circle.rules.states import CommitmentState, MailKind, RoundState, Switch
from circle.services.post import carriers, delivery_log, news, outbox, recurring
from circle.services.post.readers import wants
from circle.services.post.reminders import steps_of
from circle.services.together import together
from circle.services.work import end_reading, hold_circles_of, writing

DAILY = Switch.DAILY
"""The switch of the daily letter."""

_person, _member = as_row(Person), as_row(RosterMember)
_mail, _commitment = as_row(OutboxMail), as_row(Commitment)
_beside = _mail.alias()
_FIRST_AT_THE_MOMENT = (
    select(func.min(_beside.c.id))
    .join(_mail, (_mail.c.person_id == _beside.c.person_id) & (_mail.c.created_at == _beside.c.created_at))
    .where(_mail.c.id == bindparam("mail_id"), _beside.c.kind.in_((*carriers.KINDS, MailKind.DAILY.key)))
)
"""Of the letters to the same person at the same moment the first that can hold reminders."""


@dataclass(frozen=True, slots=True)
class Due:
    """One roster row whose reminder has come due, all steps of its round, and the step that still speaks."""

    member: RosterMember
    steps: tuple[Step, ...]
    step: Step | None


def people_due(now: datetime) -> list[int]:
    """List the people for whom a reminder or the letter that tells their news has come due."""
    told = select(_person.c.id).where(_person.c.news_due_at <= now)
    reminded = select(_member.c.person_id).where(_member.c.next_reminder_at <= now)
    due = told.union(reminded).subquery()
    # Looked up here, without a lock: while no mail goes out these people stay due at every pass.
    waiting = carriers.on_their_way(_mail.c.person_id == due.c.id, now).exists()
    ids = db.session.execute(select(due.c.id).where(~waiting)).scalars().all()
    end_reading()
    return sorted(ids)


def write_daily(person_id: int, now: datetime) -> bool:
    """Queue a person's daily letter if there is something to say; True when there was."""
    with writing():
        person = _locked(person_id)
        today = zones.local_day(now, zones.zone(person.zone))
        if carriers.is_on_its_way(person_id, now):
            return False
        reminded = _move_on(person, now, now)
        told = _take_due_news(person, now)
        if person.last_letter_on == today or not (reminded or told):
            return False
        if not wants(person, DAILY, today):
            _keep_or_forget(person, now)
            return False
        if not reminded and carriers.comes_today(person, now):
            return False
        return _queue(person, reminded, today, now)


def rounds_speaking(person: Person, now: datetime) -> int:
    """Return in how many rounds a reminder of this person is due and has something to say."""
    return sum(_has_outstanding(each.member, each.step) for each in _due(person, now, now) if each.step)


def take_in(mail_id: int, now: datetime) -> None:
    """Let a letter that opens or closes a round carry what the day's daily letter would have said."""

    def carry() -> None:
        mail = db.session.get_one(OutboxMail, mail_id)
        person = _locked(mail.person_id or 0)
        today = zones.local_day(now, zones.zone(person.zone))
        if not wants(person, DAILY, today):
            return
        if carries_reminders(mail_id):
            for member in _move_on(person, _end_of(today, person), now):
                member.last_reminder_at = mail.created_at
                delivery_log.note_circle(mail_id, member.circle_id)
        _put_news_into(mail_id, person, today, now)

    together(carry)


def carries_reminders(mail_id: int) -> bool:
    """Say whether a letter, of several written at one moment, is the one that holds the reminders."""
    first = db.session.connection().execute(_FIRST_AT_THE_MOMENT, {"mail_id": mail_id}).scalar()
    return bool(first == mail_id)


def _locked(person_id: int) -> Person:
    hold_circles_of(person_id)
    return db.session.execute(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def _move_on(person: Person, until: datetime, now: datetime) -> list[RosterMember]:
    """Move each reminder due by `until` on to its next step; return those that have something to say."""
    reminded = []
    for due in _due(person, until, now):
        says = due.step is not None and _has_outstanding(due.member, due.step)
        following = rules.upcoming(due.steps, until)
        due.member.next_reminder_at = following.at if following else None
        if says:
            reminded.append(due.member)
    return reminded


def _due(person: Person, until: datetime, now: datetime) -> list[Due]:
    rows = db.session.execute(
        select(RosterMember, Round)
        .join(Round, Round.id == RosterMember.round_id)
        .where(RosterMember.person_id == person.id, RosterMember.next_reminder_at <= until)
    ).all()
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


def _take_due_news(person: Person, now: datetime) -> bool:
    if person.news_due_at is None or person.news_due_at > now:
        return False
    # Past its day, or on a day whose letter has gone out, news waits for the person's next hour.
    today = zones.local_day(now, zones.zone(person.zone))
    fresh = rules.still_due(person.news_due_at, now) and person.last_letter_on != today
    news.drop_untrue(person.id, now)
    speaks = news.speaks(person, now)
    person.news_due_at = news.next_due(person, now)
    return fresh and speaks


def _keep_or_forget(person: Person, now: datetime) -> None:
    if DAILY in person.letters_off.split():
        news.forget(person.id, now)
    person.news_due_at = news.next_due(person, now)


def _put_news_into(mail_id: int, person: Person, today: date, now: datetime) -> None:
    person.last_letter_on = today
    news.put_into(mail_id, person.id, now)
    recurring.ask_about_drafts(mail_id, person.id, now)
    recurring.go_on(mail_id, person.id, now)
    delivery_log.note_news(mail_id)
    person.news_due_at = news.next_due(person, now)


def _queue(person: Person, reminded: list[RosterMember], today: date, now: datetime) -> bool:
    key = f"{MailKind.DAILY.key}:{person.id}:{today.isoformat()}"
    is_new = outbox.queue(MailKind.DAILY, key=key, now=now, person_id=person.id)
    if is_new:
        mail_id = db.session.execute(select(_mail.c.id).where(_mail.c.dedupe_key == key)).scalar_one()
        for member in reminded:
            member.last_reminder_at = now
            delivery_log.note_circle(mail_id, member.circle_id)
        _put_news_into(mail_id, person, today, now)
    return is_new


def _end_of(day: date, person: Person) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return zones.to_utc(midnight, zones.zone(person.zone)) - timedelta(microseconds=1)
