"""A contact: someone a person knows, outside the circle; private to that person."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id


class Contact(Base):
    """Someone a person knows; seen by that person alone."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("person_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))
    """The name case-folded, so that one person is kept once."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
