"""The alphabet of a list of people: its order, its letters, and what is found in it; accents aside."""

import unicodedata

OTHERS = "#"
"""Stands for names that begin with a digit, a sign, or one of a script's thousands of letters."""


def folded(text: str) -> str:
    """Return a text as it is sorted and searched: small letters without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def letter_of(name: str) -> str:
    """Return the capital letter a name is listed under."""
    first = folded(name.lstrip()[:1])[:1].upper()[:1]
    return first if first.isalpha() and unicodedata.east_asian_width(first) not in "WF" else OTHERS


def finds(words: str, *texts: str) -> bool:
    """Say whether every word of a search stands somewhere in the texts, as a part of one of theirs."""
    sought = folded(" ".join(texts))
    return all(word in sought for word in folded(words).split())
