"""A commitment: the promise of a giver to make one introduction for a receiver in a round."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, worded
from circle.rules.states import CommitmentState


class Commitment(Base):
    """One promise; `contact_id` and `asked_at` are set while the giver waits for the contact's yes."""

    __tablename__ = "commitment"
    __table_args__ = (
        UniqueConstraint("round_id", "giver_id", "receiver_id"),
        CheckConstraint("giver_id <> receiver_id", name="for_another"),
        Index(None, "circle_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[CommitmentState] = mapped_column(worded(CommitmentState))
    late: Mapped[bool] = mapped_column(default=False)
    """Introduced, and its first introduction was made after the due day."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed_line: Mapped[str] = mapped_column(String(300), default="")
    """The giver's line to the receiver when there was no fit."""
