"""A sign-in request: somebody asked for a mailed link and code."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id, worded
from circle.rules.states import Purpose


class SignInRequest(Base):
    """One request; link and code are made when the mail is sent, and only their hashes are kept."""

    __tablename__ = "sign_in_request"
    __table_args__ = (Index(None, "email_key", "created_at"), Index(None, "origin", "created_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    purpose: Mapped[Purpose] = mapped_column(worded(Purpose))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Who asked, when they were signed in; None for a sign-in."""
    binding_hash: Mapped[str] = mapped_column(String(64), index=True)
    """Hash of the cookie of the browser that asked."""
    origin: Mapped[str] = mapped_column(String(64), default="")
    """Hash of the network address that asked, for the limits."""
    next_url: Mapped[str] = mapped_column(String(500), default="")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
