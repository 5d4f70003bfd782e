"""A file of people read whole: whom it holds, who is known already, and why the rest was left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from circle.formats.people import cards, pasted, tables, vcards
from circle.formats.people.columns import Mapping
from circle.formats.people.doubles import Register
from circle.formats.people.person import Found, PersonKnown, Remark, Written, made_clean
from circle.formats.people.tables import Table
from circle.formats.people.text import read_text
from circle.rules.errors import BadName

NO_NAMES = (
    "None of the columns is known to hold names. Please choose the one that does. "
    "The first row has to say what the columns hold."
)


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table was taken, to be shown and changed: for each column header, example and meaning."""

    header: tuple[str, ...]
    samples: tuple[str, ...]
    mapping: Mapping


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """What a file of people holds; each remark names a line of the file."""

    found: tuple[Found, ...]
    doubles: tuple[Remark, ...]
    left_out: tuple[Remark, ...]
    kind: str
    """The kind of file in words."""
    encoding: str
    """How its letters were read, in words."""
    columns: Columns | None
    """None for vCard."""

    @property
    def people(self) -> tuple[PersonKnown, ...]:
        """The people to be kept, in the order of the file."""
        return tuple(one.person for one in self.found)

    @property
    def changed(self) -> tuple[Remark, ...]:
        """What was shortened or passed over in those to be kept."""
        return tuple(Remark(one.at, sentence) for one in self.found for sentence in one.changes)


def read_people(
    file: bytes, known: Iterable[tuple[str, str]] = (), mapping: Mapping | None = None
) -> PeopleRead:
    """Read vCard or CSV of at most 5 MB and 5,000 people; raise CannotReadFile if it is neither.

    `known`: a pair (name_key, address or an empty text) for each person kept before. `mapping`: what the
    columns hold, where the guess was changed.
    """
    source = read_text(file)
    if cards.holds_cards(source.text):
        people = vcards.people_on(source.text)
        return _sorted_out(people, known, kind="vCard", encoding=source.encoding, columns=None)
    table = tables.open_table(source.text)
    mapping = mapping or table.guessed
    return _sorted_out(
        _rows(table, mapping),
        known,
        kind=f"CSV, {_WORDS[table.delimiter]} between the columns",
        encoding=source.encoding,
        columns=Columns(table.header, table.samples, mapping),
    )


def read_pasted(
    text: str, known: Iterable[tuple[str, str]] = (), mapping: Mapping | None = None
) -> PeopleRead:
    """Read what somebody pasted: as `read_people` reads a file, or a name on each line."""
    whole = read_text(text.encode("utf-8", errors="replace")).text
    if mapping or not pasted.is_a_list_of_names(whole):
        return read_people(whole.encode(), known, mapping)
    people = pasted.people_on_lines(whole)
    return _sorted_out(people, known, kind="one person on each line", encoding="", columns=None)


_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def _rows(table: Table, mapping: Mapping) -> Iterator[Written | Remark]:
    if mapping.holds_names:
        return tables.people_in(table, mapping)
    return iter([Remark(table.at, NO_NAMES)])


def _sorted_out(
    people: Iterable[Written | Remark],
    known: Iterable[tuple[str, str]],
    *,
    kind: str,
    encoding: str,
    columns: Columns | None,
) -> PeopleRead:
    register = Register.of(known)
    kept, doubles, left_out = list[Found](), list[Remark](), list[Remark]()
    for one in people:
        found = _cleaned(one)
        if isinstance(found, Remark):
            left_out.append(found)
        elif double := register.double(found):
            doubles.append(Remark(found.at, double))
        else:
            kept.append(found)
    return PeopleRead(tuple(kept), tuple(doubles), tuple(left_out), kind, encoding, columns)


def _cleaned(one: Written | Remark) -> Found | Remark:
    if isinstance(one, Remark):
        return one
    try:
        return made_clean(one)
    except BadName as refusal:
        return Remark(one.at, refusal.sentence)
