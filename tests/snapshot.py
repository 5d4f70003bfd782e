"""Every row of the database as a value, to see whether anything changed."""

from flask import Flask
from sqlalchemy import select

from circle.extensions import db
from circle.models.base import Base


def rows(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }
