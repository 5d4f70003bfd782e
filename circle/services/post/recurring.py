"""What letters come back to: a draft that may not have been sent, and an organiser's weekly line."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select, update

from circle.extensions import db
from circle.models import Commitment, Membership, News, RosterMember, Round
from circle.models.base import UtcDateTime, as_row
from circle.rules.states import CommitmentState, NewsKind, Role, RoundState
from circle.services.post import news, news_facts

A_WEEK = timedelta(days=7)
ANSWERABLE = (RoundState.OPEN, RoundState.CLOSED)

_news, _round, _commitment = as_row(News), as_row(Round), as_row(Commitment)
_membership, _roster = as_row(Membership), as_row(RosterMember)
_DRAFTS = (
    select(_commitment.c.id, _commitment.c.circle_id)
    .join(_round, _round.c.id == _commitment.c.round_id)
    .where(
        _commitment.c.giver_id == bindparam("person_id"),
        _commitment.c.state == CommitmentState.OPEN,
        _commitment.c.drafted_at.is_not(None),
        _round.c.state.in_(ANSWERABLE),
        ~exists().where(
            _news.c.commitment_id == _commitment.c.id,
            _news.c.kind == NewsKind.DRAFTED,
            _news.c.created_at > bindparam("a_week_ago", type_=UtcDateTime),
        ),
    )
    .order_by(_commitment.c.id)
)
"""Made once: to make a statement takes longer than to run it."""


def ask_about_drafts(mail_id: int, person_id: int, now: datetime) -> bool:
    """Let a letter ask whether its reader sent their drafts, each at most once a week; True when it asks.

    Inside a unit of work.
    """
    found = {"person_id": person_id, "a_week_ago": now - A_WEEK}
    drafts = db.session.connection().execute(_DRAFTS, found).all()
    db.session.add_all(
        News(
            person_id=person_id,
            circle_id=circle_id,
            kind=NewsKind.DRAFTED,
            commitment_id=commitment_id,
            created_at=now,
            tell_from=now,
            outbox_id=mail_id,
        )
        for commitment_id, circle_id in drafts
    )
    if drafts:
        db.session.flush()
    return bool(drafts)


def ask_for_sharper_wishes(mail_id: int, now: datetime) -> None:
    """Let a letter that tells of a pass ask for a sharper wish, once a round. Inside a unit of work."""
    unasked = news_facts.passes_in([mail_id]).where(_roster.c.sharper_asked_at.is_(None))
    db.session.execute(update(_roster).where(_roster.c.id.in_(unasked)).values(sharper_asked_at=now))


def begin_weekly(round_: Round, now: datetime) -> None:
    """Tell the organisers on a round's roster once a week how it stands. Inside a unit of work."""
    organisers = (
        select(_roster.c.person_id)
        .join(_membership, _membership.c.id == _roster.c.membership_id)
        .where(_roster.c.round_id == round_.id, _membership.c.role == Role.ORGANISER)
        .order_by(_roster.c.person_id)
    )
    for person_id in list(db.session.scalars(organisers)):
        _tell_weekly(person_id, round_.circle_id, round_.id, now)


def join_weekly(person_id: int, circle_id: int, now: datetime) -> None:
    """Tell a new organiser too how the open round stands, unless they are told. Inside a unit of work."""
    waits = exists().where(
        _news.c.person_id == person_id,
        _news.c.round_id == _round.c.id,
        _news.c.kind == NewsKind.WEEKLY,
        _news.c.outbox_id.is_(None),
    )
    running = select(_round.c.id).where(
        _round.c.circle_id == circle_id, _round.c.state == RoundState.OPEN, ~waits
    )
    round_id = db.session.scalar(running)
    if round_id is not None:
        _tell_weekly(person_id, circle_id, round_id, now)


def go_on(mail_id: int, person_id: int, now: datetime) -> None:
    """Put off the next weekly line to a week after the one in this letter. Inside a unit of work."""
    lines = select(_news.c.circle_id, _news.c.round_id).where(
        _news.c.outbox_id == mail_id, _news.c.kind == NewsKind.WEEKLY
    )
    for circle_id, round_id in db.session.execute(lines).all():
        _tell_weekly(person_id, circle_id, round_id, now)


def _tell_weekly(person_id: int, circle_id: int, round_id: int, now: datetime) -> None:
    news.tell(
        person_id, NewsKind.WEEKLY, circle_id=circle_id, round_id=round_id, now=now, tell_from=now + A_WEEK
    )
