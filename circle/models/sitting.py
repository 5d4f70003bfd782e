"""A sitting: fifteen minutes in which somebody thinks of whom to put together."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime


class Sitting(Base):
    """One quarter of an hour; the latest of a person is where they were."""

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Thought(Base):
    """One thing to think about in a sitting: a member, a contact, or both."""

    __tablename__ = "thought"
    __table_args__ = (UniqueConstraint("sitting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id", ondelete="CASCADE"))
    position: Mapped[int]
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    asked: Mapped[str] = mapped_column(String(10), default="")
    """What is asked about the contact, a name of `rules.matching.questions.Asked`."""
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was thought about; None while it is still to come."""
