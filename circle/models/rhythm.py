"""A rhythm: when a circle's rounds open and how long they run."""

from datetime import date, datetime, time

from sqlalchemy import Date, DateTime, ForeignKey, Time
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, worded
from circle.rules.rhythm import Pattern


class StoredRhythm(Base):
    """The closed form of a circle's rhythm; times are wall-clock in the circle's zone."""

    __tablename__ = "rhythm"

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), unique=True)
    pattern: Mapped[Pattern] = mapped_column(worded(Pattern))
    interval: Mapped[int]
    weekday: Mapped[int | None]
    monthday: Mapped[int | None]
    nth: Mapped[int | None]
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    rounds: Mapped[int | None]
    opens_at: Mapped[time] = mapped_column(Time)
    due_days: Mapped[int]
    due_time: Mapped[time] = mapped_column(Time)
    used_slot: Mapped[datetime | None] = mapped_column(DateTime)
    """Local slot of the last occurrence that was opened or skipped; the next one comes after it."""
