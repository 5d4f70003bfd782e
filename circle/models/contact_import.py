"""An import: a file of people somebody knows, from its upload to its undoing."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id


class ContactImport(Base):
    """One file; its bytes are kept only until its preview is confirmed or given up."""

    __tablename__ = "contact_import"
    __table_args__ = (Index(None, "kept_at", "uploaded_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    file: Mapped[bytes | None] = mapped_column(LargeBinary)
    columns: Mapped[str] = mapped_column(Text, default="")
    """What the columns of a table hold, where the reader changed the guess."""
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its people were put on the list; None while it is a preview."""
    people: Mapped[int] = mapped_column(default=0)
    """How many it put there."""
