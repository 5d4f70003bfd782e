"""People one knows as CSV, as Excel and LibreOffice open it; reading it back restores the text."""

from collections.abc import Iterable

from circle.formats import sheets
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


def csv_bytes(people: Iterable[PersonKnown]) -> bytes:
    """Return a header and one row a person, with no cell that is a formula."""
    header = [WORDS[column] for column in COLUMNS]
    return sheets.csv_bytes(header, ([getattr(one, column.value) for column in COLUMNS] for one in people))
