"""Second looks: whether a receiver has said more exactly whom to meet since a giver passed."""

from sqlalchemy import ColumnElement, FromClause, and_

from circle.rules.states import CommitmentState


def wanted(commitment: FromClause, receiver: FromClause) -> ColumnElement[bool]:
    """Return the condition under which a giver is offered "Look again" while the round is open."""
    return and_(
        commitment.c.state == CommitmentState.PASSED,
        receiver.c.wish != "",
        receiver.c.wish_at > commitment.c.changed_at,
    )
