"""Words as they are compared: folded for case, accents, plurals, British and American spelling."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

# "IT" is a trade where "it" is nothing: told apart while the capitals still stand.
_CAPITALS = {"IT": "itservice"}
_SEVERAL = re.compile(r"^([A-Z]{2,5})s$")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_JOINS = re.compile(r"\s*|[-‐‑'’]")

_BRITISH = (
    (re.compile(r"(col|flav|harb|lab|neighb|fav|hon|hum|behavi|sav|vap|arm|parl|rum|tum)our"), r"\1or"),
    (re.compile(r"([a-z]{3,})is(e|es|ed|er|ers|ing|ation|ations)$"), r"\1iz\2"),
    (re.compile(r"(an|par|cat)alys(e|es|ed|ing)$"), r"\1alyz\2"),
    (re.compile(r"(cent|theat|lit|met|fib|spect|meag|lust)re(s?)$"), r"\1er\2"),
    (re.compile(r"(cat|di|mono|ana|pro)logue(s?)$"), r"\1log\2"),
    (re.compile(r"(trave|mode|labe|cance|fue|jewe|counse|marve|tunne)ll(?=e|i|o|y)"), r"\1l"),
    (re.compile(r"(p|orthop|encyclop|arch)ae(?=d|o)"), r"\1e"),
    (re.compile(r"(gyn)ae"), r"\1e"),
    (re.compile(r"^(t|k)yre(s?)$"), r"\1ire\2"),
    (re.compile(r"^(programme)(s?)$"), r"program\2"),
    (re.compile(r"^jewellery$|^jewelery$|^jewelry$"), "jewelry"),
    (re.compile(r"^grey(s?)$"), r"gray\1"),
    (re.compile(r"^(al)uminium$"), r"\1uminum"),
)

_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as compared, and where it stands in the text."""

    folded: str
    start: int
    end: int
    joined: bool
    """Whether nothing but a space or a hyphen stands between it and the word before."""


# Texts are short and each is looked at several times in a row.
@lru_cache(maxsize=5_000)
def words(text: str) -> tuple[Word, ...]:
    """Split a text into its words."""
    found: list[Word] = []
    shouting = text.isupper() and " " in text.strip()
    end = 0
    for match in _WORD.finditer(text):
        written = match.group()
        folded = (not shouting and _CAPITALS.get(written)) or fold(_SEVERAL.sub(r"\1", written))
        joined = bool(found) and bool(_JOINS.fullmatch(text, end, match.start()))
        if folded:
            found.append(Word(folded, match.start(), match.end(), joined))
            end = match.end()
    return tuple(found)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Fold one word: no case, no accents, no possessive, American spelling."""
    if word == "&":
        return "and"
    bare = unicodedata.normalize("NFKD", word.casefold().replace("’", "'").replace("ß", "ss"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    bare = re.sub(r"'s?$", "", bare).replace("'", "")
    for british, american in _BRITISH if len(bare) > 3 else ():
        bare = british.sub(american, bare)
    return bare


@lru_cache(maxsize=20_000)
def stem(folded: str) -> str:
    """Return the stem of a folded word."""
    return str(_stemmer.stemWord(folded))


def singular(folded: str) -> str:
    """Take a plural ending off a folded word."""
    if len(folded) < 4 or folded.endswith(("ss", "us", "is")):
        return folded
    if folded.endswith("ies") and len(folded) > 4:
        return f"{folded[:-3]}y"
    if folded.endswith(("ches", "shes", "sses", "xes")):
        return folded[:-2]
    return folded.removesuffix("s")


def joined_stem(folded: tuple[str, ...]) -> str:
    """Return one stem for words written as one or as several: "headteachers", "head teacher"."""
    return stem("".join((*map(singular, folded[:-1]), folded[-1])))
