"""A contact: someone a person knows, outside the circle; private to that person."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from circle.models.base import Base, UtcDateTime, public_id
from circle.rules.matching.suggestions import KEY_LIMIT

_BY_BYTES = String(KEY_LIMIT).with_variant(String(KEY_LIMIT, collation="C"), "postgresql")
"""What begins alike stands together in an index, as it does on SQLite."""


class Contact(Base):
    """Someone a person knows; seen by that person alone."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("person_id", "name_key"), Index(None, "person_id", "missing"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160))
    """The name case-folded, so that one person is kept once."""
    organisation: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[str] = mapped_column(String(120), default="")
    line: Mapped[str] = mapped_column(String(300), default="")
    """What they do, whom they serve, what they love, in any words."""
    where_met: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    """Used in the giver's own drafts only; the site never writes there."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Kept, but suggested no more."""
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact_import.id", ondelete="SET NULL"), index=True
    )
    terms: Mapped[str] = mapped_column(Text, default="")
    """What the texts speak of, as `rules.matching.kept` wrote it when they last changed."""
    terms_version: Mapped[str] = mapped_column(String(8), default="", index=True)
    """The rules that wrote the terms; older ones are read anew by the worker."""
    missing: Mapped[str] = mapped_column(String(10), default="")
    """What would help most to know, a name of `rules.matching.questions.Asked`; empty when all is known."""


class ContactTerm(Base):
    """One term a contact is found under when somebody is sought for a member."""

    __tablename__ = "contact_term"
    __table_args__ = (Index(None, "person_id", "key", "contact_id"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(_BY_BYTES, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
