"""Questions: the one thing worth asking about one contact, where too little is known to suggest anybody."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from circle.rules.matching import near_words
from circle.rules.matching.kept import WORK, Place, read_kept
from circle.rules.names import first_name
from circle.rules.wording import apart

Ref = TypeVar("Ref", bound=Hashable)


class Asked(Enum):
    """What can be asked about somebody, the most telling first."""

    SERVES = "Whom does {} serve?"
    DOES = "What does {} do?"
    LOVES = "What does {} love?"


@dataclass(frozen=True, slots=True)
class Question(Generic[Ref]):
    """One question about one contact."""

    ref: Ref
    asked: Asked
    sentence: str


def three_questions(member: str) -> tuple[str, str, str]:
    """Return the three reasons to introduce somebody to a member, as questions to ask oneself."""
    them = apart(first_name(member)) or "them"
    return (
        f"Who serves the same kind of clients as {them}, with a different business?",
        f"Whose business is so similar to {them}’s that the two could team up?",
        f"Who shares a hobby or a cause with {them}?",
    )


def question(
    names: Mapping[Ref, str], kept: Mapping[Ref, str], fitting: Collection[Ref] = ()
) -> Question[Ref] | None:
    """Return the question that would help most, None when nothing is missing.

    Those who fit nobody yet come first, then the order of `names`.
    """
    open_questions = [(ref, missing(kept[ref])) for ref in names]
    asked = [(ref, gap) for ref, gap in open_questions if gap]
    if not asked:
        return None
    order = list(Asked)
    ref, gap = min(asked, key=lambda each: (each[0] in fitting, order.index(each[1])))
    return Question(ref, gap, gap.value.format(apart(first_name(names[ref]))))


def missing(kept: str) -> Asked | None:
    """Return what is not known of a contact yet and would help most, None when all is known."""
    mentions = read_kept(kept)
    places = {each.place for each in mentions}
    trade_known = any(each.place in WORK and near_words.is_trade(each.key) for each in mentions)
    if not places & {Place.SERVES, Place.FOR}:
        # Whom somebody serves says little before it is known what they do.
        return Asked.SERVES if trade_known or Place.DOES in places else Asked.DOES
    if not trade_known and not places & WORK:
        return Asked.DOES
    return None if Place.LOVES in places else Asked.LOVES
