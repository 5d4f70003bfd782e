"""A membership: a person in a circle."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id, worded
from circle.rules.states import Role


class Membership(Base):
    """A person's seat in a circle; it is kept when they leave and revived when they return."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("circle_id", "person_id"),
        UniqueConstraint("circle_id", "seat"),
        CheckConstraint("(seat IS NULL) = (left_at IS NOT NULL)", name="seated_until_left"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(worded(Role))
    seat: Mapped[int | None]
    """Place in the ring, from 1; None once they have left."""
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    took_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When this member took the organisers' job because none of them had been here for long."""
