"""Backups: a whole, checked copy, or a sentence and nothing left behind."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from circle.services.running import backup

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_a_backup_holds_every_row(tmp_path: Path) -> None:
    path = backup.take(_database(tmp_path), tmp_path / "backups", NOW)
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT count(*) FROM word").fetchone() == (5000,)


def test_a_backup_is_named_by_its_moment(tmp_path: Path) -> None:
    path = backup.take(_database(tmp_path), tmp_path / "backups", NOW)
    assert path.name == "circle-20261102T120000Z.db"


def test_a_backup_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = backup.take(_database(tmp_path), tmp_path / "backups", NOW)
    assert path.stat().st_mode & 0o077 == 0


def test_a_damaged_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "circle.db").write_bytes(b"not a database " * 500)
    with pytest.raises(backup.BackupFailed, match="file is not a database"):
        backup.take(make_url(f"sqlite:///{tmp_path / 'circle.db'}"), tmp_path / "backups", NOW)


def test_a_failed_backup_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(backup.BackupFailed):
        backup.take(make_url(f"sqlite:///{tmp_path / 'missing.db'}"), tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_postgresql_without_pg_dump_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(backup.BackupFailed, match="--no-backup"):
        backup.take(make_url("postgresql+psycopg://circle@localhost/circle"), tmp_path / "backups", NOW)


def _database(folder: Path):
    path = folder / "circle.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany("INSERT INTO word (text) VALUES (?)", [("circle" * 20,)] * 5000)
        connection.commit()
    return make_url(f"sqlite:///{path}")
