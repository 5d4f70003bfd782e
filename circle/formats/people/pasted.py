"""People as somebody types or pastes them: rows of a table with a header, cards, or a name on each line."""

import re
from collections.abc import Iterator

from circle.formats.addresses import first_address
from circle.formats.people import tables
from circle.formats.people.cards import holds_cards
from circle.formats.people.person import Written
from circle.formats.people.tables import ROW_LIMIT
from circle.rules.errors import CannotReadFile

_BREAK = re.compile("\r\n|\n|\r")
_LEAD = re.compile(r"^[\s\-–—*•·]+(?=\w)|^\s*\d{1,4}[.)]\s+")
# Begun in the middle of a word it would cost the square of the line.
_ADDRESS = re.compile(r"[<(\[]?(?<![^\s<>()\[\],;])[^\s<>()\[\],;]+@[^\s<>()\[\],;]+[>)\]]?")
_PARTS = re.compile(r"\s*[,;:|]\s*|\s+[-–—]\s+|\s*\((?=[^()]*\)\s*$)")
_LONGEST_LINE = 1_000


def is_a_list_of_names(text: str) -> bool:
    """Say whether a pasted text is neither cards nor a table whose header says who."""
    if holds_cards(text) or "\t" in text:
        return False
    return not tables.open_table(text).guessed.holds_names


def people_on_lines(text: str) -> Iterator[Written]:
    """Yield the person on each line: a name, perhaps an address, and what is said of them.

    Raise CannotReadFile as soon as there are more than 5,000.
    """
    count = 0
    for at, line in enumerate(_BREAK.split(text), start=1):
        if not line.strip():
            continue
        count += 1
        if count > ROW_LIMIT:
            raise CannotReadFile(f"These are more than {ROW_LIMIT:,} lines. Please bring them in parts.")
        # Single spaces: between two words a part may begin at each of many.
        yield _person(at, " ".join(line[:_LONGEST_LINE].split()))


def _person(at: int, line: str) -> Written:
    email = first_address(line) if "@" in line else ""
    without = _ADDRESS.sub(" ", line) if email else line
    name, *rest = (part.strip() for part in _PARTS.split(_LEAD.sub("", without).strip(" ,;:|"), maxsplit=1))
    said = " ".join(rest)
    # The bracket that parted it from the name.
    said = said if "(" in said else said.removesuffix(")")
    return Written(at=at, name=name.strip('"'), line=said, emails=(email,) if email else ())
