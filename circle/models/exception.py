"""An exception: what an organiser changed about one round to come, as calendars keep it."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base


class StoredException(Base):
    """One slot of the rhythm that is moved, skipped or due at another time; local times of the circle."""

    __tablename__ = "exception"
    __table_args__ = (UniqueConstraint("circle_id", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    slot: Mapped[datetime] = mapped_column(DateTime)
    opens_local: Mapped[datetime | None] = mapped_column(DateTime)
    """When it opens instead; None where the rhythm says it."""
    due_local: Mapped[datetime | None] = mapped_column(DateTime)
    """When it is due instead; None where the rhythm says it."""
    skipped: Mapped[bool] = mapped_column(default=False)
