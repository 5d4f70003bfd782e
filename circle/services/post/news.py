"""News: what a person is told in their next daily letter, unless it is taken back before."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update

from circle.extensions import db
from circle.models import News, OutboxMail, Person, RosterMember
from circle.models.base import UtcDateTime, as_row
from circle.rules import reminders as moments
from circle.rules import zones
from circle.rules.states import MailState, NewsKind
from circle.services.post import news_facts
from circle.services.post.readers import reader_of

QUESTIONS = frozenset({NewsKind.HOW_DID_IT_GO, NewsKind.DRAFTED})
"""What is asked of the reader, rather than told."""

PATIENT = frozenset({NewsKind.HOW_DID_IT_GO, NewsKind.WEEKLY})
"""What goes with any letter, but is no reason for one within PATIENCE of the last."""
PATIENCE = timedelta(days=4)

_news, _person, _mail = as_row(News), as_row(Person), as_row(OutboxMail)
_roster = as_row(RosterMember)
_PUT = (
    update(_news)
    .where(
        _news.c.person_id == bindparam("whose"),
        _news.c.outbox_id.is_(None),
        _news.c.tell_from <= bindparam("now", type_=UtcDateTime),
    )
    .returning(_news.c.kind)
)
"""Made once: to make a statement takes longer than to run it."""


def tell(
    person_id: int,
    kind: NewsKind,
    *,
    circle_id: int | None,
    now: datetime,
    tell_from: datetime | None = None,
    **about: int | None,
) -> None:
    """Put something into the person's next daily letter, none before `tell_from`. Inside a unit of work.

    `about` sets the columns that say what it is about.
    """
    # Locked, so that no letter is being written that would miss this; foreign keys do not wait for it.
    person = db.session.execute(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()
    first = tell_from or now
    db.session.add(
        News(person_id=person_id, circle_id=circle_id, kind=kind, created_at=now, tell_from=first, **about)
    )
    moment = moments.next_moment(first, reader_of(person))
    if moment and (person.news_due_at is None or moment < person.news_due_at):
        person.news_due_at = moment
    db.session.flush()


def take_back(*, introduction_id: int | None = None, commitment_id: int | None = None) -> bool:
    """Forget news that nobody was told yet; True when what it began with was among it.

    Inside a unit of work. A question that waits for its day is forgotten too, and does not count.
    """
    if (introduction_id is None) == (commitment_id is None):
        raise ValueError("name an introduction or a commitment")
    about = (
        _news.c.introduction_id == introduction_id
        if introduction_id is not None
        else _news.c.commitment_id == commitment_id
    )
    untold = or_(_news.c.outbox_id.is_(None), _news.c.outbox_id.in_(_still_queued(about)))
    kinds = db.session.scalars(delete(_news).where(about, untold).returning(_news.c.kind)).all()
    return any(kind not in QUESTIONS for kind in kinds)


def stop_asking(introduction_id: int) -> None:
    """Forget to ask how an introduction went: its receiver has said so. Inside a unit of work."""
    db.session.execute(
        delete(_news).where(
            _news.c.introduction_id == introduction_id,
            _news.c.kind == NewsKind.HOW_DID_IT_GO,
            _news.c.outbox_id.is_(None),
        )
    )


def _still_queued(about: ColumnElement[bool]) -> list[int]:
    # Locked, so that no worker claims such a letter before it has lost what is taken back.
    holding = select(_news.c.outbox_id).where(about)
    queued = select(_mail.c.id).where(
        _mail.c.id.in_(holding), _mail.c.state == MailState.QUEUED, _mail.c.wire.is_(None)
    )
    return list(db.session.scalars(queued.with_for_update()))


def untell(mail_ids: Sequence[int], now: datetime) -> None:
    """Keep for the next letter what was to be told in letters that never went out. Inside a unit of work."""
    _forget_asking_for_sharper_wishes(mail_ids)
    untold = (
        db.session.execute(
            update(_news)
            .where(_news.c.outbox_id.in_(mail_ids))
            .values(outbox_id=None)
            .returning(_news.c.person_id)
        )
        .scalars()
        .all()
        if mail_ids
        else []
    )
    if untold:
        db.session.execute(
            update(_person)
            .where(
                _person.c.id.in_(untold), or_(_person.c.news_due_at.is_(None), _person.c.news_due_at > now)
            )
            .values(news_due_at=now)
        )


def _forget_asking_for_sharper_wishes(mail_ids: Sequence[int]) -> None:
    lost = news_facts.passes_in(mail_ids).where(_roster.c.sharper_asked_at >= _mail.c.created_at)
    db.session.execute(update(_roster).where(_roster.c.id.in_(lost)).values(sharper_asked_at=None))


def waiting_count(person_id: int, now: datetime) -> int:
    """Return how many pieces of news could be told now and are in no letter yet."""
    waiting = select(func.count()).select_from(_news).where(*_waits(person_id, now))
    return int(db.session.execute(waiting).scalar_one())


def drop_untrue(person_id: int, now: datetime) -> None:
    """Forget what waits and is not so any more: no letter is begun for it. Inside a unit of work."""
    true = news_facts.true_ids(person_id)
    db.session.execute(delete(_news).where(*_waits(person_id, now), _news.c.id.not_in(true)))


def put_into(mail_id: int, person_id: int, now: datetime) -> frozenset[NewsKind]:
    """Let a letter tell all that waits for a person, and return of which kinds that is. In a unit of work."""
    put = {"whose": person_id, "now": now, "outbox_id": mail_id}
    return frozenset(db.session.connection().execute(_PUT, put).scalars())


def speaks(person: Person, now: datetime) -> bool:
    """Say whether what waits is a reason for a letter now: what can wait is none soon after the last one."""
    first = _first_to_tell(person)
    return first is not None and first <= now


def next_due(person: Person, now: datetime) -> datetime | None:
    """Return the moment of the letter that tells what still waits; None when nothing does."""
    first = _first_to_tell(person)
    return moments.next_moment(max(first, now), reader_of(person)) if first else None


def forget(person_id: int, now: datetime) -> None:
    """Forget what waits for a person who does not want the daily letter. Inside a unit of work."""
    db.session.execute(delete(_news).where(*_waits(person_id, now)))


def _waits(person_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_news.c.person_id == person_id, _news.c.outbox_id.is_(None), _news.c.tell_from <= now)


def _first_to_tell(person: Person) -> datetime | None:
    waits = select(func.min(_news.c.tell_from)).where(
        _news.c.person_id == person.id, _news.c.outbox_id.is_(None)
    )
    soon = db.session.scalar(waits.where(_news.c.kind.not_in(PATIENT)))
    later = db.session.scalar(waits.where(_news.c.kind.in_(PATIENT)))
    if later and person.last_letter_on:
        later = max(later, _start_of(person.last_letter_on + PATIENCE, person))
    return min((one for one in (soon, later) if one), default=None)


def _start_of(day: date, person: Person) -> datetime:
    return zones.to_utc(datetime.combine(day, time()), zones.zone(person.zone))
