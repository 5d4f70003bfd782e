"""Standing: a giver's place in a round that still takes answers; inside a unit of work."""

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Commitment, Membership, Round
from circle.rules.errors import ReceiverNotInRound, RoundIsSealed, StalePage
from circle.rules.states import RoundState
from circle.services.work import lock_circle

ANSWERABLE = frozenset({RoundState.OPEN, RoundState.CLOSED})
LONGEST_REF = 24


def in_round(circle_id: int, number: int, giver_id: int) -> Round:
    """Lock the circle and return its round of this number; raise StalePage or RoundIsSealed."""
    lock_circle(circle_id)
    if not are_present(circle_id, giver_id):
        raise StalePage("You are not in this circle any more, so nothing was changed.")
    found = select(Round).where(Round.circle_id == circle_id, Round.number == number)
    return answerable(db.session.scalar(found.execution_options(populate_existing=True)), circle_id)


def answerable(round_: Round | None, circle_id: int) -> Round:
    """Return the round while it takes answers; else raise RoundIsSealed, which names the open one."""
    if round_ is not None and round_.state in ANSWERABLE:
        return round_
    name = f"Round {round_.number}" if round_ is not None else "That round"
    running = db.session.scalar(
        select(Round.number).where(Round.circle_id == circle_id, Round.state == RoundState.OPEN)
    )
    offer = f" Round {running} is open: you can log it there." if running else ""
    raise RoundIsSealed(f"{name} is finished, so it takes no more introductions.{offer}")


def promise(round_: Round, giver_id: int, receiver_ref: str) -> Commitment:
    """Return what the giver promised this member in the round; raise ReceiverNotInRound."""
    if "\0" in receiver_ref:
        raise ReceiverNotInRound(field="receiver_refs")
    found = (
        select(Commitment)
        .join(Membership, Membership.person_id == Commitment.receiver_id)
        .where(
            Commitment.round_id == round_.id,
            Commitment.giver_id == giver_id,
            Membership.circle_id == round_.circle_id,
            Membership.public_id == receiver_ref[:LONGEST_REF],
        )
    )
    commitment = db.session.scalar(found.execution_options(populate_existing=True))
    if commitment is None:
        raise ReceiverNotInRound(field="receiver_refs")
    return commitment


def are_present(circle_id: int, *person_ids: int) -> bool:
    """Say whether all of these people sit in the circle now."""
    seated = select(func.count(Membership.id)).where(
        Membership.circle_id == circle_id,
        Membership.person_id.in_(person_ids),
        Membership.left_at.is_(None),
    )
    return db.session.scalar(seated) == len(set(person_ids))
