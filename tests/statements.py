"""Counts what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from circle.extensions import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather the statements sent meanwhile, beginnings and ends of transactions left out."""
    sent: list[str] = []

    def record(*arguments: object) -> None:
        words = str(arguments[2])
        if not words.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(words)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", record)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", record)
