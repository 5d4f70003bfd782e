"""Inserting a row that may be there already: the second one of two does nothing."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from circle.extensions import db
from circle.models import Base
from circle.models.base import as_row


def insert_once(model: type[Base], **values: Any) -> bool:
    """Insert a row unless one like it is there; True when it was inserted. Inside a unit of work."""
    table = as_row(model)
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # The key that comes back says that there is a new row; the row count does not, on PostgreSQL.
    new = insert(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return db.session.execute(new).first() is not None
