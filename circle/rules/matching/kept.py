"""What is kept of somebody's texts: terms by where they stand, as one text to store beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from circle.rules.matching import near_words
from circle.rules.matching.folding import fold, singular, words
from circle.rules.matching.lines import Side, told_apart
from circle.rules.matching.offices import held
from circle.rules.matching.people import Contact
from circle.rules.matching.terms import Term, read

VERSION = "1"
"""Raised whenever terms are read differently: what was kept before is then made anew."""


class Place(StrEnum):
    """Where a term stands and what it tells; the value opens its row in the stored text."""

    POSITION = "p"
    ORGANISATION = "w"
    DOES = "d"
    SERVES = "s"
    FOR = "f"
    """Whom the work is for, as what it is called tells: the hotels in "hotel interiors"."""
    LOVES = "l"
    OFFICE = "o"
    TURN = "t"


WORK = frozenset({Place.POSITION, Place.ORGANISATION, Place.DOES})
"""Where somebody's own trade stands."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One term at its place, with the words that were written."""

    place: Place
    key: str
    words: str


def kept_terms(contact: Contact) -> str:
    """Return what to store beside a contact's texts, made anew whenever they change."""
    rows = (f"{each.place} {each.key} {' '.join(each.words.split())}" for each in mentions(contact))
    return "\n".join((VERSION, *rows))


def is_current(kept: str) -> bool:
    """Say whether a stored text was made by these rules; if not, it must be made anew."""
    return kept.partition("\n")[0] == VERSION


@lru_cache(maxsize=20_000)
def read_kept(kept: str) -> tuple[Mention, ...]:
    """Read back what `kept_terms` wrote."""
    rows = (row.split(" ", 2) for row in kept.split("\n")[1:])
    return tuple(Mention(Place(place), key, written) for place, key, written in rows)


def mentions(contact: Contact) -> list[Mention]:
    """Return all that a contact's texts speak of, each term once at each place."""
    found = [
        *_position(contact.position),
        *_organisation(contact),
        *(each for stretch in told_apart(contact.line) for each in told(stretch.side, stretch.text)),
        *_turns(contact.line),
    ]
    return list(dict.fromkeys(found))


def told(side: Side, text: str) -> Iterator[Mention]:
    """Return what a stretch of a line speaks of."""
    if side is Side.DOES:
        yield from working(text)
    elif side is Side.SERVES:
        yield from _serving(text)
    elif side is Side.LOVES:
        yield from (Mention(Place.LOVES, term.key, term.words) for term in read(text, near_words.loves()))


def working(text: str, place: Place = Place.DOES) -> Iterator[Mention]:
    """Return what a text says of somebody's work: in "hotel interiors" the hotels are whom it serves."""
    offices = held(text)
    yield from (Mention(Place.OFFICE, office.key, office.words) for office in offices)
    taken = frozenset(at for office in offices for at in office.places)
    # What looks like a slip in the name of a firm is a name.
    terms = read(text, near_words.work(), skip=taken, slips_too=place is not Place.ORGANISATION)
    for term in terms:
        compound = _compound(term, terms, text) if near_words.group(term.key) else ""
        yield Mention(Place.FOR if compound else place, term.key, compound or term.words)


def _is_sold(key: str) -> bool:
    group = near_words.group(key)
    return group is not None and group.sold


def _position(position: str) -> Iterator[Mention]:
    # "Director, Operations" is one office.
    yield from (Mention(Place.OFFICE, office.key, office.words) for office in held(position))
    for stretch in told_apart(position, loves=False):
        if stretch.side is Side.SERVES:
            yield from _serving(stretch.text)
        else:
            yield from working(stretch.text, Place.POSITION)


def _organisation(contact: Contact) -> Iterator[Mention]:
    """Return what a firm's name tells of its trade: no plain words, and not the name of the contact."""
    own = {word.folded for word in words(contact.name)}
    found = [
        each for each in working(contact.organisation, Place.ORGANISATION) if near_words.is_trade(each.key)
    ]
    sold = [each for each in found if _is_sold(each.key)]
    for each in found:
        named = {fold(word) for word in each.words.split()}
        # Firms that sell advice are often called after people: "Butcher & Cook Solicitors".
        if not named <= own and (not sold or each in sold or each.place is Place.FOR):
            yield each


def _serving(text: str) -> Iterator[Mention]:
    yield from _sizes(text)
    yield from (Mention(Place.SERVES, term.key, term.words) for term in read(text, near_words.work()))


_SIZE = re.compile(
    r"\b(?:firms|companies|businesses|employers) (?:of|with|under|up to)\b[\w\s-]*?"
    r"(?:people|staff|employees|heads)?$",
    re.IGNORECASE,
)


def _sizes(text: str) -> Iterator[Mention]:
    """Read "firms of five to fifty people" as small ones."""
    if (size := _SIZE.search(text)) and re.search(r"\b(?:of|with|under|up to)\s+\w+", size.group()):
        yield Mention(Place.SERVES, near_words.work().find(("small", "firm"))[0].key, size.group())


def _turns(line: str) -> Iterator[Mention]:
    for term in read(line, near_words.turns()):
        if near_words.group(term.key):
            yield Mention(Place.TURN, term.key, term.words)


def _compound(term: Term, terms: tuple[Term, ...], text: str) -> str:
    """Return "hotel interiors", "dental supplies" or "builds schools" for a kind the work is for, else ""."""
    spoken = words(text)
    after = spoken[term.last] if term.last < len(spoken) and spoken[term.last].joined else None
    bought = [other for other in terms if other.sold and other.key != term.key and other.first == term.last]
    if after and bought:
        return text[spoken[term.first].start : spoken[bought[0].last - 1].end]
    if after and singular(after.folded) in near_words.plain("supplies"):
        return text[spoken[term.first].start : after.end]
    if term.first and not term.sold and singular(spoken[0].folded) in near_words.plain("shaping verbs"):
        return text[spoken[0].start : spoken[term.last - 1].end]
    return ""
