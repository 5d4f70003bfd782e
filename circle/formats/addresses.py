"""Email addresses as people paste them: one or many, in any usual form, with what could not be read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from email_validator import EmailNotValidError, validate_email

from circle.rules.errors import BadAddress, BadName
from circle.rules.names import clean_name

TEXT_LIMIT = 20_000
FAULTS_SHOWN = 10
LOOKED_AT = 5
"""What may be an address costs more to read than all else in a line."""

_LINE_BREAKS = re.compile("[\r\n\v\f\x85\u2028\u2029]+")
# Commas inside quotes, angles and brackets belong to a name.
_PIECES = re.compile(r'((?:"[^"]*"|<[^<>]*>|\([^()]*\)|[^,;\t，；、])+)([,;\t，；、]?)')
# Neither pattern asks for the @ itself: looking for it at every start would cost the square of the text.
_IN_ANGLES = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"""([^\s<>()\[\]{}",;:|]+)""")
_LABEL = re.compile(r"^\s*(?:to|cc|bcc|from|an|mailto|e-?mail)\s*:", re.IGNORECASE)
_HEADINGS = frozenset(
    {"", "name", "names", "email", "e-mail", "emails", "mail", "address", "addresses", "mailto", "and"}
)
_AFTER_A_COMMA = frozenset({"inc", "ltd", "llc", "gmbh", "jr", "sr", "phd", "md"})
# Reserved names cannot receive mail; people of the demo and of tests carry them.
_RESERVED = (".invalid", ".test")


@dataclass(frozen=True, slots=True)
class Address:
    """One address, with the name that stood beside it or an empty one."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read from a pasted text: addresses in their order, each once, and sentences for the rest."""

    addresses: tuple[Address, ...]
    faults: tuple[str, ...]


def read_addresses(text: str, limit: int = 50) -> Pasted:
    """Read at most `limit` addresses from a text of at most 20,000 characters; never raise."""
    if len(text) > TEXT_LIMIT:
        return Pasted((), (f"Please paste at most {TEXT_LIMIT:,} characters at once.",))
    found: dict[str, Address] = {}
    faults: dict[str, None] = {}
    for name, candidate in _candidates(_visible(text)):
        try:
            address = Address(name, read_address(candidate))
        except BadAddress as refusal:
            faults[refusal.sentence] = None
        else:
            known = found.get(address_key(address.email))
            found[address_key(address.email)] = known if known and (known.name or not name) else address
    return _bounded(list(found.values()), list(faults), limit)


def first_address(text: str) -> str:
    """Return the first address in a line, an empty text where none of the first few that may be one is."""
    for _, candidate in islice(_candidates(_visible(text)), LOOKED_AT):
        try:
            return read_address(candidate)
        except BadAddress:
            continue
    return ""


def read_address(text: str) -> str:
    """Return one address ready for the wire, all ASCII; raise BadAddress saying how to mend it."""
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise BadAddress("Please type an email address.", field="email")
    if len(text) > 320:
        raise _refusal(text)
    ending = next((one for one in _RESERVED if text.casefold().endswith(one)), "")
    checked = text[: -len(ending)] + ".com" if ending else text
    try:
        email = validate_email(
            checked, check_deliverability=False, allow_smtputf8=False, strict=True
        ).ascii_email
    except EmailNotValidError:
        raise _refusal(text) from None
    if email is None:
        raise _refusal(text)
    return email.removesuffix(".com") + ending if ending else email


def address_key(email: str) -> str:
    """Return what makes two spellings of one address equal."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email).casefold())


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    for line in _LINE_BREAKS.split(text):
        waiting = ""
        for piece, separator in _PIECES.findall(_LABEL.sub("", line)):
            if "@" in piece:
                yield from _from_piece(piece, waiting)
                waiting = ""
                continue
            yield from _unread(waiting)
            waiting = piece.strip() + separator if piece.strip() else ""
        yield from _unread(waiting)


def _from_piece(piece: str, waiting: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses of one piece; what waits before it is a name where the piece makes it one."""
    in_angles = _hits(_IN_ANGLES, piece)
    hits = in_angles or _hits(_BARE, piece)
    if not hits:
        yield from (*_unread(waiting), ("", piece.strip()))
        return
    lead = piece[: hits[0].start()]
    in_two_parts = bool(in_angles and waiting.endswith(",") and _name(lead))
    if in_two_parts or (not _name(lead) and _names_the_next(waiting)):
        lead = f"{waiting}{lead}" if in_two_parts else waiting[:-1]
    else:
        yield from _unread(waiting)
    betweens = [lead, *(piece[one.end() : other.start()] for one, other in pairwise(hits))]
    for between, hit in zip(betweens, hits, strict=True):
        yield _name(between) or _comment(piece, hit.end(), alone=len(hits) == 1), _bare_address(hit[1])
    rest = piece[hits[-1].end() :]
    if "@" in rest:
        yield "", rest.strip()


def _hits(pattern: re.Pattern[str], piece: str) -> list[re.Match[str]]:
    return [hit for hit in pattern.finditer(piece) if "@" in hit[1].strip("@ ")]


def _bare_address(text: str) -> str:
    address = text.strip().removeprefix("mailto:").split("?")[0]
    return address.strip("'.!*_`“”‘’«»„ ")


def _names_the_next(waiting: str) -> bool:
    return waiting.endswith("\t") or " " in waiting


def _unread(piece: str) -> Iterator[tuple[str, str]]:
    words = piece.strip(" ,;\t，；、.:*-–•<>()[]\"'")
    if words.casefold() not in _HEADINGS:
        yield "", words


def _comment(piece: str, end: int, *, alone: bool) -> str:
    comment = re.match(r"\s*\(([^()]*)\)", piece[end:]) if alone else None
    return _name(comment[1]) if comment else ""


def _name(text: str) -> str:
    text = _LABEL.sub("", text.strip(" \"'<>()[]{}|:*-–•“”‘’«»„"))
    last, comma, first = (part.strip(" \"'") for part in text.partition(","))
    if comma and first and "," not in first and first.rstrip(".").casefold() not in _AFTER_A_COMMA:
        text = f"{first} {last}"
    if "@" in text or not any(letter.isalpha() for letter in text) or text.casefold() in _HEADINGS:
        return ""
    try:
        return clean_name(text)
    except BadName:
        return ""


def _visible(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in {"Cf", "Cs"})


def _bounded(addresses: list[Address], faults: list[str], limit: int) -> Pasted:
    if len(addresses) > limit:
        faults.insert(0, f"Please paste at most {limit} addresses at once. There were {len(addresses)}.")
    if len(faults) > FAULTS_SHOWN:
        faults = [*faults[:FAULTS_SHOWN], f"And {len(faults) - FAULTS_SHOWN} more could not be read."]
    return Pasted(tuple(addresses[:limit]), tuple(faults))


def _refusal(text: str) -> BadAddress:
    shown = "".join(letter for letter in text if letter.isprintable())
    shown = shown if len(shown) <= 60 else shown[:60] + "…"
    return BadAddress(f"“{shown}” is not an email address. One looks like name@example.org.", field="email")
