"""Suggestions: for one member, whom of many contacts they could be introduced to, and why."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from circle.rules.matching.members import MemberTerms
from circle.rules.matching.people import Contact
from circle.rules.matching.reasons import Fit, fits
from circle.rules.matching.slips import is_slip
from circle.rules.matching.terms import PLAIN

Ref = TypeVar("Ref", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Suggestion(Generic[Ref]):
    """One contact for a member, with every reason, the strongest first."""

    ref: Ref
    fits: tuple[Fit, ...]

    @property
    def best(self) -> Fit:
        """The reason to show."""
        return self.fits[0]


@dataclass(frozen=True, slots=True)
class Index(Generic[Ref]):
    """Contacts by the keys of their stored terms, so that a member is compared with few of them."""

    by_key: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, kept: Mapping[Ref, str]) -> "Index[Ref]":
        """Build the index of stored terms."""
        index = cls()
        for ref, text in kept.items():
            for key in keys(text):
                index.by_key[key].append(ref)
        return index

    def near(self, member: MemberTerms) -> set[Ref]:
        """Return who shares a word with a member, slips of the pen included."""
        wanted = asked(member, self.by_key)
        return {ref for key in wanted for ref in self.by_key.get(key, ())}


def keys(kept: str) -> set[str]:
    """Return the keys in a stored text."""
    return {row.split(" ", 2)[1] for row in kept.split("\n")[1:]}


def asked(member: MemberTerms, vocabulary: Iterable[str]) -> set[str]:
    """Return the keys by which contacts of this vocabulary could fit a member."""
    plain = [key[1:] for key in member.keys if key.startswith(PLAIN)]
    first = {word[:1] for word in plain}
    slips = {
        key
        for key in vocabulary
        if key.startswith(PLAIN)
        and key[1:2] in first
        and any(is_slip(key[1:], word, sure=8) for word in plain)
    }
    return set(member.keys) | slips


def suggestions(
    member: MemberTerms, contacts: Mapping[Ref, Contact], kept: Mapping[Ref, str], index: Index[Ref]
) -> list[Suggestion[Ref]]:
    """Return all contacts that fit a member, the strongest reason first, as known among equals."""
    near = index.near(member)
    found = ((ref, fits(member, contacts[ref], kept[ref])) for ref in contacts if ref in near)
    return sorted(
        (Suggestion(ref, reasons) for ref, reasons in found if reasons), key=lambda each: -each.best.weight
    )
