"""Fellows: the members of one's circles, with what one promised each of them in the round that takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select

from circle.extensions import db
from circle.models import Circle, Commitment, Membership, Person, Round
from circle.models.base import as_row
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name
from circle.rules.states import CommitmentState, RoundState
from circle.services.giving.standing import ANSWERABLE

_person, _circle, _membership = as_row(Person), as_row(Circle), as_row(Membership)
_round, _commitment = as_row(Round), as_row(Commitment)
_mine = _membership.alias()

FELLOWS = (
    select(
        _membership.c.public_id,
        _person.c.id,
        _person.c.name,
        _person.c.email,
        _person.c.wish,
        _circle.c.id,
        _circle.c.name,
        _circle.c.public_id,
        _round.c.number,
        _round.c.state,
        _commitment.c.state,
    )
    .join(_person, _person.c.id == _membership.c.person_id)
    .join(_circle, _circle.c.id == _membership.c.circle_id)
    .join(_mine, _mine.c.circle_id == _circle.c.id)
    .outerjoin(_round, and_(_round.c.circle_id == _circle.c.id, _round.c.state.in_(ANSWERABLE)))
    .outerjoin(
        _commitment,
        and_(
            _commitment.c.round_id == _round.c.id,
            _commitment.c.giver_id == bindparam("me"),
            _commitment.c.receiver_id == _person.c.id,
        ),
    )
    .where(
        _mine.c.person_id == bindparam("me"),
        _mine.c.left_at.is_(None),
        _circle.c.archived_at.is_(None),
        _membership.c.left_at.is_(None),
        _membership.c.person_id != bindparam("me"),
    )
    .order_by(_circle.c.id, _membership.c.seat, _round.c.number)
)


@dataclass(frozen=True, slots=True)
class Fellow:
    """A member of one circle, by the public id of the membership; no round is None, no promise too."""

    ref: str
    person_id: int
    name: str
    email: str
    wish: str
    circle_id: int
    circle: str
    circle_ref: str
    number: int | None
    round_state: RoundState | None
    promise: CommitmentState | None

    @property
    def first_name(self) -> str:
        return first_name(self.name)

    @property
    def is_outstanding(self) -> bool:
        """An introduction for them is still waited for."""
        return self.promise in OUTSTANDING

    @property
    def takes(self) -> int | None:
        """The number of the round into which an introduction for them goes; None for one's own record."""
        if self.is_outstanding or (self.promise and self.round_state is RoundState.OPEN):
            return self.number
        return None


def of(person_id: int) -> list[Fellow]:
    """Return who sits in a circle with somebody, whom something is promised first, by circle and seat."""
    rows: Sequence[Any] = db.session.connection().execute(FELLOWS, {"me": person_id}).all()
    # Two answerable rounds of a circle would be two rows; the newest is the last.
    found = {row[0]: Fellow(*row) for row in rows}.values()
    return sorted(found, key=lambda one: not one.is_outstanding)
