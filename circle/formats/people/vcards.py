"""vCard 2.1, 3.0 and 4.0: what one card says of a person, by the grammar of icalendar's parser."""

import quopri
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from icalendar.parser import (
    q_split,
    split_on_unescaped_comma,
    split_on_unescaped_semicolon,
    unescape_backslash,
)

from circle.formats.people.cards import Card, cards_in
from circle.formats.people.person import Remark, Written
from circle.rules.errors import CannotReadFile

CARD_LIMIT = 5_000

# A value is read that far; a photo is not read at all.
_LONGEST_VALUE = 20_000
_LONGEST_HEAD = 2_000
_MOST_ALIKE = 20
_WANTED = frozenset(
    {"FN", "N", "ORG", "TITLE", "ROLE", "NOTE", "EMAIL", "CATEGORIES", "KIND"}
    | {"X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND"}
)
_LINE = re.compile(r'(?:[\w-]+\.)?([\w-]+)[ \t]*((?:;(?:[^":]|"[^"]*")*)?):', re.ASCII)
_KINDS = {"group": "a group", "org": "an organisation", "location": "a place", "company": "an organisation"}
# The labels that programs set by themselves say nothing about a person.
_OWN_LABELS = frozenset({"mycontacts", "starred", "my contacts"})
# ISO 8859-1 as everybody reads it; other names are read by rule.
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "iso-8859-2": "iso-8859-2",
    "windows-1252": "cp1252",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
    "shift_jis": "shift_jis",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def rank(self) -> int:
        """The place among its like, the preferred one first: PREF=1 to 100, or TYPE=pref."""
        if "PREF" in self.parameters.get("TYPE", []):
            return 1
        number = self.parameters.get("PREF", [""])[0]
        return min(int(number), 100) if number.isdecimal() else 101


def people_on(text: str) -> Iterator[Written | Remark]:
    """Yield the person on each card, or why it could not be read; raise CannotReadFile above 5,000."""
    for count, card in enumerate(cards_in(text), start=1):
        if count > CARD_LIMIT:
            raise CannotReadFile(
                f"This file has more than {CARD_LIMIT:,} cards. "
                "Please split it and bring the parts one by one."
            )
        yield _person(card) if isinstance(card, Card) else card


def _person(card: Card) -> Written | Remark:
    said: defaultdict[str, list[_Property]] = defaultdict(list)
    passed_over = 0
    for line in card.lines:
        match = _LINE.match(line, 0, _LONGEST_HEAD)
        passed_over += not match and bool(line.strip())
        name = match[1].upper() if match else ""
        if match and name in _WANTED and len(said[name]) < _MOST_ALIKE:
            said[name].append(_property(match, line))
    if kind := _other_kind(said):
        return Remark(card.at, f"This card stands for {kind}, not for a person.")
    return Written(
        at=card.at,
        name=_first(said["FN"]) or _joined_name(said["N"]),
        organisation=_organisation(said["ORG"]),
        position=_first(said["TITLE"]) or _first(said["ROLE"]),
        line=_first(said["NOTE"]) or _labels(said["CATEGORIES"]),
        emails=tuple(filter(None, map(_text, sorted(said["EMAIL"], key=lambda one: one.rank)))),
        passed_over=_sentence(passed_over),
    )


def _property(match: re.Match[str], line: str) -> _Property:
    parameters: defaultdict[str, list[str]] = defaultdict(list)
    for parameter in q_split(match[2][1:], ";"):
        key, equals, value = parameter.strip().partition("=")
        # vCard 2.1 may leave the name out: EMAIL;INTERNET;PREF:
        key, value = (key, value) if equals else (_unnamed(key), key)
        parameters[key.strip().upper()] += [one.strip().upper() for one in value.replace('"', "").split(",")]
    value = line[match.end() :][:_LONGEST_VALUE]
    encodings = parameters["ENCODING"]
    if "QUOTED-PRINTABLE" in encodings:
        value = _unquoted(value, parameters["CHARSET"])
    # Base64 is for pictures and sounds.
    return _Property(match[1].upper(), parameters, "" if {"B", "BASE64"} & {*encodings} else value.strip())


def _unnamed(value: str) -> str:
    return "ENCODING" if value.upper() in {"QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"} else "TYPE"


def _unquoted(value: str, charsets: list[str]) -> str:
    # Letters beyond ASCII should not stand here; where they do, they are UTF-8 like the rest.
    wire = quopri.decodestring(value.encode("utf-8", errors="replace"))
    codec = _CHARSETS.get(charsets[0].lower()) if charsets else None
    if codec:
        return wire.decode(codec, errors="replace")
    try:
        return wire.decode("utf-8")
    except UnicodeDecodeError:
        return wire.decode("cp1252", errors="replace")


def _first(properties: list[_Property]) -> str:
    return next(filter(None, map(_text, sorted(properties, key=lambda one: one.rank))), "")


def _text(one: _Property) -> str:
    text: str = unescape_backslash(one.value)
    return text.strip()


def _joined_name(properties: list[_Property]) -> str:
    """Return given, additional and family names in that order (RFC 6350, 6.2.2)."""
    parts = [part for one in properties[:1] for part in split_on_unescaped_semicolon(one.value)]
    family, given, additional = (*parts, "", "", "")[:3]
    return " ".join(part.strip() for part in (given, additional, family) if part.strip())


def _organisation(properties: list[_Property]) -> str:
    parts = (part.strip() for one in properties for part in split_on_unescaped_semicolon(one.value))
    return next(filter(None, parts), "")


def _labels(properties: list[_Property]) -> str:
    labels = (label.strip() for one in properties for label in split_on_unescaped_comma(one.value))
    return ", ".join(label for label in labels if label and label.casefold() not in _OWN_LABELS)


def _other_kind(said: dict[str, list[_Property]]) -> str | None:
    kinds = (
        one.value.casefold()
        for name in ("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS")
        for one in said[name]
    )
    return next((_KINDS[kind] for kind in kinds if kind in _KINDS), None)


def _sentence(passed_over: int) -> tuple[str, ...]:
    if not passed_over:
        return ()
    lines = "One line of this card" if passed_over == 1 else f"{passed_over:,} lines of this card"
    return (f"{lines} could not be read and {'was' if passed_over == 1 else 'were'} passed over.",)
