"""Settling: what a commitment is once its introductions have changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Introduction
from circle.rules.commitments import OUTSTANDING, move
from circle.rules.states import CommitmentState
from circle.services.giving.commitments import come_back, forget_pass, forget_plans, keep_plans


def settle(introduction: Introduction, now: datetime, *, by_link: bool = False) -> None:
    """Let a commitment be what its introductions make of it."""
    commitment = db.session.get(Commitment, introduction.commitment_id)
    if commitment is None:
        return
    db.session.flush()
    late = _lateness(commitment.id)
    commitment.late = bool(late) and all(late)
    if late and commitment.state is not CommitmentState.INTRODUCED:
        if commitment.state in OUTSTANDING:
            keep_plans(commitment)
        else:
            forget_plans(commitment)
        forget_pass(commitment)
        commitment.state = move(commitment.state, CommitmentState.INTRODUCED)
        commitment.changed_at, commitment.by_link = now, by_link
    elif not late and commitment.state is CommitmentState.INTRODUCED:
        come_back(commitment, now)
        commitment.changed_at, commitment.by_link = now, by_link


def state_of(introduction: Introduction) -> CommitmentState | None:
    """Return what the commitment of an introduction is now; None outside rounds."""
    return db.session.scalar(select(Commitment.state).where(Commitment.id == introduction.commitment_id))


def _lateness(commitment_id: int) -> Sequence[bool]:
    return db.session.scalars(
        select(Introduction.late).where(
            Introduction.commitment_id == commitment_id,
            Introduction.withdrawn_at.is_(None),
            Introduction.fills,
        )
    ).all()
