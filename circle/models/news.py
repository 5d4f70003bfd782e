"""News: one thing a person has not been told yet; their next daily letter tells it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, worded
from circle.rules.states import NewsKind


class News(Base):
    """One thing to tell one person; `outbox_id` names the letter that tells it."""

    __tablename__ = "news"
    __table_args__ = (Index(None, "person_id", "outbox_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NewsKind] = mapped_column(worded(NewsKind))
    commitment_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    introduction_id: Mapped[int | None] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Whom it is about, where it is neither an introduction nor a commitment."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tell_from: Mapped[datetime] = mapped_column(UtcDateTime)
    """The moment before which no letter tells it."""
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
