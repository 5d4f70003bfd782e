"""Inserting a row that may be there already: the second one of two does nothing."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from circle.extensions import db
from circle.models import Base
from circle.models.base import as_row


def insert_once(model: type[Base], **values: Any) -> bool:
    """Insert a row unless one like it is there; True when it was inserted. Inside a unit of work."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    result = db.session.execute(insert(as_row(model)).values(**values).on_conflict_do_nothing())
    return bool(result.rowcount == 1)  # type: ignore[attr-defined] # a statement that writes has a row count
