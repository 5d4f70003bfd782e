"""Terms: what a text speaks of, as keys to compare and as the words that were written."""

from dataclasses import dataclass
from functools import lru_cache

from circle.rules.matching import near_words, slips
from circle.rules.matching.folding import Word, singular, stem, words
from circle.rules.matching.near_words import Group, Table

PLAIN = "~"
"""Opens the key of a word that stands in no table: its stem follows."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a text speaks of."""

    key: str
    words: str
    """As written, with the words that belong to it: "small hotels"."""
    first: int
    last: int
    """Its words in the text, counted from 0, the last one past the end."""
    sold: bool = False


@lru_cache(maxsize=5_000)
def read(
    text: str, table: Table, *, skip: frozenset[int] = frozenset(), slips_too: bool = True
) -> tuple[Term, ...]:
    """Return what a text speaks of, leaving out the words at these places."""
    spoken = words(text)
    found: list[Term] = []
    at = 0
    while at < len(spoken):
        length, groups = (0, ()) if at in skip else _longest(spoken, at, table)
        if groups:
            found += (
                Term(group.key, shown(text, spoken, at, at + length), at, at + length, group.sold)
                for group in groups
            )
        elif at not in skip and is_telling(spoken[at].folded):
            found.append(_unlisted(text, spoken, at, table if slips_too else None))
        at += length or 1
    return tuple(term for term in found if not _only_describes(term, found, spoken))


def is_telling(folded: str) -> bool:
    """Say whether a word may be a reason on its own."""
    if len(folded) < 3 or folded.isdigit() or folded in near_words.plain("stop"):
        return False
    return stem(folded) not in near_words.plain_stems("general")


def shown(text: str, spoken: tuple[Word, ...], first: int, last: int) -> str:
    """Return the words of a term as written, with up to two that describe it: "small hotels"."""
    before = first
    while before > max(0, first - 2) and spoken[before].joined and _describes(spoken[before - 1].folded):
        before -= 1
    if (
        last < len(spoken)
        and spoken[last].joined
        and singular(spoken[last].folded) in near_words.plain("carriers")
    ):
        last += 1
    return text[spoken[before].start : spoken[last - 1].end]


def _longest(spoken: tuple[Word, ...], at: int, table: Table) -> tuple[int, tuple[Group, ...]]:
    """Return the length of the longest phrase that begins here and its groups; 0 and none without one."""
    reach = 1
    while reach < near_words.LONGEST and at + reach < len(spoken) and spoken[at + reach].joined:
        reach += 1
    for length in range(reach, 0, -1):
        groups = table.find(tuple(word.folded for word in spoken[at : at + length]))
        if groups and (length > 1 or spoken[at].folded not in near_words.plain("stop")):
            return length, groups
    return 0, ()


def _only_describes(term: Term, found: list[Term], spoken: tuple[Word, ...]) -> bool:
    """Say whether a plain word only describes what follows it: "alpine" in "alpine walking"."""
    at = term.last
    while term.key.startswith(PLAIN) and at < len(spoken) and spoken[at].joined:
        if any(other.first == at for other in found):
            return True
        if spoken[at].folded in near_words.plain("stop"):
            return False
        at += 1
    return False


def _unlisted(text: str, spoken: tuple[Word, ...], at: int, table: Table | None) -> Term:
    folded = spoken[at].folded
    named = text[spoken[at].start].isupper() and at > 0
    form = slips.meant(singular(folded), table) if table and not named else ""
    group = next(iter(table.find((form,))), None) if table and form else None
    key = group.key if group else PLAIN + stem(folded)
    return Term(key, shown(text, spoken, at, at + 1), at, at + 1, bool(group and group.sold))


def _describes(folded: str) -> bool:
    return folded not in near_words.plain("stop") and singular(folded) not in near_words.plain("verbs")
