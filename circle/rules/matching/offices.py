"""Offices: what somebody is in a firm, however it is put: "head of operations", "COO", "ops manager"."""

from dataclasses import dataclass

from circle.rules.matching import near_words
from circle.rules.matching.folding import Word, joined_stem, singular, stem, words
from circle.rules.matching.near_words import Group
from circle.rules.matching.terms import is_telling, read


@dataclass(frozen=True, slots=True)
class Office:
    """One office named in a text."""

    key: str
    words: str
    places: frozenset[int]
    """Its words in the text that name no trade, counted from 0."""


def held(text: str) -> list[Office]:
    """Return the offices a text names."""
    spoken = words(text)
    trades = [term for term in read(text, near_words.work()) if term.last - term.first > 1]
    found: list[Office] = []
    for first in range(len(spoken)):
        office = _office(text, spoken, first)
        # In "chair maker" there is no chair, in "sports club manager" no club manager.
        longer = (term for term in trades if term.first <= first < term.last)
        if office and all(set(range(term.first, term.last)) <= office.places for term in longer):
            found.append(office)
    return found


def _office(text: str, spoken: tuple[Word, ...], first: int) -> Office | None:
    for last in range(min(first + near_words.LONGEST, len(spoken)), first, -1):
        folded = tuple(word.folded for word in spoken[first:last])
        if not all(word.joined for word in spoken[first + 1 : last]):
            continue
        for group in near_words.offices().find(folded):
            if joined_stem(folded) not in group.stems:
                return Office(group.key, text[spoken[first].start : spoken[last - 1].end], frozenset())
            if span := _ranked(spoken, first, last):
                return _beside_rank(group, text, spoken, span)
    return _unlisted(text, spoken, first)


def _beside_rank(group: Group, text: str, spoken: tuple[Word, ...], span: range) -> Office:
    written = text[spoken[span[0]].start : spoken[span[-1]].end]
    return Office(group.key, written, frozenset() if group.sold else frozenset(span))


def _unlisted(text: str, spoken: tuple[Word, ...], first: int) -> Office | None:
    """Return an office the table does not know: "nursery manager"."""
    span = _ranked(spoken, first, first + 1)
    if (
        not span
        or not all(spoken[at].joined for at in span[1:])
        or not is_telling(spoken[first].folded)
        or _is_rank(spoken[first])
    ):
        return None
    written = text[spoken[span[0]].start : spoken[span[-1]].end]
    return Office(near_words.MARKS["offices"] + stem(spoken[first].folded), written, frozenset())


def _ranked(spoken: tuple[Word, ...], first: int, last: int) -> range | None:
    """Return the words of an office around those of its field: "operations manager", "head of operations"."""
    if last < len(spoken) and _is_rank(spoken[last]) and spoken[last].joined:
        return range(first, last + 1)
    if (
        last + 1 < len(spoken)
        and spoken[last].folded == "and"
        and _is_rank(spoken[min(last + 2, len(spoken) - 1)])
    ):
        return range(first, last)
    if first and _is_rank(spoken[first - 1]):
        return range(first - 1, last)
    if first > 1 and spoken[first - 1].folded in {"of", "for"} and _is_rank(spoken[first - 2]):
        return range(first - 2, last)
    return None


def _is_rank(word: Word) -> bool:
    return singular(word.folded) in near_words.plain("ranks")
