"""Bytes become text: the encoding is told by rule, never by chance, and named in words."""

import codecs
from dataclasses import dataclass

from circle.rules.errors import CannotReadFile

FILE_LIMIT = 5 * 1024 * 1024

_MARKS = (
    # UTF-32 first: its mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh")
_OTHER_KINDS = (
    b"%PDF",
    b"\xd0\xcf\x11\xe0",  # Excel before 2007, Outlook messages
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"SQLite format 3",
    b"\x7fELF",
    b"MZ\x90",
    b"!BDN",  # an Outlook data file
)
_WEB_PAGE = ("<!doctype", "<html", "<?xml")


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file, and its encoding in words fit to show."""

    text: str
    encoding: str


def read_text(data: bytes) -> Text:
    """Return the text of at most 5 MB; raise CannotReadFile if it is too large, empty or no text."""
    if len(data) > FILE_LIMIT:
        raise CannotReadFile("This file is larger than 5 MB. Please split it and bring the parts one by one.")
    _refuse_other_kinds(data)
    found = _decoded(data)
    # Left in by some programs at the end of a cell; no letter to anybody.
    text = found.text.replace("\0", "").removeprefix("\ufeff")
    if not text.strip():
        raise CannotReadFile("This file is empty.")
    _refuse_no_text(text)
    return Text(text, found.encoding)


def _decoded(data: bytes) -> Text:
    for mark, codec, words in _MARKS:
        if data.startswith(mark):
            return Text(data[len(mark) :].decode(codec, errors="replace"), words)
    if wide := _wide(data):
        return Text(data.decode(wide, errors="replace"), "UTF-16")
    return _narrow(data)


def _wide(data: bytes) -> str | None:
    """Return the kind of UTF-16 that bytes without a mark are in, told by where their zeros stand."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    # Text of our alphabets has a zero in most pairs; a few strays make no UTF-16.
    most = len(head) // 6
    if odd > most and odd > 8 * even:
        return "utf-16-le"
    if even > most and even > 8 * odd:
        return "utf-16-be"
    return None


def _narrow(data: bytes) -> Text:
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    if not broken:
        return Text(text, "UTF-8")
    # Letters of Windows-1252 hardly ever stand in the order that UTF-8 asks for.
    whole = len(text) - sum(map(str.isascii, text)) - broken
    if whole > broken:
        return Text(
            text, f"UTF-8, with {broken:,} broken {'letter' if broken == 1 else 'letters'} shown as �"
        )
    return Text(
        data.decode("cp1252", errors="replace"), "Windows-1252; please look at letters such as é and ß"
    )


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_PACKED):
        raise CannotReadFile(
            "This is a packed file or a spreadsheet, not a CSV or vCard file. "
            "Unpack it first, or save the spreadsheet as CSV."
        )
    if data.startswith(_OTHER_KINDS):
        raise _not_text()


def _refuse_no_text(text: str) -> None:
    start = text[:1000].lstrip().casefold()
    if start.startswith(_WEB_PAGE):
        raise CannotReadFile("This is a web page, not a CSV or vCard file. Please choose the exported file.")
    head = text[:100_000]
    strange = sum(letter < " " and letter not in "\t\r\n\f\v" for letter in head) + head.count("\ufffd")
    if strange > 20 + len(head) // 20:
        raise _not_text()


def _not_text() -> CannotReadFile:
    return CannotReadFile("This file holds no text. Please choose a CSV or vCard file.")
