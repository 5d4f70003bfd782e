"""A meeting: whom somebody met there, and the mails that put two or three of them together."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id, worded
from circle.rules.states import Synergy


class Meeting(Base):
    """Where somebody met people; seen by that person alone, and forgotten after a while."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    where_met: Mapped[str] = mapped_column(String(200), default="")
    met_on: Mapped[date] = mapped_column(Date)
    """Calendar day in the person's zone."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Met(Base):
    """Somebody met there, as they were written down."""

    __tablename__ = "met"
    __table_args__ = (UniqueConstraint("meeting_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    place: Mapped[int]
    """Their place among those met, from 1."""
    name: Mapped[str] = mapped_column(String(80))
    organisation: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[str] = mapped_column(String(120), default="")
    line: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    """Who they are on the person's list, if they are on it."""


class MeetingDraft(Base):
    """A mail that puts two or three people together, until its writer says that it was sent."""

    __tablename__ = "meeting_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    synergy: Mapped[Synergy | None] = mapped_column(worded(Synergy))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Drafted(Base):
    """One of those a mail puts together: somebody met, or a member of a circle."""

    __tablename__ = "drafted"

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_draft.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True)
    met_id: Mapped[int | None] = mapped_column(ForeignKey("met.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    """The circle in which the member and the writer sit together."""
