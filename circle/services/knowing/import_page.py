"""What a brought file would do before it is kept, and the imports that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.formats.people.columns import Mapping
from circle.formats.people.person import PersonKnown, Remark
from circle.formats.people.reading import PeopleRead
from circle.models import ContactImport
from circle.models.base import as_row
from circle.services.knowing import contacts, imports
from circle.services.knowing.keeping import full_words
from circle.services.knowing.list_page import Row, work_words
from circle.services.work import end_reading

SHOWN = 8
"""People of a file that are shown as they would be kept."""
REMARKS_SHOWN = 500
KEPT_SHOWN = 50

_import = as_row(ContactImport)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said of single lines of a file, under one heading; `more` is how many are not shown."""

    words: str
    lines: tuple[Remark, ...]
    more: int


@dataclass(frozen=True, slots=True)
class TakenColumn:
    """One column of a table: its header, the first thing in it, and what it was taken for."""

    header: str
    sample: str
    taken: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A file that waits to be kept, as it would be."""

    ref: str
    file_name: str
    kind: str
    encoding: str
    count: int
    samples: tuple[Row, ...]
    """Some of them, as they would stand on the list."""
    columns: tuple[TakenColumn, ...]
    mapping: Mapping | None
    remarks: tuple[Remarks, ...]
    too_many: str

    @property
    def count_words(self) -> str:
        return "one person" if self.count == 1 else f"{self.count:,} people"

    @property
    def passed_over(self) -> int:
        return sum(not column.taken for column in self.columns)

    @property
    def passed_over_words(self) -> str:
        return (
            "One column passed over" if self.passed_over == 1 else f"{self.passed_over} columns passed over"
        )

    @property
    def more(self) -> int:
        return self.count - len(self.samples)


@dataclass(frozen=True, slots=True)
class Kept:
    """An import that was kept."""

    ref: str
    file_name: str
    kept_at: datetime
    people: int


def preview(person_id: int, ref: str) -> Preview | None:
    """Read what a waiting file would do; None unless it is this person's and waits."""
    held = imports.of_person(person_id, ref)
    if held is None or held.file is None:
        return None
    known = imports.known(person_id)
    end_reading()
    found = imports.read(held.file_name, held.file, imports.taken(held.columns), known)
    return Preview(
        ref=held.public_id,
        file_name=held.file_name,
        kind=found.kind,
        encoding=found.encoding,
        count=len(found.found),
        samples=tuple(map(_sample, found.people[:SHOWN])),
        columns=_columns(found),
        mapping=found.columns.mapping if found.columns else None,
        remarks=tuple(_remarks(found)),
        too_many=_too_many(len(known), len(found.found)),
    )


def kept(person_id: int) -> tuple[Kept, ...]:
    """List the imports somebody kept, the newest first."""
    rows = db.session.execute(
        select(_import.c.public_id, _import.c.file_name, _import.c.kept_at, _import.c.people)
        .where(_import.c.person_id == person_id, _import.c.kept_at.is_not(None))
        .order_by(_import.c.id.desc())
        .limit(KEPT_SHOWN)
    )
    return tuple(Kept(*row) for row in rows)


def waiting(person_id: int) -> str:
    """Return the public id of the file that waits to be looked at; empty without one."""
    newest = (
        select(_import.c.public_id)
        .where(_import.c.person_id == person_id, _import.c.kept_at.is_(None))
        .order_by(_import.c.id.desc())
    )
    return db.session.scalar(newest.limit(1)) or ""


def _sample(person: PersonKnown) -> Row:
    return Row("", person.name, work_words(person.position, person.organisation), person.line)


def _columns(found: PeopleRead) -> tuple[TakenColumn, ...]:
    if found.columns is None:
        return ()
    chosen = [column.value if column else "" for column in found.columns.mapping.columns]
    taken = chosen + [""] * (len(found.columns.header) - len(chosen))
    return tuple(map(TakenColumn, found.columns.header, found.columns.samples, taken))


def _remarks(found: PeopleRead) -> list[Remarks]:
    kinds: tuple[tuple[str, str, Sequence[Remark]], ...] = (
        ("line left out", "lines left out", found.left_out),
        ("person known already, left as they are", "people known already, left as they are", found.doubles),
        ("line shortened or changed", "lines shortened or changed", found.changed),
    )
    return [
        Remarks(
            _counted(len({remark.at for remark in lines}), one, several),
            tuple(lines[:REMARKS_SHOWN]),
            max(0, len(lines) - REMARKS_SHOWN),
        )
        for one, several, lines in kinds
        if lines
    ]


def _counted(lines: int, one: str, several: str) -> str:
    return f"One {one}" if lines == 1 else f"{lines:,} {several}"


def _too_many(held: int, more: int) -> str:
    return full_words(held, more) if held + more > contacts.MOST else ""
