"""An introduction: the giver put the receiver together with a contact."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id, worded
from circle.rules.states import Channel, Outcome, Synergy


class Introduction(Base):
    """One introduction; contact name, synergy and reason are seen by giver and receiver alone."""

    __tablename__ = "introduction"
    __table_args__ = (
        CheckConstraint("giver_id <> receiver_id", name="for_another"),
        CheckConstraint("(receiver_id IS NULL) = (other_name <> '')", name="for_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(
        ForeignKey("commitment.id", ondelete="CASCADE"), index=True
    )
    """The commitment it belongs to; None outside rounds."""
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    receiver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None when a contact was put together with another contact, which the giver alone sees."""
    other_contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    other_name: Mapped[str] = mapped_column(String(80), default="")
    """The other contact's name; empty when the receiver is a member."""
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    contact_name: Mapped[str] = mapped_column(String(80))
    fills: Mapped[bool] = mapped_column(default=True)
    """False when the contact is a fellow member: kept in the record, fills no commitment."""
    synergy: Mapped[Synergy | None] = mapped_column(worded(Synergy))
    channel: Mapped[Channel | None] = mapped_column(worded(Channel))
    reason: Mapped[str] = mapped_column(Text, default="")
    made_on: Mapped[date] = mapped_column(Date)
    """Calendar day in the giver's zone."""
    late: Mapped[bool] = mapped_column(default=False)
    by_link: Mapped[bool] = mapped_column(default=False)
    """Logged signed out, by the link in a letter."""
    logged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(worded(Outcome))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome_note: Mapped[str] = mapped_column(String(500), default="")
    """What the receiver wrote about it; seen by giver and receiver alone."""
    thanks: Mapped[str] = mapped_column(String(500), default="")
    thanks_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    thanks_shared: Mapped[bool] = mapped_column(default=False)
