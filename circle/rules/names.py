"""What people type about themselves: names, lines and texts made clean, and short forms of a name."""

import re
import unicodedata
from functools import partial

from circle.rules.errors import BadName, BadText

NAME_LIMIT = 80
KEY_LIMIT = 160
SOMEONE = "someone"
"""What a contact is called where they were erased."""
FORMER_MEMBER = "a former member"
"""What a person is called where they were erased."""

_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau", "mme", "sir"})
# Letters to Unicode, nothing to the eye.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")


def clean_name(text: str) -> str:
    """Return a name in NFC with single spaces, 1 to 80 characters; raise BadName saying how to mend it."""
    text = text.strip()
    if not text:
        raise BadName("Please type a name.", field="name")
    # Twice the limit leaves room for letters that NFC joins, and bounds the work.
    if len(text) > 2 * NAME_LIMIT:
        raise _too_long_a_name()
    name = " ".join(unicodedata.normalize("NFC", text).split(" "))
    if any(_hidden(name, at) for at in range(len(name))):
        raise BadName(
            "There is a character in that name that cannot be shown. Please type it anew.", field="name"
        )
    name = " ".join(name.split())
    if len(name) > NAME_LIMIT:
        raise _too_long_a_name()
    if not any(_stands_alone(letter) for letter in name):
        raise BadName("A name needs at least one letter or digit.", field="name")
    return name


def name_key(name: str) -> str:
    """Return the form of a clean name under which one person is kept once, at most 160 characters."""
    return name.casefold()[:KEY_LIMIT]


def clean_line(text: str, limit: int) -> str:
    """Return one line without hidden characters, perhaps empty; raise BadText above `limit` characters."""
    return _within(" ".join(_shown(text, limit).split()), limit)


def clean_text(text: str, limit: int) -> str:
    """Return lines ended by \\n without hidden characters, perhaps none; raise BadText above `limit`."""
    lines = [
        " ".join(line.split()) for line in re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", _bounded(text, limit))
    ]
    lines = [" ".join(_shown(line, limit).split()) for line in lines]
    return _within(re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), limit)


def initials(name: str) -> str:
    """Return one or two capital letters that stand for a name, one where the script writes wide."""
    words = [word for word in _words(name) if word]
    first = _leading(words[0]) if words else ""
    if not first:
        return "?"
    last = _leading(words[-1]) if len(words) > 1 else ""
    return first if _wide(first) or _wide(last) else first + last


def first_name(name: str) -> str:
    """Return the part of a name its friends would use; all of it where that cannot be told."""
    words = _words(name)
    if not words or _wide(_leading(words[0])) or len(words[0].rstrip(".")) == 1:
        return " ".join(words) or name
    return words[0]


def without_name(text: str, name: str) -> str:
    """Return what somebody else wrote without the name of who is erased, the whole or the first one.

    A first name written small stays where it may be another word: "will", "may".
    """
    for known_as in filter(None, (name, first_name(name))):
        named = re.compile(_before(known_as) + re.escape(known_as) + _after(known_as), flags=re.IGNORECASE)
        text = named.sub(partial(_former_unless_a_word, known_as), text)
    return text


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadText(f"Please keep this to {limit:,} characters. It has {len(text):,}.")
    return text


def _bounded(text: str, limit: int) -> str:
    if len(text) > 4 * limit + 1000:
        raise BadText(f"Please keep this to {limit:,} characters. It has {len(text):,}.")
    return text


def _too_long_a_name() -> BadName:
    return BadName(f"Please keep the name to {NAME_LIMIT} characters.", field="name")


def _shown(text: str, limit: int) -> str:
    text = unicodedata.normalize("NFC", re.sub(r"[\s\x85]", " ", _bounded(text, limit)))
    # Most texts, told at once: long lists are read by the thousand.
    if text.isprintable() and _BLANK_LETTERS.isdisjoint(text):
        return text
    return "".join(letter for at, letter in enumerate(text) if not _hidden(text, at))


def _hidden(text: str, at: int) -> bool:
    letter = text[at]
    if letter in _JOINERS:
        return not _joins(text, at)
    return letter in _BLANK_LETTERS or unicodedata.category(letter) in {
        "Cc",
        "Cf",
        "Cs",
        "Cn",
        "Co",
        "Zl",
        "Zp",
    }


def _joins(text: str, at: int) -> bool:
    """Say whether the joiner stands where Arabic or Indic spelling, or an emoji, needs one."""
    if not 0 < at < len(text) - 1:
        return False
    before = text[at - 1]
    letters = unicodedata.bidirectional(before) == "AL" or unicodedata.combining(before) == 9
    return letters or (text[at] == "\u200d" and unicodedata.category(text[at + 1]) == "So")


def _words(name: str) -> list[str]:
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".").casefold() in _TITLES:
        words = words[1:]
    return words


def _leading(word: str) -> str:
    letter = next((one for one in word if one.isalnum()), "")
    letter = letter or next((one for one in word if _stands_alone(one)), "")
    # ß and a few others become two letters as capitals.
    return letter.upper() if len(letter.upper()) == 1 else letter


def _stands_alone(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNS"


def _former_unless_a_word(known_as: str, found: re.Match[str]) -> str:
    may_be_a_word = " " not in known_as and found[0].islower() and not known_as.islower()
    return found[0] if may_be_a_word else FORMER_MEMBER


def _before(name: str) -> str:
    return "" if len(name) > 1 and _runs_on(name[0]) else r"(?<!\w)"


def _after(name: str) -> str:
    return "" if len(name) > 1 and _runs_on(name[-1]) else r"(?!\w)"


def _runs_on(letter: str) -> bool:
    """Say whether its script knows no capitals: there other letters often follow a name without a space."""
    return letter.isalpha() and letter.upper() == letter.lower()


def _wide(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) in "WF"
