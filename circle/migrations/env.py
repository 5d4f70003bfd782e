"""How a migration runs: in one transaction, on SQLite without foreign keys, and with every key checked."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from circle.extensions import db

# Any number, as long as every process asks for the same one.
ONE_AT_A_TIME = 4_217_093


class BrokenKeys(RuntimeError):
    """A migration left rows that point at nothing; it was rolled back whole."""


def run() -> None:
    """Bring the database to the revision asked for."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _turn_foreign_keys_off(connection)
        connection.execution_options(writes=True)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            render_item=_render_plain_types,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                _refuse_broken_keys(connection)


def _turn_foreign_keys_off(connection: Connection) -> None:
    # Batch mode copies a table and drops the old one: with keys on that deletes its children.
    # Detached, so that a connection without keys never goes back to the pool.
    driver = connection.connection.driver_connection
    connection.detach()
    driver.execute("PRAGMA foreign_keys=OFF")


def _refuse_broken_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        places = ", ".join(sorted({f"{table} to {parent}" for table, _, parent, _ in broken}))
        raise BrokenKeys(f"{len(broken)} rows would point at nothing ({places}); nothing was changed")


def _render_plain_types(kind: str, item: object, _: object) -> str | bool:
    # A migration speaks of the database only, so that it still runs when the models have moved on.
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


run()
