"""The form that brings people in; it maps fields, the services decide."""

from itertools import takewhile

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FileField, TextAreaField

from circle.formats.people.columns import Column, Mapping
from circle.formats.people.tables import COLUMN_LIMIT
from circle.rules.errors import CannotReadFile
from circle.rules.names import clean_line


class BringForm(FlaskForm):
    """A file, or what was pasted instead."""

    file = FileField(
        "A file",
        description="vCard, or CSV with a header row: from Google Contacts, Outlook, LinkedIn, a phone or "
        "a spreadsheet. Up to 5 MB and 5,000 people.",
    )
    pasted = TextAreaField(
        "Or paste them here",
        description="Rows copied from a spreadsheet with their header, or one person on each line: "
        "“Rosa Lind, runs a cold store”.",
    )

    def brought(self) -> tuple[str, bytes]:
        """Return the file's name and bytes, no name for what was pasted; raise CannotReadFile."""
        file, text = self.file.data, self.pasted.data or ""
        named = bool(file and getattr(file, "filename", ""))
        if named and text.strip():
            raise CannotReadFile(
                "You chose a file and pasted something too. Bring one of them.", field="file"
            )
        if named:
            return _named(file.filename), file.read()
        if not text.strip():
            raise CannotReadFile("Choose a file, or paste people below.", field="file")
        return "", text.encode("utf-8", errors="replace")


def chosen_columns(typed: MultiDict[str, str]) -> Mapping | None:
    """Return what the columns hold as chosen, None where nothing was chosen at all."""
    known = {column.value: column for column in Column}
    names = takewhile(typed.__contains__, (f"column-{at}" for at in range(COLUMN_LIMIT)))
    chosen = tuple(known.get(typed[name]) for name in names)
    return Mapping(chosen) if chosen else None


def _named(file_name: str) -> str:
    last = file_name[-200:].replace("\\", "/").rpartition("/")[2]
    return clean_line(last, 200)[-120:].strip() or "file"
