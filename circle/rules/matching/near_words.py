"""The table of near words (near_words.txt) and the lists of plain ones (plain_words.txt), read once."""

from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from circle.rules.matching.folding import joined_stem, singular, stem, words

HERE = Path(__file__).parent
OPENING = 3
LONGEST = 4
"""Words in the longest phrase of the table."""

MARKS = {"trades": "=", "kinds of client": "+", "loves": "<", "turns": ">", "offices": "@"}
"""What the key of a group opens with, by its section."""


@dataclass(frozen=True, slots=True)
class Group:
    """Words that mean one thing."""

    key: str
    sold: bool
    """Opened by a +: a trade others buy, or an office that is a trade as well."""
    names: frozenset[str]
    """What stands before the bar, as written, words joined."""
    stems: frozenset[str]
    """The same by stem."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Groups by what people write: as written, by stem, and what a slip may have been meant for."""

    written: dict[str, tuple[Group, ...]] = field(default_factory=dict)
    stemmed: dict[str, tuple[Group, ...]] = field(default_factory=dict)
    openings: set[str] = field(default_factory=set)
    """What its words begin with: most words are told by it to stand in no group."""

    def find(self, folded: tuple[str, ...]) -> tuple[Group, ...]:
        """Return the groups of a word or phrase; none when it stands in none."""
        joined = "".join(folded)
        if joined[:OPENING] not in self.openings:
            return ()
        return self.written.get(joined) or self.stemmed.get(joined_stem(folded), ())


@cache
def work() -> Table:
    """Return the trades and kinds of client."""
    return _table("trades", "kinds of client")


@cache
def loves() -> Table:
    """Return what people love."""
    return _table("loves")


@cache
def turns() -> Table:
    """Return the turns in the life of a firm."""
    return _table("turns")


@cache
def offices() -> Table:
    """Return the offices people hold."""
    return _table("offices")


@cache
def group(key: str) -> Group | None:
    """Return the group of a key, None for the key of a word that stands in no table."""
    return _all_groups().get(key)


def is_trade(key: str) -> bool:
    """Say whether a key is that of a trade in the table."""
    return key.startswith(MARKS["trades"])


@cache
def plain(section: str) -> frozenset[str]:
    """Return one list of plain words, folded."""
    return frozenset(word.folded for line in _sections("plain_words.txt")[section] for word in words(line))


@cache
def plain_stems(section: str) -> frozenset[str]:
    """Return the stems of one list of plain words."""
    return frozenset(map(stem, plain(section)))


@cache
def starting(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the words of a table that a slip may have been meant for, by first letter."""
    forms = sorted({singular(form) for form in table.written})
    return {letter: tuple(found) for letter, found in groupby(forms, key=lambda form: form[0])}


@cache
def _all_groups() -> dict[str, Group]:
    tables = (work(), loves(), turns(), offices())
    return {group.key: group for table in tables for found in table.written.values() for group in found}


def _table(*sections: str) -> Table:
    table = Table()
    for section in sections:
        for line in _sections("near_words.txt")[section]:
            group, phrases = _group(section, line)
            # "Runs" is what a baker does with a bakery: the verb of a love tells nothing alone.
            for phrase in phrases[len(group.names) :] if section == "loves" and "|" in line[1:] else phrases:
                folded = _folded(phrase)
                table.openings.add("".join(folded)[:OPENING])
                _add(table.written, "".join(folded), group)
                if not phrase.endswith("="):
                    _add(table.stemmed, joined_stem(folded), group)
    return table


def _group(section: str, line: str) -> tuple[Group, list[str]]:
    before, _, after = line.removeprefix("+").partition("|")
    fields, others = _phrases(before), _phrases(after)
    key = MARKS[section] + "_".join(_folded((fields + others)[0]))
    names = frozenset("".join(_folded(phrase)) for phrase in fields)
    stems = frozenset(joined_stem(_folded(phrase)) for phrase in fields)
    return Group(key, line.startswith("+"), names, stems), fields + others


def _phrases(part: str) -> list[str]:
    return [phrase.strip() for phrase in part.split(",") if phrase.strip()]


def _add(into: dict[str, tuple[Group, ...]], form: str, group: Group) -> None:
    if group not in into.get(form, ()):
        into[form] = (*into.get(form, ()), group)


def _folded(phrase: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words(phrase.removesuffix("=")))


@cache
def _sections(file: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (HERE / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[] "), [])
        elif line.strip() and not line.startswith("#"):
            lines.append(line)
    return found
