"""Rehearsal: an empty database in memory in place of the site's own, so that nothing done there is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from circle.extensions import db, wire_engine
from circle.models.base import Base


@contextmanager
def empty_database() -> Iterator[None]:
    """Let everything read and write an empty database until the end; for a process that does nothing else."""
    engines = cast("dict[str | None, Engine]", db.engines)
    own, empty = engines[None], _made()
    db.session.remove()
    engines[None] = empty
    try:
        yield
    finally:
        db.session.remove()
        engines[None] = own
        empty.dispose()


def _made() -> Engine:
    engine = create_engine(
        "sqlite://",
        connect_args={"isolation_level": None, "check_same_thread": False},
        poolclass=StaticPool,
    )
    wire_engine(engine)
    with engine.connect().execution_options(writes=True) as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    return engine
