"""The daily letter: who gets one now, and what it takes with it; at most one a person a day."""

from datetime import date, datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import OutboxMail, Person, RosterMember
from circle.models.base import as_row
from circle.rules import reminders as rules
from circle.rules import zones
from circle.rules.states import MailKind
from circle.services.post import carriers, days, delivery_log, news, outbox
from circle.services.post.readers import wants
from circle.services.thinking import planning
from circle.services.work import end_reading, writing

_person, _member, _mail = as_row(Person), as_row(RosterMember), as_row(OutboxMail)


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
        person = days.locked(person_id)
        today = zones.local_day(now, zones.zone(person.zone))
        if carriers.is_on_its_way(person_id, now):
            return False
        reminded = days.move_on(person, now, now)
        told = _take_due_news(person, now)
        if person.last_letter_on == today or not (reminded or told):
            return False
        if not wants(person, days.DAILY, today):
            _keep_or_forget(person, now)
            return False
        if not reminded and carriers.comes_today(person, now):
            return False
        return _queue(person, reminded, today, now)


def _take_due_news(person: Person, now: datetime) -> bool:
    if person.news_due_at is None or person.news_due_at > now:
        return False
    # Past its day, or on a day whose letter has gone out, news waits for the person's next hour.
    today = zones.local_day(now, zones.zone(person.zone))
    fresh = rules.still_due(person.news_due_at, now) and person.last_letter_on != today
    planning.keep_to_its_day(person, now)
    news.drop_untrue(person.id, now)
    speaks = news.speaks(person, now)
    person.news_due_at = news.next_due(person, now)
    return fresh and speaks


def _keep_or_forget(person: Person, now: datetime) -> None:
    if days.DAILY in person.letters_off.split():
        news.forget(person.id, now)
    person.news_due_at = news.next_due(person, now)


def _queue(person: Person, reminded: list[RosterMember], today: date, now: datetime) -> bool:
    key = f"{MailKind.DAILY.key}:{person.id}:{today.isoformat()}"
    is_new = outbox.queue(MailKind.DAILY, key=key, now=now, person_id=person.id)
    if is_new:
        mail_id = db.session.execute(select(_mail.c.id).where(_mail.c.dedupe_key == key)).scalar_one()
        for member in reminded:
            member.last_reminder_at = now
            delivery_log.note_circle(mail_id, member.circle_id)
        days.put_news_into(mail_id, person, today, now)
    return is_new
