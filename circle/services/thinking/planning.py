"""Planning: on which day the daily letter brings fifteen minutes next; inside a unit of work."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, select

from circle.extensions import db
from circle.models import News, Person
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.absence import Absence
from circle.rules.reminders import next_moment
from circle.rules.states import NewsKind
from circle.services.post import news
from circle.services.post.readers import reader_of
from circle.services.thinking import choosing

_news = as_row(News)
JUST = timedelta(microseconds=1)
"""A letter is written after its news may be told, and an hour may be midnight."""


def plan(person: Person, now: datetime, *, today_too: bool | None = None) -> None:
    """Let the letter of the next chosen day bring fifteen minutes, in place of what was planned before.

    Today is such a day while its letter is ahead, unless it is said.
    """
    today_too = _is_ahead(person, now) if today_too is None else today_too
    db.session.execute(delete(_news).where(*_planned(person.id)))
    zone = zones.zone(person.zone)
    day = _next_day(person, zones.local_day(now, zone) + timedelta(days=not today_too))
    if day:
        begins = zones.to_utc(datetime.combine(day, time()), zone) - JUST
        news.tell(person.id, NewsKind.FIFTEEN_MINUTES, circle_id=None, now=now, tell_from=begins)
    person.news_due_at = news.next_due(person, now)


def keep_to_its_day(person: Person, now: datetime) -> None:
    """Put off what was for an earlier day, or for one on which there is nobody to think of."""
    if not person.quarter_weekdays:
        return
    waiting = select(_news.c.tell_from).where(*_planned(person.id), _news.c.tell_from <= now)
    told_from = db.session.scalar(waiting.limit(1))
    if told_from is None:
        return
    zone = zones.zone(person.zone)
    today = zones.local_day(now, zone)
    if person.last_letter_on != today and _suits(person, today, now):
        if zones.local_day(told_from + JUST, zone) != today:
            plan(person, now, today_too=True)
    else:
        plan(person, now)


def _is_ahead(person: Person, now: datetime) -> bool:
    zone = zones.zone(person.zone)
    today, moment = zones.local_day(now, zone), next_moment(now, reader_of(person))
    return bool(moment) and zones.local_day(moment or now, zone) == today and person.last_letter_on != today


def _suits(person: Person, today: date, now: datetime) -> bool:
    is_away = person.away_from and Absence(person.away_from, person.away_until).holds(today)
    return not is_away and bool(choosing.choose(person.id, now))


def _next_day(person: Person, first: date) -> date | None:
    """Return the first chosen day from this one on that letters may come on too."""
    chosen = set(person.quarter_weekdays) & set(person.letter_weekdays)
    if not person.quarter_in_letter or not chosen:
        return None
    week = (first + timedelta(days=ahead) for ahead in range(7))
    return next(day for day in week if str(day.weekday()) in chosen)


def _planned(person_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        _news.c.person_id == person_id,
        _news.c.kind == NewsKind.FIFTEEN_MINUTES,
        _news.c.outbox_id.is_(None),
    )
