"""The labelled pairs: a member, a contact, and every reason that is right, or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from circle.rules.matching.kept import kept_terms
from circle.rules.matching.members import read_member
from circle.rules.matching.people import Contact, Member
from circle.rules.matching.reasons import Fit, Reason, fits

HERE = Path(__file__).parent
HALVES = {
    "looked at": ("looked_at.txt", "looked_at_later.txt"),
    "kept out": ("kept_out.txt", "kept_out_later.txt"),
}
"""The files of each half; the later ones were written when the rules stood, in looser words."""


_LETTERS = {
    "c": Reason.SAME_CLIENTS,
    "t": Reason.TEAM_UP,
    "i": Reason.SHARED_INTEREST,
    "w": Reason.WISH,
}


@dataclass(frozen=True)
class Pair:
    """One pair and the reasons a person found right."""

    member: Member
    contact: Contact
    right: frozenset[Reason]

    @property
    def thin(self) -> bool:
        """Whether nothing but name, organisation and position is known."""
        return not self.contact.line

    @property
    def fits(self) -> tuple[Fit, ...]:
        """What the rules find, by way of the stored text."""
        return fits(read_member(self.member), self.contact, kept_terms(self.contact))


def pairs(file: str) -> Iterator[Pair]:
    """Read the pairs of one file."""
    member = Member("")
    for row in (HERE / file).read_text(encoding="utf-8").splitlines():
        if row.startswith("@"):
            member = Member(*_fields(row[1:]))
        elif row and not row.startswith("#"):
            told, _, letters = row.rpartition("=>")
            right = frozenset(_LETTERS[letter] for letter in letters.split() if letter != "-")
            yield Pair(member, Contact(*_fields(told)), right)


def _fields(row: str) -> list[str]:
    return [field.strip() for field in row.split("|")]
