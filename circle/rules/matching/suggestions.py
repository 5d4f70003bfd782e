"""Suggestions: for one member, whom of many contacts they could be introduced to, and why."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from typing import Generic, TypeVar

from circle.rules.matching.kept import WORK, Place
from circle.rules.matching.members import MemberTerms
from circle.rules.matching.people import Contact
from circle.rules.matching.reasons import Fit, fits
from circle.rules.matching.slips import is_slip
from circle.rules.matching.terms import PLAIN

OPENING = 3
"""Characters of a key that a slip leaves as they are: its place, its kind and its first letter."""
KEY_LIMIT = 60
"""Characters kept of what a contact is found under."""

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
    """Contacts by what their stored terms can be found under, so that few are compared with a member."""

    by_key: dict[str, list[Ref]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, kept: Mapping[Ref, str]) -> "Index[Ref]":
        """Build the index of stored terms."""
        index = cls()
        for ref, text in kept.items():
            for key in keys(text):
                index.by_key[key].append(ref)
        return index

    def near(self, member: MemberTerms, most: int = 40, *, without: Collection[Ref] = ()) -> list[Ref]:
        """Return up to `most` contacts that share most with a member, roughly weighed."""
        rough: dict[Ref, float] = defaultdict(float)
        for key, weight in asked(member, self.by_key).items():
            for ref in self.by_key.get(key, ()):
                rough[ref] += weight
        return nlargest(most, (ref for ref in rough if ref not in without), key=rough.__getitem__)


def keys(kept: str) -> set[str]:
    """Return what a stored text can be found under: where a term stands and its key."""
    return {"".join(row.split(" ", 2)[:2])[:KEY_LIMIT] for row in kept.split("\n")[1:]}


def openings(member: MemberTerms) -> set[str]:
    """Return what keys begin with that may be slips of a word that fits a member."""
    return {key[:OPENING] for key in _wanted(member) if key[1] == PLAIN}


def asked(member: MemberTerms, vocabulary: Iterable[str] = ()) -> dict[str, float]:
    """Return what contacts that fit a member are found under, with a rough weight.

    What stands in the vocabulary as a slip of one of these words is asked for as well.
    """
    wanted = _wanted(member)
    meant = defaultdict(list)
    for key in wanted:
        if key[1] == PLAIN:
            meant[key[:OPENING]].append(key)
    slips = {
        key: wanted[near]
        for key in vocabulary
        for near in meant.get(key[:OPENING], ())
        if is_slip(key[2:], near[2:], sure=8)
    }
    return slips | wanted


def suggestions(
    member: MemberTerms, known: Mapping[Ref, tuple[Contact, str]], *, most: int | None = None
) -> list[Suggestion[Ref]]:
    """Return those of the contacts, given with their stored terms, that fit a member, the strongest first."""
    found = ((ref, fits(member, contact, kept)) for ref, (contact, kept) in known.items())
    fitting = [Suggestion(ref, reasons) for ref, reasons in found if reasons]
    return sorted(fitting, key=lambda each: -each.best.weight)[:most]


@lru_cache(maxsize=200)
def _wanted(member: MemberTerms) -> dict[str, float]:
    wanted: dict[str, float] = {}
    for wish in member.wishes:
        wanted |= _placed(wish.told, WORK, 0.5) | _placed(wish.kinds, WORK, 2.5)
        named = {PLAIN + stem for phrase in wish.phrases for stem in phrase}
        wanted |= (
            _placed(named, WORK, 1.0)
            | _placed(wish.offices, {Place.OFFICE}, 2.6)
            | _placed(wish.turns, {Place.TURN}, 2.6)
        )
    own = (
        *((each.key, WORK, 2.2) for each in member.does),
        *((each.key, {Place.SERVES, Place.FOR}, 2.5) for each in member.serves),
        *((each.key, {Place.LOVES}, 1.5) for each in member.loves),
    )
    for key, places, weight in own:
        for placed in _placed({key}, places, weight):
            wanted[placed] = max(weight, wanted.get(placed, 0.0))
    return wanted


def _placed(keys: Collection[str], places: Collection[Place], weight: float) -> dict[str, float]:
    return {(place + key)[:KEY_LIMIT]: weight for place in places for key in keys}
