"""Inserting rows that may be there already: the second one of two does nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from circle.extensions import db
from circle.models import Base
from circle.models.base import as_row


def insert_once(model: type[Base], **values: Any) -> bool:
    """Insert a row unless one like it is there; True when it was inserted. Inside a unit of work."""
    table = as_row(model)
    insert = _insert()
    # The key that comes back says that there is a new row; the row count does not, on PostgreSQL.
    new = insert(table).values(**values).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return db.session.execute(new).first() is not None


def insert_many_once(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in one statement, but those that are there already. Inside a unit of work."""
    if rows:
        db.session.connection().execute(_insert()(as_row(model)).on_conflict_do_nothing(), rows)


def _insert() -> Any:
    dialect = db.session.get_bind().dialect.name
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
