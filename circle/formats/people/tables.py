"""CSV as people have it: delimiter and header found by rule, broken lines told apart from good ones."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from circle.formats.people.columns import Column, Mapping, guess
from circle.formats.people.person import Remark, Written
from circle.formats.people.text import FILE_LIMIT
from circle.formats.sheets import set_free
from circle.rules.errors import CannotReadFile
from circle.rules.names import clean_line

ROW_LIMIT = 5_000
COLUMN_LIMIT = 500
DELIMITERS = (",", ";", "\t")

# The header stands within the first lines; notes may stand above it.
_LINES_ABOVE = 30
_CHARACTERS_ABOVE = 200_000
_SHOWN = 60
_EXCEL_HINT = re.compile("sep=([,;\t])[\r\n]")

# The library's own limit would end a row in the middle of a long cell.
csv.field_size_limit(FILE_LIMIT)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header found; `at` is the header's line, `text` the whole file."""

    delimiter: str
    at: int
    header: tuple[str, ...]
    samples: tuple[str, ...]
    """For each column the first cell below the header with something in it, shortened."""
    guessed: Mapping
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    at: int
    cells: list[str]


def open_table(text: str) -> Table:
    """Find delimiter and header of a table; raise CannotReadFile if it has more than 500 columns."""
    hint = _EXCEL_HINT.match(text)
    found = [_header(text, delimiter) for delimiter in ([hint[1]] if hint else DELIMITERS)]
    _, _, delimiter, row = max(found, key=lambda one: one[:2])
    if len(row.cells) > COLUMN_LIMIT:
        raise CannotReadFile(
            f"This file has {len(row.cells):,} columns. A list of people has at most {COLUMN_LIMIT}."
        )
    header = tuple(_shown(cell) for cell in row.cells)
    below = (one for one in islice(_rows(text, delimiter), 200) if one.at > row.at and isinstance(one, _Row))
    return Table(delimiter, row.at, header, _samples(len(header), below), guess(row.cells), text)


def people_in(table: Table, mapping: Mapping) -> Iterator[Written | Remark]:
    """Yield each row below the header as `mapping` says, or why it could not be read, in their order.

    Raise CannotReadFile as soon as there are more than 5,000 rows.
    """
    count = 0
    for row in _rows(table.text, table.delimiter):
        if row.at <= table.at or (isinstance(row, _Row) and not any(row.cells)):
            continue
        count += 1
        if count > ROW_LIMIT:
            raise CannotReadFile(
                f"This file has more than {ROW_LIMIT:,} rows. Please split it and bring the parts one by one."
            )
        yield _person(row, mapping, len(table.header)) if isinstance(row, _Row) else row


def _header(text: str, delimiter: str) -> tuple[int, int, str, _Row]:
    """Return how much of a header was understood, its width, the delimiter and the row itself."""
    rows = [row for row in _first_rows(text, delimiter) if any(row.cells)] or [_Row(1, [""])]
    row = max(rows, key=lambda one: _understood(one.cells))
    # One word alone is no sign below the top: somebody may be called Contact, or be a First.
    if _understood(row.cells) < 2:
        # Notes are narrow.
        row = max(rows[:5], key=lambda one: sum(map(bool, one.cells)))
    return _understood(row.cells), len(row.cells), delimiter, row


def _first_rows(text: str, delimiter: str) -> Iterator[_Row]:
    rows = islice(_rows(text[:_CHARACTERS_ABOVE], delimiter), _LINES_ABOVE)
    return (row for row in rows if isinstance(row, _Row) and row.cells[:1] != ["sep="])


def _understood(cells: list[str]) -> int:
    """Return how many different columns are known by their names; 0 where none of them says who."""
    columns = {column for column in guess(cells[: COLUMN_LIMIT + 1]).columns if column}
    return len(columns) if columns & {Column.NAME, Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL} else 0


def _rows(text: str, delimiter: str) -> Iterator[_Row | Remark]:
    """Yield all but blank rows with the line each begins in; a broken one is told of, and reading goes on."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    while True:
        at = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Remark(at, _broken(at, reader.line_num, at_end="end of data" in str(error)))
            continue
        if row is None:
            return
        if row:
            yield _Row(at, [set_free(cell.strip()) for cell in row])


def _broken(first: int, last: int, *, at_end: bool) -> str:
    if at_end:
        return "The quotation mark opened here is never closed, so nothing from here on could be read."
    passed_over = f" Lines {first} to {last} were passed over." if last > first else ""
    return f"A quotation mark stands inside a quoted cell; there it has to be written twice.{passed_over}"


def _person(row: _Row, mapping: Mapping, width: int) -> Written | Remark:
    if any(row.cells[width:]):
        return Remark(row.at, f"There are {len(row.cells):,} cells here, but the header has {width}.")
    return Written(
        at=row.at,
        name=mapping.first(row.cells, Column.NAME) or _joined(row.cells, mapping),
        organisation=mapping.first(row.cells, Column.ORGANISATION),
        position=mapping.first(row.cells, Column.POSITION),
        line=mapping.first(row.cells, Column.LINE),
        where_met=mapping.first(row.cells, Column.WHERE_MET),
        emails=tuple(mapping.all(row.cells, Column.EMAIL)),
    )


def _joined(cells: list[str], mapping: Mapping) -> str:
    parts = (Column.FIRST_NAME, Column.MIDDLE_NAME, Column.LAST_NAME)
    return " ".join(part for part in (mapping.first(cells, column) for column in parts) if part)


def _samples(width: int, rows: Iterator[_Row]) -> tuple[str, ...]:
    samples = [""] * width
    for row in rows:
        for at, cell in enumerate(row.cells[:width]):
            samples[at] = samples[at] or _shown(cell)
    return tuple(samples)


def _shown(cell: str) -> str:
    line = clean_line(cell[:500], 500)
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
