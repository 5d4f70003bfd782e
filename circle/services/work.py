"""The unit of work: the only place where anything is committed."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from flask_sqlalchemy.session import Session as DatabaseSession
from sqlalchemy import bindparam, select
from sqlalchemy.orm import scoped_session

from circle.extensions import db
from circle.models import Circle, Membership
from circle.rules.errors import CircleIsArchived

NOT_THE_KEY = {"key_share": True}
"""How a row is locked that others point at: a foreign key to it does not wait."""
_CIRCLES_OF = (
    select(Circle.id)
    .where(Circle.id.in_(select(Membership.circle_id).where(Membership.person_id == bindparam("person_id"))))
    .order_by(Circle.id)
    .with_for_update(read=True, key_share=True)
)
_one_writer = threading.Lock()
"""The threads of one program wait for each other here: SQLite's own waiting lets some wait too long."""
PAUSES = (0.05, 0.1, 0.2)
"""Seconds between two tries of a COMMIT, each of which waits up to busy_timeout itself."""


@contextmanager
def writing() -> Iterator[scoped_session[DatabaseSession]]:
    """Open one short writing transaction: commit at the end, roll back on any error.

    What was read before is read again under the lock. It does not nest.
    """
    session = db.session
    if session().info.get("writing"):
        raise AssertionError("a unit of work is open already")
    session.rollback()
    with _one_writer if db.engine.dialect.name == "sqlite" else nullcontext():
        session().info["writing"] = True
        try:
            session.connection(execution_options={"writes": True})
            yield session
            session.flush()
            _commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session().info.pop("writing", None)


def lock_circle(circle_id: int, *, archived_too: bool = False) -> Circle:
    """Lock a circle's row until the unit of work ends, so that what is counted next stays true.

    Raise CircleIsArchived for one that has come to rest, unless this may be done in an archive too.
    """
    circle = db.session.execute(
        select(Circle)
        .where(Circle.id == circle_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    if circle.archived_at and not archived_too:
        raise CircleIsArchived
    return circle


def hold_circles_of(person_id: int) -> None:
    """Let nobody lock a circle this person was ever in until the unit of work ends.

    To be done before the person is locked: whoever locks a circle may go on to lock its people, and news
    points at its circle.
    """
    # SQLite locks the whole file already.
    if db.engine.dialect.name != "sqlite":
        db.session.connection().execute(_CIRCLES_OF, {"person_id": person_id})


def end_reading() -> None:
    """Give the connection back; what was loaded stays readable."""
    if not db.session().info.get("writing"):
        db.session.close()


def _commit() -> None:
    # Without WAL a reader may hold the file for a moment. SQLAlchemy ends its transaction when a COMMIT
    # fails, so SQLite's is sent, and sent again, below it; its own commit then finds nothing left to do.
    driver = db.session.connection().connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        for pause in (*PAUSES, None):
            try:
                driver.execute("COMMIT")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or pause is None:
                    raise
                time.sleep(pause)
    db.session.commit()
