"""The outbox: every mail as a row, written in the transaction that caused it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, worded
from circle.rules.states import MailState


class OutboxMail(Base):
    """One mail to one recipient: what it is about, not what it says; the bytes exist only between tries."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "circle_id", "created_at"), Index(None, "state", "settled_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """Key of a MailKind."""
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circle.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitation.id", ondelete="CASCADE"), index=True
    )
    sign_in_request_id: Mapped[int | None] = mapped_column(
        ForeignKey("sign_in_request.id", ondelete="CASCADE"), index=True
    )
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Who had it sent, where it was somebody."""
    note: Mapped[str] = mapped_column(String(300), default="")
    """A line of theirs that goes with it."""
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Also the Date header, so that a second try is byte-identical."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[MailState] = mapped_column(worded(MailState))
    try_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it may be claimed next (also: when a lease runs out); None once it is settled."""
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32), index=True)
    """Random name of the claim that holds the lease."""
    wire: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Bytes on the wire from the first try that began DATA until the mail is settled."""
    recipient: Mapped[str] = mapped_column(String(254), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(String(300), default="")
    """What happened last, in words."""


class MailCircle(Base):
    """A circle that a daily letter spoke of."""

    __tablename__ = "mail_circle"

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True)
    circle_id: Mapped[int] = mapped_column(
        ForeignKey("circle.id", ondelete="CASCADE"), primary_key=True, index=True
    )
