"""Commands for the database: bring it up to date, with a backup before."""

import logging
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app
from flask.cli import with_appcontext

from circle import clock
from circle.extensions import db
from circle.services.running import backup


@click.command("migrate")
@click.option("--no-backup", is_flag=True, help="Change the database without a backup.")
@with_appcontext
def migrate(no_backup: bool) -> None:
    """Make the database, or bring it up to date.

    A backup comes first, unless there is nothing to lose.
    """
    bring_up_to_date(keep_backup=not no_backup)


def bring_up_to_date(*, keep_backup: bool) -> None:
    """Migrate to the newest revision and say what was done; take a backup when there is something to lose."""
    was = revision()
    if was == newest():
        click.echo(f"The database is up to date: {place()}")
        return
    if was is not None and keep_backup:
        click.echo(f"Backup: {backup.take(db.engine.url, backup_folder(), clock.now())}")
    _upgrade()
    click.echo(f"{'The database is up to date' if was else 'A new database was made'}: {place()}")


def refuse_unless_current() -> None:
    """Refuse in words when the database is missing, or its tables are of another day."""
    if not exists():
        raise click.ClickException(f"There is no database at {place()}. Run: flask circle migrate")
    if revision() != newest():
        raise click.ClickException("The database is not up to date. Run: flask circle migrate")


def revision() -> str | None:
    """Return the revision the database stands at, None when it is missing or empty; never creates a file."""
    if not exists():
        return None
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def exists() -> bool:
    """Say whether the database is there; a database on a server is taken to be."""
    file = _file()
    return file is None or file.exists()


def place() -> str:
    """Return where the database is, without its password."""
    return str(_file() or db.engine.url.render_as_string(hide_password=True))


def backup_folder() -> Path:
    """Return where backups are kept: beside the database file, else in the instance folder."""
    file = _file()
    return (file.parent if file else Path(current_app.instance_path)) / "backups"


def _file() -> Path | None:
    url = db.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _upgrade() -> None:
    file = _file()
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Addresses and wishes are in it: nobody else on the machine needs to read it.
        file.touch(mode=0o600)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        command.upgrade(_config(), "head")
    except CommandError as error:
        raise click.ClickException(f"The database could not be brought up to date: {error}") from error


def _config() -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return config
