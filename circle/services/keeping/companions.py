"""Companions: the members of one's circles, as those whom one may introduce outside rounds."""

from dataclasses import dataclass

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Membership, Person
from circle.models.base import as_row

_person, _circle, _membership = as_row(Person), as_row(Circle), as_row(Membership)
_mine = _membership.alias()


@dataclass(frozen=True, slots=True)
class Companion:
    """One member of one circle; `ref` is the public id of the membership."""

    ref: str
    name: str
    circle: str
    wish: str


def of(person_id: int) -> list[Companion]:
    """Return who sits in a circle with somebody, by circle and seat."""
    rows = db.session.execute(
        select(_membership.c.public_id, _person.c.name, _circle.c.name, _person.c.wish)
        .join(_person, _person.c.id == _membership.c.person_id)
        .join(_circle, _circle.c.id == _membership.c.circle_id)
        .join(_mine, _mine.c.circle_id == _circle.c.id)
        .where(
            _mine.c.person_id == person_id,
            _mine.c.left_at.is_(None),
            _circle.c.archived_at.is_(None),
            _membership.c.left_at.is_(None),
            _membership.c.person_id != person_id,
        )
        .order_by(_circle.c.id, _membership.c.seat)
    )
    return [Companion(*row) for row in rows]
