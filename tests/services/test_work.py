"""The unit of work: writes happen inside it, under a lock, all or nothing."""

import sqlite3
import threading

import pytest
from sqlalchemy import event, select

from circle.extensions import WriteOutsideServices, db
from circle.models import Person
from circle.services.work import writing
from tests.cast import NOON


def some_person(email: str = "x@example.org") -> Person:
    return Person(email=email, email_key=email, created_at=NOON)


def test_a_write_outside_a_unit_of_work_is_refused(context):
    db.session.add(some_person())
    with pytest.raises(WriteOutsideServices):
        db.session.flush()


def test_a_unit_of_work_does_not_nest(context):
    with pytest.raises(AssertionError, match="open already"), writing(), writing():
        pass


def test_an_error_leaves_nothing_behind(context):
    with pytest.raises(RuntimeError), writing() as session:
        session.add(some_person())
        session.flush()
        raise RuntimeError
    assert db.session.scalar(select(Person)) is None


def test_what_was_read_before_is_read_again_under_the_lock(context):
    with writing() as session:
        session.add(some_person())
    stale = db.session.scalar(select(Person))
    with db.engine.connect().execution_options(writes=True) as other:
        db.session.rollback()
        other.execute(Person.__table__.update().values(name="New"))
        other.commit()
    with writing():
        assert stale.name == "New"


def test_a_unit_of_work_begins_with_the_write_lock_on_sqlite(context):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    seen = []
    record = lambda *arguments: seen.append(arguments[2])  # noqa: E731 - a listener to take away again
    event.listen(db.engine, "before_cursor_execute", record)
    try:
        with writing() as session:
            session.add(some_person())
    finally:
        event.remove(db.engine, "before_cursor_execute", record)
    assert seen[0] == "BEGIN IMMEDIATE"


def test_a_commit_waits_for_a_reader_and_then_goes_through(context):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("on PostgreSQL a reader is in nobody's way")
    driver = sqlite3.connect(db.engine.url.database, isolation_level=None, check_same_thread=False)
    driver.execute("BEGIN")
    driver.execute("SELECT count(*) FROM person").fetchall()
    threading.Timer(0.6, driver.close).start()
    with writing() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout=200")
        session.add(some_person())
    assert db.session.scalar(select(Person.email)) == "x@example.org"
