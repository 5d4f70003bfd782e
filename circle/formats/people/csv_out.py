"""People one knows as CSV, as Excel and LibreOffice open it; reading it back restores the text."""

import csv
import io
import re
from collections.abc import Iterable

from circle.formats.people.columns import WORDS, Column
from circle.formats.people.person import PersonKnown

COLUMNS = (
    Column.NAME,
    Column.ORGANISATION,
    Column.POSITION,
    Column.LINE,
    Column.WHERE_MET,
    Column.EMAIL,
)

# Apostrophes of the text's own count too, else reading back could not tell them from ours.
_FORMULA = re.compile("'*[=+\\-@\t\r\n]")


def csv_bytes(people: Iterable[PersonKnown]) -> bytes:
    """Return a header and one row a person: UTF-8 with its mark, CRLF, every cell quoted, no formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(WORDS[column] for column in COLUMNS)
    for person in people:
        writer.writerow(_harmless(getattr(person, column.value)) for column in COLUMNS)
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
