"""What a letter tells its reader: the facts behind each piece of news, and whether it is still so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, exists, false, func, select

from circle.extensions import db
from circle.models import (
    Circle,
    Commitment,
    Contact,
    Introduction,
    Membership,
    News,
    OutboxMail,
    Person,
    RosterMember,
    Round,
)
from circle.models.base import as_row
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, NewsKind, Outcome, Role, RoundState, Shape, Synergy
from circle.services.giving import second_looks

FROM_THE_GIVER = (NewsKind.INTRODUCED, NewsKind.WITHDRAWN, NewsKind.PASSED, NewsKind.HOW_DID_IT_GO)
ANSWERABLE = frozenset({RoundState.OPEN, RoundState.CLOSED})

_news, _person, _circle, _round = as_row(News), as_row(Person), as_row(Circle), as_row(Round)
_membership, _commitment, _introduction = as_row(Membership), as_row(Commitment), as_row(Introduction)
_contact, _theirs = as_row(Contact), as_row(Membership).alias()
_roster, _mail = as_row(RosterMember), as_row(OutboxMail)


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news; `other` is the person at the other end, or whom it is about."""

    id: int
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
    made_on: date | None
    commitment_id: int | None
    drafted_at: datetime | None
    asks_member: bool
    """The draft goes to the receiver first, to ask them."""
    round_id: int | None
    round_state: RoundState | None
    role: Role | None
    is_refused: bool
    wish: str
    looks_again: bool
    note: str

    @property
    def still_true(self) -> bool:
        organises = self.role is Role.ORGANISER
        return {
            NewsKind.INTRODUCED: self.withdrawn_at is None,
            NewsKind.WITHDRAWN: self.withdrawn_at is not None,
            NewsKind.PASSED: self.state is CommitmentState.PASSED,
            NewsKind.ANSWERED: self.outcome is not None,
            NewsKind.THANKED: bool(self.thanks),
            NewsKind.HOW_DID_IT_GO: self.withdrawn_at is None and self.outcome is None,
            NewsKind.DRAFTED: self._waits_to_be_sent,
            NewsKind.WEEKLY: organises and self.round_state is RoundState.OPEN,
            NewsKind.UNDELIVERABLE: organises and self.is_refused,
            NewsKind.FIFTEEN_MINUTES: True,
            NewsKind.LOOK_AGAIN: self.looks_again and self.round_state is RoundState.OPEN,
        }[self.kind]

    @property
    def _waits_to_be_sent(self) -> bool:
        is_open = self.state is CommitmentState.OPEN and self.round_state in ANSWERABLE
        return is_open and self.drafted_at is not None


_OTHER = case(
    (
        _news.c.kind.in_(FROM_THE_GIVER),
        func.coalesce(_introduction.c.giver_id, _commitment.c.giver_id),
    ),
    else_=func.coalesce(_introduction.c.receiver_id, _commitment.c.receiver_id, _news.c.about_id),
)
_ROUND = func.coalesce(_news.c.round_id, _commitment.c.round_id, _introduction.c.round_id)
_SITS_THERE = exists().where(
    _theirs.c.circle_id == _news.c.circle_id,
    _theirs.c.person_id == _news.c.about_id,
    _theirs.c.left_at.is_(None),
)

_TOLD = (
    select(
        _news.c.id,
        _news.c.kind,
        func.coalesce(_circle.c.public_id, ""),
        func.coalesce(_circle.c.name, ""),
        func.coalesce(_person.c.name, ""),
        func.coalesce(_introduction.c.contact_name, _contact.c.name, ""),
        _introduction.c.synergy,
        func.coalesce(_introduction.c.reason, ""),
        _introduction.c.outcome,
        func.coalesce(_introduction.c.thanks, ""),
        _introduction.c.withdrawn_at,
        _commitment.c.state,
        func.coalesce(_commitment.c.passed_line, ""),
        func.coalesce(_introduction.c.public_id, ""),
        _introduction.c.made_on,
        _commitment.c.id,
        _commitment.c.drafted_at,
        func.coalesce(_commitment.c.draft_shape == Shape.ASK_MEMBER, false()),
        _round.c.id,
        _round.c.state,
        _membership.c.role,
        _person.c.mail_refused_at.is_not(None) & _SITS_THERE,
        func.coalesce(_person.c.wish, ""),
        func.coalesce(second_looks.wanted(_commitment, _person), False),
        func.coalesce(_introduction.c.outcome_note, ""),
    )
    .select_from(_news)
    .join(_introduction, _introduction.c.id == _news.c.introduction_id, isouter=True)
    .join(_commitment, _commitment.c.id == _news.c.commitment_id, isouter=True)
    .join(
        # What is kept from before a pass is nothing to tell: its receiver reads this as well.
        _contact,
        (_contact.c.id == _commitment.c.contact_id) & _commitment.c.state.in_(OUTSTANDING),
        isouter=True,
    )
    .join(_round, _round.c.id == _ROUND, isouter=True)
    .join(_person, _person.c.id == _OTHER, isouter=True)
    .join(_circle, _circle.c.id == _news.c.circle_id, isouter=True)
    .join(
        _membership,
        (_membership.c.circle_id == _news.c.circle_id) & (_membership.c.person_id == _news.c.person_id),
        isouter=True,
    )
    .where(
        (_news.c.circle_id.is_(None) & (_news.c.kind == NewsKind.FIFTEEN_MINUTES))
        | (_membership.c.id.is_not(None) & _membership.c.left_at.is_(None) & _circle.c.archived_at.is_(None))
    )
    .order_by(_news.c.created_at, _news.c.id)
)
_TOLD_IN = _TOLD.where(_news.c.outbox_id == bindparam("mail_id"))
"""Made once: to make a statement takes longer than to run it."""


def news_in(mail_id: int) -> list[Told]:
    """Return what a letter tells, oldest first, as far as it is still true."""
    rows: Sequence[Any] = db.session.connection().execute(_TOLD_IN, {"mail_id": mail_id}).all()
    return [told for told in (Told(*row) for row in rows) if told.still_true]


def true_ids(person_id: int) -> list[int]:
    """Return the ids of what no letter has told a person yet and is still true."""
    waiting = _TOLD.where(_news.c.person_id == person_id, _news.c.outbox_id.is_(None))
    rows: Sequence[Any] = db.session.execute(waiting).all()
    return [told.id for told in (Told(*row) for row in rows) if told.still_true]


def round_to_sharpen_for(mail_id: int, person_id: int) -> int | None:
    """Return the open round for which this letter asks its reader for a sharper wish, None for none."""
    asked = (
        passes_in([mail_id])
        .join(_round, (_round.c.id == _roster.c.round_id) & (_round.c.state == RoundState.OPEN))
        .where(_roster.c.person_id == person_id, _roster.c.sharper_asked_at >= _mail.c.created_at)
        .with_only_columns(_roster.c.round_id)
    )
    return db.session.scalar(asked.order_by(_round.c.due_at).limit(1))


def passes_in(mail_ids: Sequence[int]) -> Select[tuple[int]]:
    """Return the query for the roster rows of those whom these letters tell of a pass."""
    return (
        select(_roster.c.id)
        .join(_commitment, _commitment.c.round_id == _roster.c.round_id)
        .join(_news, (_news.c.commitment_id == _commitment.c.id) & (_news.c.person_id == _roster.c.person_id))
        .join(_mail, _mail.c.id == _news.c.outbox_id)
        .where(_news.c.kind == NewsKind.PASSED, _mail.c.id.in_(mail_ids))
    )
