"""A change: who did what in a circle, and when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime


class Change(Base):
    """One thing done in a circle; `by_id` is None when time or the rhythm did it."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "circle_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    """Value of a ChangeKind."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Whom it was done to, where it was somebody."""
    words: Mapped[str] = mapped_column(String(200), default="")
    """The round, the date or the like it was about."""
