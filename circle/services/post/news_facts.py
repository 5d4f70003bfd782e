"""What a letter tells its reader about introductions: the facts behind each piece of news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction, Membership, News, Person
from circle.models.base import as_row
from circle.rules.states import CommitmentState, NewsKind, Outcome, Synergy

FROM_THE_GIVER = (NewsKind.INTRODUCED, NewsKind.WITHDRAWN, NewsKind.PASSED)

_news, _person, _circle = as_row(News), as_row(Person), as_row(Circle)
_membership, _commitment, _introduction = as_row(Membership), as_row(Commitment), as_row(Introduction)


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news; `other` is the person at the other end of the introduction."""

    kind: NewsKind
    circle_ref: str
    circle_name: str
    other: str
    contact: str
    synergy: Synergy | None
    reason: str
    outcome: Outcome | None
    thanks: str
    withdrawn_at: datetime | None
    state: CommitmentState | None
    passed_line: str
    introduction_ref: str

    @property
    def still_true(self) -> bool:
        return {
            NewsKind.INTRODUCED: self.withdrawn_at is None,
            NewsKind.WITHDRAWN: self.withdrawn_at is not None,
            NewsKind.PASSED: self.state is CommitmentState.PASSED,
            NewsKind.ANSWERED: self.outcome is not None,
            NewsKind.THANKED: bool(self.thanks),
        }[self.kind]


_OTHER = case(
    (
        _news.c.kind.in_(FROM_THE_GIVER),
        func.coalesce(_introduction.c.giver_id, _commitment.c.giver_id),
    ),
    else_=func.coalesce(_introduction.c.receiver_id, _commitment.c.receiver_id),
)

_TOLD = (
    select(
        _news.c.kind,
        _circle.c.public_id,
        _circle.c.name,
        _person.c.name,
        func.coalesce(_introduction.c.contact_name, ""),
        _introduction.c.synergy,
        func.coalesce(_introduction.c.reason, ""),
        _introduction.c.outcome,
        func.coalesce(_introduction.c.thanks, ""),
        _introduction.c.withdrawn_at,
        _commitment.c.state,
        func.coalesce(_commitment.c.passed_line, ""),
        func.coalesce(_introduction.c.public_id, ""),
    )
    .select_from(_news)
    .join(_introduction, _introduction.c.id == _news.c.introduction_id, isouter=True)
    .join(_commitment, _commitment.c.id == _news.c.commitment_id, isouter=True)
    .join(_person, _person.c.id == _OTHER)
    .join(_circle, _circle.c.id == _news.c.circle_id)
    .join(
        _membership,
        (_membership.c.circle_id == _news.c.circle_id) & (_membership.c.person_id == _news.c.person_id),
    )
    .where(_membership.c.left_at.is_(None), _circle.c.archived_at.is_(None))
    .order_by(_news.c.created_at, _news.c.id)
)


def news_in(mail_id: int) -> list[Told]:
    """Return what a letter tells, oldest first, as far as it is still true."""
    rows: Sequence[Any] = db.session.execute(_TOLD.where(_news.c.outbox_id == mail_id)).all()
    return [told for told in (Told(*row) for row in rows) if told.still_true]
