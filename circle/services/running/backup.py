"""Backups: a checked copy of the whole database beside it, taken before anything that could hurt it."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

PAGES_A_STEP = 500
PAUSE_SECONDS = 0.01


class BackupFailed(Exception):
    """No backup could be taken; the message says how to mend it."""


def take(url: URL, folder: Path, now: datetime) -> Path:
    """Write a checked backup of the database to the folder and return its path; raise BackupFailed."""
    folder.mkdir(parents=True, exist_ok=True)
    sqlite = url.get_backend_name() == "sqlite"
    path = folder / f"circle-{now:%Y%m%dT%H%M%SZ}{'.db' if sqlite else '.dump'}"
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if sqlite:
            _copy_sqlite(Path(url.database or ""), unfinished)
        else:
            _dump_postgresql(url, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _copy_sqlite(database: Path, copy: Path) -> None:
    copy.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            # In steps, so that the site can write between them.
            source.backup(target, pages=PAGES_A_STEP, sleep=PAUSE_SECONDS)
            found = target.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupFailed(f"The backup of {database} failed: {error}.") from error
    if found != "ok":
        raise BackupFailed(f"The backup of {database} is damaged: {found}. Nothing was changed.")


def _dump_postgresql(url: URL, copy: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed(
            "pg_dump was not found, so no backup can be taken. Install the PostgreSQL client, "
            "or take a backup yourself and use --no-backup."
        )
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    copy.touch(mode=0o600)
    done = subprocess.run(  # noqa: S603 - a fixed program with the operator's own address
        [program, "--format=custom", f"--file={copy}", f"--dbname={address}"],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"pg_dump could not take a backup: {done.stderr.strip()}")
