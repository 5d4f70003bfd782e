"""Plans: whom a giver was asking or writing to, kept with a promise while that may be undone.

All of it inside a unit of work, the circle locked.
"""

from typing import Any

from sqlalchemy import ColumnElement, update

from circle.extensions import db
from circle.models import Commitment
from circle.rules.states import CommitmentState, Shape

NO_PLANS: dict[str, Any] = {
    "contact_id": None,
    "asked_at": None,
    "drafted_at": None,
    "draft_synergy": None,
    "draft_subject": "",
    "draft_text": "",
    "draft_shape": Shape.TOGETHER,
    "asks_member": False,
}
"""What a commitment without plans holds: they go with what is excused."""
KEPT = (CommitmentState.INTRODUCED, CommitmentState.PASSED)
"""In these states plans are shown to nobody, and come back when the introduction or the pass is undone."""


def let_go_of_kept(*where: ColumnElement[bool]) -> None:
    """Let go of what was planned before an introduction or a pass that nobody will undo any more."""
    kept = Commitment.state.in_(KEPT), Commitment.contact_id.is_not(None)
    db.session.execute(update(Commitment).where(*where, *kept).values(NO_PLANS))
