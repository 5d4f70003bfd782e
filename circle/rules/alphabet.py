"""The alphabet of a list of people: its order, its letters, and what is found in it; accents aside."""

import re
import unicodedata
from functools import lru_cache

OTHERS = "#"
"""Stands for names that begin with a digit, a sign, or one of a script's thousands of letters."""

# The marks of Latin, Greek and Cyrillic letters.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")


# The same list is put in order again with every page that is turned.
@lru_cache(maxsize=20_000)
def sort_key(name: str) -> str:
    """Return a name as it is sorted."""
    return _folded(name)


# A list of thousands has few first letters.
@lru_cache(maxsize=1_000)
def letter_of_key(first: str) -> str:
    """Return the capital letter for the first letter of a name as it is sorted."""
    capital = first.upper()[:1]
    return capital if capital.isalpha() and unicodedata.east_asian_width(capital) not in "WF" else OTHERS


def finds(words: str, *texts: str) -> bool:
    """Say whether every word of a search stands somewhere in the texts, as a part of one of theirs."""
    sought = _folded(" ".join(texts))
    return all(word in sought for word in sort_key(words).split())


def _folded(text: str) -> str:
    """Return a text in small letters without accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
