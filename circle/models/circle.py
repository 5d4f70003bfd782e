"""A circle: five or six people, a promise and a rhythm."""

from datetime import date, datetime

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id


class Circle(Base):
    """Five or six people who promise one introduction for each other, round after round."""

    __tablename__ = "circle"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(80))
    zone: Mapped[str] = mapped_column(String(64))
    charter: Mapped[str] = mapped_column(Text, default="")
    """What counts for us, in the circle's own words."""
    reminder_days: Mapped[str] = mapped_column(String(40), default="7 2 0")
    """Days before due on which a reminder may go out, separated by spaces; 0 is the day itself."""
    next_opening_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the rhythm opens the next round; None without a rhythm or an archived circle."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erase_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When an archived circle is erased, unless an organiser undoes it before."""
    paused_until: Mapped[date | None] = mapped_column(Date)
    """Rounds whose slot lies before this local day are skipped."""
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when a round waits for members; the organisers were told then, once."""
    edition: Mapped[int] = mapped_column(default=0)
    """Raised whenever a date of the circle changes: the SEQUENCE of all its calendar events.

    RFC 5545 (3.8.7.4) asks for a higher one after a change of dates; one for the whole circle keeps to that.
    """
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When anything its calendar events say changed last, also their words: their LAST-MODIFIED."""
