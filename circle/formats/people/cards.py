"""vCard text cut into cards: logical lines, one card at a time, so that a broken one spoils no other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from circle.formats.people.person import Remark

# A card's first line; a CSV cell that holds nothing else is hardly to be met.
_BEGIN = re.compile(r"(?:\A|[\r\n])BEGIN[ \t]*:[ \t]*VCARD[ \t]*(?=[\r\n]|\Z)", re.IGNORECASE)
_BREAK = re.compile("\r\n|\n|\r")
_EDGE = re.compile(r"(BEGIN|END)[ \t]*:[ \t]*VCARD[ \t]*", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(r"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_INNER_CARD = re.compile(r"(?:[\w-]+\.)?AGENT[^:]*:[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Card:
    """One whole card: the line where it begins and the logical lines between its two ends."""

    at: int
    lines: tuple[str, ...]


def holds_cards(text: str) -> bool:
    """Say whether a text holds a line that begins a card."""
    return bool(_BEGIN.search(text))


def cards_in(text: str) -> Iterator[Card | Remark]:
    """Yield every card of a text in its order, and why a cut-off one could not be read."""
    open_at, lines, inside = 0, list[str](), 0
    for at, line in _logical_lines(text):
        edge = _EDGE.fullmatch(line)
        if not edge:
            if open_at and not inside:
                lines.append(line)
        elif edge[1].upper() == "BEGIN":
            if open_at and (inside or (lines and _INNER_CARD.fullmatch(lines[-1]))):
                inside += 1
                continue
            if open_at:
                yield _cut_off(open_at)
            open_at, lines = at, []
        elif inside:
            inside -= 1
        elif open_at:
            yield Card(open_at, tuple(lines))
            open_at = 0
    if open_at:
        yield _cut_off(open_at)


def _cut_off(at: int) -> Remark:
    return Remark(at, "The card that begins here is cut off: its last line is missing.")


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each logical line with the number of its first one (RFC 6350, 3.2; vCard 2.1, 2.1.3)."""
    at, parts, soft, quoted = 1, list[str](), False, False
    for number, line in enumerate(_BREAK.split(text), start=1):
        if soft and not _EDGE.fullmatch(line):
            parts.append(line)
        elif line[:1] in {" ", "\t"} and parts and not _EDGE.fullmatch(parts[0]):
            parts.append(line[1:])
        else:
            if parts:
                yield at, "".join(parts)
            at, parts = number, [line]
            quoted = bool(_QUOTED_PRINTABLE.match(line, 0, 1000))
        soft = quoted and line.endswith("=")
        if soft:
            parts[-1] = parts[-1][:-1]
    if parts:
        yield at, "".join(parts)
