"""Tables to take away: as CSV that spreadsheets open as text, and as JSON that programs read."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from circle.formats.people.text import read_text

Cell = str | bytes | int | date | datetime | Enum | None

# At the start of a cell; and inside one, where a spreadsheet that parts cells by semicolons, as Excel does in
# half of Europe, takes what follows for another. Quotes of the text's own count too, else reading back could
# not tell them from ours. Wide signs are the narrow ones to some.
_SIGNS = "=+\\-@＝＋－＠"
_BEGINS = "^{}(?='*[" + _SIGNS + "\t\r\n])|(?<=[;\t\r\n]){}(?=['\"]*[" + _SIGNS + "])"
_FORMULA = re.compile(_BEGINS.format("", ""))
_OURS = re.compile(_BEGINS.format("'", "'"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a name and columns fit for a program, and rows; moments stand in the reader's zone."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """Return a header and rows: UTF-8 with its mark, CRLF, every cell quoted, no formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(_harmless(cell) for cell in row)
    return written.getvalue().encode("utf-8-sig")


def set_free(cell: str) -> str:
    """Take off the apostrophes that keep spreadsheets from taking a text of ours for a formula."""
    return _OURS.sub("", cell)


def sheet_csv(sheet: Sheet) -> bytes:
    """Return a sheet as CSV, its columns and values in words."""
    header = [column.replace("_", " ").capitalize() for column in sheet.columns]
    return csv_bytes(header, ([_in_words(cell) for cell in row] for row in sheet.rows))


def sheets_json(facts: Mapping[str, Cell], sheets: Iterable[Sheet]) -> bytes:
    """Return facts and sheets as one JSON object: each sheet a list of objects, moments in ISO 8601."""
    tables = {sheet.name: _objects(sheet) for sheet in sheets}
    return json.dumps({**facts, **tables}, ensure_ascii=False, indent=2, default=_plain).encode()


def _objects(sheet: Sheet) -> list[dict[str, Cell]]:
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]


def _harmless(cell: str) -> str:
    return _FORMULA.sub("'", cell)


def _in_words(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, Enum):
        return str(getattr(cell, "words", cell.value))
    return "" if cell is None else str(cell)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return read_text(value).text
    raise TypeError(f"no JSON for {value!r}")
