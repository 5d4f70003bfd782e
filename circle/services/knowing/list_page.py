"""The page of people somebody knows: searched, by letter, a page at a time; the archive apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import Contact
from circle.models.base import as_row
from circle.rules.alphabet import OTHERS, finds, letter_of_key, sort_key
from circle.rules.names import initials

PAGE = 50
LONGEST_SEARCH = 100

_contact = as_row(Contact)
_TEXTS = tuple(
    _contact.c[column] for column in ("name", "organisation", "position", "line", "where_met", "email")
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of their list: words to find, a letter, a page from 1, or the archive."""

    words: str = ""
    letter: str = ""
    page: int = 1
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody on the list, or about to come onto it: then without a `ref`."""

    ref: str
    name: str
    work: str
    line: str

    @property
    def initials(self) -> str:
        return initials(self.name)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list; `elsewhere` is how many the search finds, or are kept, on the other side."""

    wanted: Wanted
    rows: tuple[Row, ...]
    letters: tuple[str, ...]
    kept: int
    found: int
    pages: int
    elsewhere: int

    @property
    def page_size(self) -> int:
        return PAGE

    @property
    def page_before(self) -> int:
        return self.wanted.page - 1

    @property
    def page_after(self) -> int:
        return self.wanted.page + 1

    @property
    def found_words(self) -> str:
        if not self.found:
            return f"Nobody here matches “{self.wanted.words}”."
        people = "One person matches" if self.found == 1 else f"{self.found:,} people match"
        return f"{people} “{self.wanted.words}”."

    @property
    def place(self) -> str:
        first = (self.wanted.page - 1) * PAGE
        return f"{first + 1:,} to {first + len(self.rows):,} of {self.found:,}"


def read(person_id: int, wanted: Wanted) -> ListPage:
    """Read one page of the people somebody knows, in two statements; a page too far is the last one."""
    words = wanted.words.strip()[:LONGEST_SEARCH]
    everybody = _everybody(person_id, with_texts=bool(words))
    found = [one for one in everybody if finds(words, *one[2:])] if words else everybody
    here = sorted((sort_key(one[2]), one[0]) for one in found if bool(one[1]) is wanted.archived)
    shown = _under(wanted.letter, here) if wanted.letter and not words else here
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(wanted.page, 1), pages)
    return ListPage(
        Wanted(words, "" if words else wanted.letter, page, wanted.archived),
        _rows([one[1] for one in shown[(page - 1) * PAGE : page * PAGE]]),
        _letters(one[0][:1] for one in here),
        sum(bool(one[1]) is wanted.archived for one in everybody),
        len(shown),
        pages,
        len(found) - len(here),
    )


def everybody_known(person_id: int) -> list[PersonKnown]:
    """Return all that somebody wrote down of the people they know, the archive too, by name."""
    rows = db.session.connection().execute(select(*_TEXTS).where(_contact.c.person_id == person_id))
    return sorted((PersonKnown(*row) for row in rows), key=lambda one: (sort_key(one.name), one.name))


def work_words(position: str, organisation: str) -> str:
    """Say in one line what somebody does and where."""
    return f"{position}, {organisation}" if position and organisation else position or organisation


def _everybody(person_id: int, *, with_texts: bool) -> Sequence[Any]:
    texts = _TEXTS if with_texts else _TEXTS[:1]
    chosen = select(_contact.c.id, _contact.c.archived_at.is_not(None), *texts)
    return db.session.connection().execute(chosen.where(_contact.c.person_id == person_id)).all()


def _rows(ids: list[int]) -> tuple[Row, ...]:
    chosen = select(
        _contact.c.id,
        _contact.c.public_id,
        _contact.c.name,
        _contact.c.position,
        _contact.c.organisation,
        _contact.c.line,
    )
    rows = db.session.connection().execute(chosen.where(_contact.c.id.in_(ids))).all()
    by_id = {row[0]: Row(row[1], row[2], work_words(row[3], row[4]), row[5]) for row in rows}
    return tuple(by_id[one] for one in ids)


def _under(letter: str, here: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [one for one in here if letter_of_key(one[0][:1]) == letter]


def _letters(firsts: Iterable[str]) -> tuple[str, ...]:
    letters = {letter_of_key(first) for first in set(firsts)}
    return tuple(sorted(letters, key=lambda letter: (letter == OTHERS, letter)))
