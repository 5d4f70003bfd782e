"""A commitment: the promise of a giver to make one introduction for a receiver in a round."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, worded
from circle.rules.states import CommitmentState, Shape, Synergy


class Commitment(Base):
    """One promise; `contact_id` is whom the giver is asking, or whom their draft speaks of."""

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
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draft_subject: Mapped[str] = mapped_column(String(200), default="")
    draft_text: Mapped[str] = mapped_column(Text, default="")
    draft_synergy: Mapped[Synergy | None] = mapped_column(worded(Synergy))
    draft_shape: Mapped[Shape] = mapped_column(worded(Shape), default=Shape.TOGETHER)
    asks_member: Mapped[bool] = mapped_column(default=False)
    """While asking: the giver asked the receiver first, not the contact."""
    drafted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the giver wrote a mail that they have not said to be sent; None without one."""
    by_link: Mapped[bool] = mapped_column(default=False)
    """Last changed signed out, by the link in a letter."""
    passed_line: Mapped[str] = mapped_column(String(300), default="")
    """The giver's line to the receiver when there was no fit."""
