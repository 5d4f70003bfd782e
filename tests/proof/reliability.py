"""RELIABILITY.md: what was measured, written down by the command that measured it."""

import fcntl
import os
import platform
import re
import sqlite3
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from circle import clock
from circle.extensions import db

FILE = Path(__file__).resolve().parent.parent.parent / "RELIABILITY.md"


def record(app: Flask, figures: dict[str, str]) -> None:
    """Put figures measured just now on this database into the place of those that stood there."""
    name = db_name(app)
    lines = [f"**{_version(app)}**, {clock.now():%-d %B %Y}, {_machine()}.", "", "| | |", "| --- | --- |"]
    lines += [f"| {what} | {figure} |" for what, figure in figures.items()]
    block = "\n".join([f"<!-- {name} -->", *lines, f"<!-- /{name} -->"])
    with FILE.open("r+", encoding="utf-8") as file:
        # Both databases may be measured at a time, in two processes.
        fcntl.flock(file, fcntl.LOCK_EX)
        page = file.read()
        written, count = re.subn(
            rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _: block, page, flags=re.DOTALL
        )
        assert count == 1, f"RELIABILITY.md has no place for {name}"
        file.seek(0)
        file.write(written)
        file.truncate()


def db_name(app: Flask) -> str:
    """Return which database this is."""
    return "sqlite" if app.config["DATABASE_URL"].startswith("sqlite") else "postgresql"


def _version(app: Flask) -> str:
    if db_name(app) == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with app.app_context(), db.engine.connect() as connection:
        return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one().split()[0]}"


def _machine() -> str:
    kernel = f"{platform.system()} {platform.machine()}"
    return f"{kernel}, {os.cpu_count()} processors, Python {platform.python_version()}"
