"""A person: one human with one email address and one sign-in."""

from datetime import date, datetime

from sqlalchemy import Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id


class Person(Base):
    """One human; what they do, whom they serve and love are shown to their circles."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    does: Mapped[str] = mapped_column(String(200), default="")
    serves: Mapped[str] = mapped_column(String(300), default="")
    interests: Mapped[str] = mapped_column(String(300), default="")
    wish: Mapped[str] = mapped_column(String(300), default="")
    wish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwardable: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    letter_hour: Mapped[int] = mapped_column(default=9)
    """Local hour of the daily letter, 0 to 23."""
    letter_weekdays: Mapped[str] = mapped_column(String(7), default="01234")
    """Days a daily letter may come, Monday is 0."""
    letters_off: Mapped[str] = mapped_column(String(100), default="")
    """Switches of the letters this person has turned off, separated by spaces."""
    letters_paused_until: Mapped[date | None] = mapped_column(Date)
    last_letter_on: Mapped[date | None] = mapped_column(Date)
    """Local day of the last letter that carried the day's news."""
    news_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When news waits to be told: the moment of the letter that tells it."""

    quarter_weekdays: Mapped[str] = mapped_column(String(7), default="")
    """Days on which they want to take fifteen minutes, Monday is 0; empty is never."""
    quarter_hour: Mapped[int] = mapped_column(default=8)
    """Local hour of the fifteen minutes in the calendar, 0 to 23."""
    quarter_in_letter: Mapped[bool] = mapped_column(default=True)
    """The daily letter of those days brings them."""
    quarter_in_calendar: Mapped[bool] = mapped_column(default=False)
    quarter_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When days, hour or zone of the calendar's entry changed last."""

    mail_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the mail server refused this address for good; None while mail goes there."""
    mail_refused_words: Mapped[str] = mapped_column(String(300), default="")
    """What the mail server said of it."""

    away_from: Mapped[date | None] = mapped_column(Date)
    """First day of the current or coming absence, in the person's zone; None when none is known."""
    away_until: Mapped[date | None] = mapped_column(Date)
    """Last day of it; None when the end is open."""
    away_turns_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When an absence begins or ends next."""
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When this person was last here signed in, to the day; None before the first time."""
    calendar_ref: Mapped[str | None] = mapped_column(String(24), unique=True)
    """Part of the private calendar address; a new one ends the old address, None is no address."""

    link_epoch: Mapped[int] = mapped_column(default=0)
    """Raised by "sign out everywhere": part of the links that act for a person signed out, which it ends."""
    erase_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When they are erased, unless they undo it before."""
    demo: Mapped[bool] = mapped_column(default=False)
    """A person of the demo circle: their mail is never given to a mail server."""
