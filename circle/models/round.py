"""A round: it opens, is due, closes and is sealed; and the roster fixed at its opening."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, worded
from circle.rules.states import RoundState

IS_OPEN = text("state = 'open'")


class Round(Base):
    """One round of a circle; its slot is its identity, its number comes when it opens."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("circle_id", "slot"),
        UniqueConstraint("circle_id", "number"),
        Index("uq_round_one_open", "circle_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    slot: Mapped[datetime] = mapped_column(DateTime)
    """Local date and time computed from the rhythm, or of the opening by hand."""
    number: Mapped[int | None]
    state: Mapped[RoundState] = mapped_column(worded(RoundState))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    turns_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When time alone changes its state next: due for an open round, sealing for a closed one."""
    due_moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an organiser last moved its due date; None while it is as at the opening."""
    theme: Mapped[str] = mapped_column(String(120), default="")
    skipped_why: Mapped[str] = mapped_column(String(200), default="")
    all_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the circle was told that all is done; once a round."""
    closing_made: Mapped[int | None]
    closing_counted: Mapped[int | None]
    closing_passed: Mapped[int | None]
    """The recap's figures, as of closing."""


class RosterMember(Base):
    """A membership on a round's roster, and when this giver is reminded next."""

    __tablename__ = "roster_member"
    __table_args__ = (UniqueConstraint("round_id", "membership_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    seat: Mapped[int]
    wish: Mapped[str] = mapped_column(String(300), default="")
    """Whom they would like to meet, as it stood in this round last."""
    wish_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they said it in this round; None while they have not been heard."""
    sharper_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they were asked for a sharper wish after a pass; once a round."""
    next_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    last_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone: Mapped[bool] = mapped_column(default=False)
    """Left the circle during the round, and was not added to it again."""
    away: Mapped[bool] = mapped_column(default=False)
    """Was away at the opening or went away while it was open, and did not come back in time."""
