"""The site itself: one row that says when the worker last passed and whether mail is paused."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime


class Site(Base):
    """The only row has id 1; it is written by the first tick."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_paused_why: Mapped[str] = mapped_column(String(300), default="")
    mail_retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
