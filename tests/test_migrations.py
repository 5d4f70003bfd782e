"""Migrations: they make what the models say, keep every row, and roll back whole when they fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import inspect, text

from circle.extensions import db
from circle.factory import create_app
from circle.models import Circle, Membership, Person
from circle.models.base import Base
from circle.rules.states import Role
from circle.services.work import writing
from tests.cast import NOON
from tests.conftest import missing
from tests.postgresql import Server, programs

BREAKS_KEYS = '''"""A migration that leaves a row that points at nothing."""

from alembic import op

revision = "broken"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("UPDATE membership SET person_id = 999")
'''

REBUILDS_PARENT = '''"""A migration that copies the parent table of memberships."""

import sqlalchemy as sa
from alembic import op

revision = "rebuilt"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("circle", recreate="always") as table:
        table.add_column(sa.Column("motto", sa.String(80), nullable=True))
'''


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = programs()
    if folder is None:
        missing("PostgreSQL (initdb)")
    server = Server(folder)
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site whose database was made by its migrations."""
    url = f"sqlite:///{tmp_path / 'circle.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("server").url
    site = create_app({"DATABASE_URL": url}, tmp_path)
    with site.app_context():
        command.upgrade(_config(site), "head")
        yield site
        command.downgrade(_config(site), "base")
        db.session.remove()
        db.engine.dispose()


def test_the_models_and_a_migrated_database_agree(site: Flask) -> None:
    command.check(_config(site))


def test_every_check_of_the_models_stands_in_a_migrated_database(site: Flask) -> None:
    migrated = _checks()
    for table in reversed(Base.metadata.sorted_tables):
        _write(f'DROP TABLE "{table.name}"')
    with db.engine.connect().execution_options(writes=True) as connection:
        Base.metadata.create_all(connection)
        connection.commit()
    assert migrated == _checks()


def test_a_second_upgrade_changes_nothing(site: Flask) -> None:
    _seat_somebody()
    command.upgrade(_config(site), "head")
    assert _count("membership") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("daily", "daily"),
        ("rounds", "all_done organising recap round_opened"),
        ("daily rounds", "all_done daily organising recap round_opened"),
    ],
)
def test_the_switch_of_rounds_becomes_one_for_each_kind_of_letter(
    site: Flask, before: str, after: str
) -> None:
    _seat_somebody()
    command.downgrade(_config(site), "0002")
    _write(f"UPDATE person SET letters_off = '{before}'")  # noqa: S608 - our own words
    command.upgrade(_config(site), "0003")
    assert _one("SELECT letters_off FROM person") == after
    command.downgrade(_config(site), "0002")
    assert _one("SELECT letters_off FROM person") == before


def test_rebuilding_a_parent_table_keeps_its_children(tmp_path: Path) -> None:
    site = _site_with(tmp_path, REBUILDS_PARENT)
    with site.app_context():
        command.upgrade(_config(site), "rebuilt")
        assert _count("membership") == 1
        db.engine.dispose()


def test_a_migration_that_breaks_keys_is_rolled_back_whole(tmp_path: Path) -> None:
    site = _site_with(tmp_path, BREAKS_KEYS)
    with site.app_context():
        with pytest.raises(RuntimeError, match="1 rows would point at nothing"):
            command.upgrade(_config(site), "broken")
        assert _one("SELECT person_id FROM membership") == 1
        db.engine.dispose()


def test_foreign_keys_are_on_again_after_a_migration(tmp_path: Path) -> None:
    site = _site_with(tmp_path, REBUILDS_PARENT)
    with site.app_context():
        command.upgrade(_config(site), "rebuilt")
        assert _one("PRAGMA foreign_keys") == 1
        db.engine.dispose()


def _site_with(folder: Path, migration: str) -> Flask:
    """Return a site with one member and one more migration waiting."""
    site = create_app({"DATABASE_URL": f"sqlite:///{folder / 'circle.db'}"}, folder)
    (folder / "later").mkdir()
    with site.app_context():
        command.upgrade(_config(site), "head")
        head = _one("SELECT version_num FROM alembic_version")
        _seat_somebody()
    (folder / "later" / "later.py").write_text(migration.format(head=head))
    return site


def _config(site: Flask) -> Config:
    config = site.extensions["migrate"].migrate.get_config()
    ours = Path(config.get_main_option("script_location")) / "versions"
    database = db.engine.url.database or ""
    later = Path(database).parent / "later" if database.endswith(".db") else Path("/nowhere")
    config.set_main_option("path_separator", "newline")
    config.set_main_option(
        "version_locations", "\n".join(str(place) for place in (ours, later) if place.exists())
    )
    return config


def _seat_somebody() -> None:
    with writing() as session:
        session.add(Circle(id=1, name="Harbour Circle", zone="UTC", created_at=NOON))
        session.add(Person(id=1, email="ada@example.org", email_key="ada@example.org", created_at=NOON))
        session.flush()
        session.add(Membership(circle_id=1, person_id=1, role=Role.ORGANISER, seat=1, joined_at=NOON))


def _write(statement: str) -> None:
    with db.engine.connect().execution_options(writes=True) as connection:
        connection.execute(text(statement))
        connection.commit()


def _one(statement: str) -> object:
    with db.engine.connect() as connection:
        return connection.execute(text(statement)).scalar_one()


def _count(table: str) -> object:
    return _one(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own table names


def _checks() -> set[tuple[str, str | None, str]]:
    found = inspect(db.engine)
    return {
        (table, check["name"], " ".join(check["sqltext"].split()))
        for table in Base.metadata.tables
        for check in found.get_check_constraints(table)
    }
