"""Choosing: of whom somebody thinks in their next fifteen minutes, up to three, the most useful first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Commitment, Contact, Person, Round, Sitting, Thought
from circle.models.base import as_row
from circle.rules.names import first_name
from circle.rules.states import CommitmentState, RoundState
from circle.services.giving import fellows
from circle.services.knowing import asking, suggestions

MOST = 3
HALF_A_DAY = timedelta(hours=12)
NEVER = datetime.min.replace(tzinfo=UTC)

_person = as_row(Person)
_commitment, _round, _contact = as_row(Commitment), as_row(Round), as_row(Contact)
_sitting, _thought = as_row(Sitting), as_row(Thought)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing to think about: a member, perhaps with a contact who may fit, or a question about one."""

    name: str
    circle_id: int | None = None
    member_id: int | None = None
    contact_id: int | None = None
    asked: str = ""
    thought_at: datetime | None = None
    """When this member was thought of last."""

    @property
    def first_name(self) -> str:
        return first_name(self.name) or "somebody"


def choose(person_id: int, now: datetime, most: int = MOST) -> list[Chosen]:
    """Return whom to think of: who is still open, then one question, then the members of all one's circles.

    Who was thought of longest ago comes first in each group, and who was thought of just now last of all. It
    only reads.
    """
    waiting = [one for one in _waiting(person_id) if not _is_fresh(one, now)]
    chosen = _with_suggestions(person_id, waiting[:most], now)
    if len(chosen) < most:
        chosen += _question(person_id, now, {one.contact_id for one in chosen})
    if len(chosen) < most:
        known = {member.member_id for member in waiting}
        others = [one for one in _companions(person_id) if one.member_id not in known]
        chosen += others[: most - len(chosen)]
    return chosen


def _waiting(person_id: int) -> list[Chosen]:
    """Return whom the giver has still to introduce in open rounds, each once."""
    rows = db.session.execute(
        select(_person.c.id, _person.c.name, _commitment.c.circle_id)
        .select_from(_commitment)
        .join(_round, _round.c.id == _commitment.c.round_id)
        .join(_person, _person.c.id == _commitment.c.receiver_id)
        .where(
            _commitment.c.giver_id == person_id,
            _commitment.c.state == CommitmentState.OPEN,
            _round.c.state == RoundState.OPEN,
        )
        .order_by(_round.c.due_at, _commitment.c.id)
    ).all()
    return _longest_ago(person_id, rows)


def _companions(person_id: int) -> list[Chosen]:
    """Return the members of all circles somebody sits in, each once; whose introduction is under way last."""
    members = sorted(fellows.of(person_id), key=lambda one: one.is_outstanding)
    return _longest_ago(person_id, [(one.person_id, one.name, one.circle_id) for one in members])


def _longest_ago(person_id: int, rows: Sequence[tuple[int, str, int]]) -> list[Chosen]:
    last = select(_thought.c.member_id, func.max(_thought.c.settled_at)).join(
        _sitting, _sitting.c.id == _thought.c.sitting_id
    )
    theirs = last.where(_sitting.c.person_id == person_id, _thought.c.member_id.is_not(None))
    found: Sequence[Any] = db.session.execute(theirs.group_by(_thought.c.member_id)).all()
    thought_of: dict[int, datetime] = dict(found)
    members: dict[int, Chosen] = {}
    for member_id, name, circle_id in rows:
        last_at = thought_of.get(member_id)
        members.setdefault(member_id, Chosen(name, circle_id, member_id, thought_at=last_at))
    return sorted(members.values(), key=lambda one: one.thought_at or NEVER)


def _is_fresh(member: Chosen, now: datetime) -> bool:
    return member.thought_at is not None and now - member.thought_at < HALF_A_DAY


def _with_suggestions(person_id: int, members: Sequence[Chosen], now: datetime) -> list[Chosen]:
    """Put beside each member whom the giver knows who fits them best, where there is somebody."""
    best: dict[int, str] = {}
    for circle_id in dict.fromkeys(one.circle_id or 0 for one in members):
        here = [one.member_id or 0 for one in members if one.circle_id == circle_id]
        found = suggestions.suggest(person_id, circle_id, here, now, most=1)
        best |= {member: fitting[0].ref for member, fitting in found.items()}
    ids = _contact_ids(best.values())
    return [
        Chosen(one.name, one.circle_id, one.member_id, ids.get(best.get(one.member_id or 0, "")))
        for one in members
    ]


def _question(person_id: int, now: datetime, beside: set[int | None]) -> list[Chosen]:
    asked = asking.one_question(person_id, now)
    contact_id = _contact_ids([asked.ref])[asked.ref] if asked else None
    if asked is None or contact_id in beside:
        return []
    return [Chosen(asked.name, contact_id=contact_id, asked=asked.asked.name)]


def _contact_ids(refs: Iterable[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(_contact.c.public_id, _contact.c.id).where(_contact.c.public_id.in_(refs))
    )
    return {ref: contact_id for ref, contact_id in rows}  # noqa: C416 - rows are not pairs to dict()
