"""The database, migrations, mail and form protection: born here, wired in the factory."""

import sqlite3
from typing import Any

from flask_mail import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event

from circle.models.base import Base

db = SQLAlchemy(model_class=Base)
migrate = Migrate()
mail = Mail()
csrf = CSRFProtect()


class WriteOutsideServices(AssertionError):
    """A statement that writes ran outside `services.work.writing`."""


def wire_engine(engine: Engine) -> None:
    """Make transactions explicit: BEGIN to read, BEGIN IMMEDIATE to write, no write without asking."""
    event.listen(engine, "before_execute", _refuse_stray_writes)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _refuse_stray_writes(connection: Connection, clause: Any, *_: Any) -> None:
    if getattr(clause, "is_dml", False) and not connection.get_execution_options().get("writes"):
        raise WriteOutsideServices(f"writes happen in services.work.writing only: {clause}")


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    for pragma in (
        "foreign_keys=ON",
        "busy_timeout=5000",
        "synchronous=FULL",
        f"journal_mode={'WAL' if _wal_is_sound(sqlite3.sqlite_version_info) else 'TRUNCATE'}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _wal_is_sound(version: tuple[int, ...]) -> bool:
    # Other releases lose commits of several writers now and then (the WAL-reset bug).
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
