"""Frozen letters: what may have arrived goes out again byte for byte, or not at all."""

import re

from circle.formats.opened import open_mail
from circle.letters.letter import Letter

LINK = re.compile(r"https?://\S+")


def still_says(wire: bytes, letter: Letter) -> bool:
    """Say whether all that a letter said when its bytes were made would be said of today too.

    Lines that hold a date or a number may differ: "in 5 days" is no lie a day later.
    """
    return _said(open_mail(wire).text) <= _said(letter.text)


def _said(text: str) -> set[str]:
    words = LINK.sub("", text).splitlines()
    return {*LINK.findall(text), *(line.strip() for line in words if not re.search(r"\d", line))}
