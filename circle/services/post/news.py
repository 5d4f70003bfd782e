"""News: what a person is told in their next daily letter, unless it is taken back before."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from circle.extensions import db
from circle.models import News, OutboxMail, Person
from circle.models.base import as_row
from circle.rules import reminders as moments
from circle.rules.states import MailState, NewsKind
from circle.services.post.readers import reader_of

_news, _person, _mail = as_row(News), as_row(Person), as_row(OutboxMail)


def tell(
    person_id: int,
    kind: NewsKind,
    *,
    circle_id: int | None,
    now: datetime,
    commitment_id: int | None = None,
    introduction_id: int | None = None,
    about_id: int | None = None,
) -> None:
    """Put something into the person's next daily letter. Inside a unit of work."""
    # Locked, so that no letter is being written that would miss this; foreign keys do not wait for it.
    person = db.session.execute(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()
    db.session.add(
        News(
            person_id=person_id,
            circle_id=circle_id,
            kind=kind,
            commitment_id=commitment_id,
            introduction_id=introduction_id,
            about_id=about_id,
            created_at=now,
            tell_from=now,
        )
    )
    moment = moments.next_moment(now, reader_of(person))
    if moment and (person.news_due_at is None or moment < person.news_due_at):
        person.news_due_at = moment
    db.session.flush()


def take_back(*, introduction_id: int | None = None, commitment_id: int | None = None) -> bool:
    """Forget news that nobody was told yet; True when there was some. Inside a unit of work."""
    if (introduction_id is None) == (commitment_id is None):
        raise ValueError("name an introduction or a commitment")
    about = (
        _news.c.introduction_id == introduction_id
        if introduction_id is not None
        else _news.c.commitment_id == commitment_id
    )
    untold = or_(_news.c.outbox_id.is_(None), _news.c.outbox_id.in_(_still_queued(about)))
    result = db.session.execute(delete(_news).where(about, untold))
    return bool(result.rowcount)  # type: ignore[attr-defined] # a statement that writes has a row count


def _still_queued(about: ColumnElement[bool]) -> list[int]:
    # Locked, so that no worker claims such a letter before it has lost what is taken back.
    holding = select(_news.c.outbox_id).where(about)
    queued = select(_mail.c.id).where(
        _mail.c.id.in_(holding), _mail.c.state == MailState.QUEUED, _mail.c.wire.is_(None)
    )
    return list(db.session.scalars(queued.with_for_update()))


def untell(mail_ids: Sequence[int], now: datetime) -> None:
    """Keep for the next letter what was to be told in letters that never went out. Inside a unit of work."""
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
            .where(_person.c.id.in_(untold), _person.c.news_due_at.is_(None))
            .values(news_due_at=now)
        )


def waiting_count(person_id: int) -> int:
    """Return how many pieces of news no letter holds yet."""
    waiting = select(func.count()).select_from(_news)
    waiting = waiting.where(_news.c.person_id == person_id, _news.c.outbox_id.is_(None))
    return int(db.session.execute(waiting).scalar_one())


def put_into(mail_id: int, person_id: int) -> None:
    """Let a letter tell all that waits for a person. Inside a unit of work."""
    db.session.execute(
        update(_news)
        .where(_news.c.person_id == person_id, _news.c.outbox_id.is_(None))
        .values(outbox_id=mail_id)
    )


def forget(person_id: int) -> None:
    """Forget what waits for a person who does not want the daily letter. Inside a unit of work."""
    db.session.execute(delete(_news).where(_news.c.person_id == person_id, _news.c.outbox_id.is_(None)))
