"""A record of introductions: whether a line answers a search, and the whole in words."""

import unicodedata
from collections.abc import Iterable

from circle.rules.wording import count_of, count_word


def answers(sought: str, *texts: str) -> bool:
    """Say whether every word sought stands in these texts, whatever its case and accents."""
    found = _folded(" ".join(texts))
    return all(word in found for word in _folded(sought).split())


def in_words(made: int, received: int, led_on: int) -> str:
    """Count introductions as people say it: "Seven introductions: five made, two received."."""
    total = made + received
    if not total:
        return "No introductions."
    parts = [
        f"{count_word(count)} {verb}" for count, verb in ((made, "made"), (received, "received")) if count
    ]
    said = f"{count_of(total, 'introduction')}: {', '.join(parts)}."
    if led_on:
        said += f" {_first_up(count_word(led_on))} led to a meeting or more."
    return _first_up(said)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_without_marks(plain))


def _without_marks(text: str) -> Iterable[str]:
    return (letter for letter in text if not unicodedata.combining(letter))


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
