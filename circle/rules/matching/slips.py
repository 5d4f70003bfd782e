"""Slips: whether one word is another, mistyped; cautious, since a wrong reason is worse than none."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from circle.rules.matching.near_words import Table, plain, starting

SHORTEST = 5
"""Letters a word must have before a slip in it is thought of."""


def is_slip(word: str, meant: str, *, sure: int = 7) -> bool:
    """Say whether `word` is `meant` mistyped: both folded, a letter or two apart, no word of its own.

    Words shorter than `sure` letters must hold the same letters, or one doubled.
    """
    if word == meant or not _comparable(word, meant):
        return False
    allowed = _allowed(word, meant)
    return OSA.distance(word, meant, score_cutoff=allowed) <= allowed and (
        max(len(word), len(meant)) >= sure or _same_letters(word, meant)
    )


@lru_cache(maxsize=20_000)
def meant(word: str, table: Table) -> str:
    """Return the word of the table that this folded word was meant to be, or ""."""
    if len(word) < SHORTEST or word in plain("not slips"):
        return ""
    forms = starting(table).get(word[0], ())
    nearest = process.extract(word, forms, scorer=OSA.distance, score_cutoff=2, limit=5)
    return next((form for form, _, _ in nearest if is_slip(word, form)), "")


def _comparable(word: str, meant: str) -> bool:
    if min(len(word), len(meant)) < SHORTEST or word[0] != meant[0] or abs(len(word) - len(meant)) > 2:
        return False
    return word not in plain("not slips") and not (word + meant).isdigit()


def _allowed(word: str, meant: str) -> int:
    return 2 if min(len(word), len(meant)) >= 9 else 1


def _same_letters(word: str, meant: str) -> bool:
    """Say whether letters have only changed places, or one is doubled or not."""
    return sorted(word) == sorted(meant) or _undoubled(word) == _undoubled(meant)


def _undoubled(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])
