"""Lateness: what of a round was made after its due day, decided anew when that day moves."""

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Introduction, Person, Round
from circle.rules import zones
from circle.rules.rounds import is_late
from circle.rules.states import CommitmentState


def reckon(round_: Round) -> None:
    """Decide by the day each introduction was made whether it is late; inside a unit of work.

    A promise is late when all that fills it is.
    """
    rows = db.session.execute(
        select(Introduction, Person.zone)
        .join(Person, Person.id == Introduction.giver_id)
        .where(Introduction.round_id == round_.id, Introduction.withdrawn_at.is_(None))
    ).all()
    filling: dict[int | None, list[bool]] = {}
    for made, zone in rows:
        made.late = is_late(made.made_on, zones.local_day(round_.due_at, zones.zone(zone)))
        if made.fills:
            filling.setdefault(made.commitment_id, []).append(made.late)
    kept = select(Commitment).where(
        Commitment.round_id == round_.id, Commitment.state == CommitmentState.INTRODUCED
    )
    for promise in db.session.scalars(kept):
        promise.late = all(filling.get(promise.id, [False]))
