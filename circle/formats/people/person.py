"""A person somebody knows as a file tells of them: as written there, and made clean."""

from dataclasses import dataclass

from circle.formats.addresses import first_address, read_address
from circle.rules.errors import BadAddress, BadName, BadText
from circle.rules.names import NAME_LIMIT, clean_line, clean_name

ORGANISATION_LIMIT = 120
POSITION_LIMIT = 120
LINE_LIMIT = 300
WHERE_MET_LIMIT = 200
EMAIL_LIMIT = 254

# A name and an address beside each other; more is not looked at.
_LONGEST_ADDRESS = 400


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """A person somebody knows; only the name is never empty. `line`: what they do, whom they serve."""

    name: str
    organisation: str = ""
    position: str = ""
    line: str = ""
    where_met: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A person as a file has them, nothing made clean yet; `at` is the line where they begin."""

    at: int
    name: str
    organisation: str = ""
    position: str = ""
    line: str = ""
    where_met: str = ""
    emails: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    """Sentences about parts that could not be read."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader should know about one place of a file: its line number and a sentence."""

    at: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Found:
    """A person read from a file, the line where they begin, and sentences on what was changed."""

    at: int
    person: PersonKnown
    changes: tuple[str, ...] = ()


def made_clean(written: Written) -> Found:
    """Return the person with every field clean and within its limit; raise BadName without a name."""
    changes = list(written.passed_over)
    person = PersonKnown(
        name=_name(written.name),
        organisation=_short("organisation", written.organisation, ORGANISATION_LIMIT, changes),
        position=_short("position", written.position, POSITION_LIMIT, changes),
        line=_short("note", written.line, LINE_LIMIT, changes),
        where_met=_short("place where you met", written.where_met, WHERE_MET_LIMIT, changes),
        email=_email(written.emails, changes),
    )
    return Found(written.at, person, tuple(changes))


def _name(text: str) -> str:
    try:
        name = clean_line(text, NAME_LIMIT)
    except BadText:
        raise BadName(f"The name is longer than {NAME_LIMIT} characters.") from None
    if not name:
        raise BadName("There is no name.")
    if "@" in name and " " not in name:
        raise BadName("There is an address where the name should be.")
    try:
        return clean_name(name)
    except BadName:
        raise BadName("The name has no letter or digit.") from None


def _short(what: str, text: str, limit: int, changes: list[str]) -> str:
    """Return one clean line, cut at the limit; cutting is said in `changes`."""
    # Bounded first: a cell may hold a megabyte.
    start = text[: 4 * limit]
    line = clean_line(start, 4 * limit)
    if len(line) <= limit and len(start) == len(text):
        return line
    changes.append(f"The {what} was longer than {limit} characters and was shortened.")
    return line if len(line) < limit else line[: limit - 1].rstrip() + "…"


def _email(texts: tuple[str, ...], changes: list[str]) -> str:
    """Return the first address that can be one, or an empty text; what cannot is said in `changes`."""
    faults = []
    for text in texts:
        try:
            return _address(text)
        except BadAddress as refusal:
            faults.append(refusal.sentence.partition(". One looks like")[0])
    changes.extend(f"{fault.rstrip('.')}, so no address was taken." for fault in faults[:1])
    return ""


def _address(text: str) -> str:
    text = "".join(letter for letter in text[:_LONGEST_ADDRESS] if letter.isprintable()).strip()
    try:
        return read_address(text)
    except BadAddress:
        # "Ada <ada@example.org>", "mailto:ada@example.org" and several in one cell.
        if address := first_address(text.replace(" ::: ", "; ")):
            return address
        raise
