"""Reading sheets: one statement a sheet, whose labels are the columns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select

from circle.extensions import db
from circle.formats.sheets import Cell, Sheet


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken away: a few facts, and sheets."""

    facts: dict[str, Cell]
    sheets: tuple[Sheet, ...]


def read_sheet(name: str, query: Select[Any], zone: ZoneInfo, bound: dict[str, Any]) -> Sheet:
    """Read one sheet, its moments on the clocks of a zone."""
    found = db.session.connection().execute(query, bound)
    columns = tuple(found.keys())
    rows = tuple(tuple(_local(cell, zone) for cell in row) for row in found.all())
    return Sheet(name, columns, rows)


def _local(cell: Cell, zone: ZoneInfo) -> Cell:
    return cell.astimezone(zone) if isinstance(cell, datetime) and cell.tzinfo else cell
