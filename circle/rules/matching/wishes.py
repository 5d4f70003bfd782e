"""Wishes: whom a member is looking for, and whether a contact is one of them or works among them."""

import re
from dataclasses import dataclass

from circle.rules.matching import near_words
from circle.rules.matching.folding import singular, stem, words
from circle.rules.matching.kept import WORK, Mention, Place
from circle.rules.matching.offices import held
from circle.rules.matching.terms import PLAIN, read

_LEAD_IN = re.compile(
    r"^(?:(?:(?:i|we)(?:['’](?:d|m|re)| would| am| are)?\s+)?(?:still\s+)?"
    r"(?:(?:(?:would )?(?:like|love)|want|wish|hoping|looking) to (?:meet|talk to|know|find)"
    r"|looking for|searching for|seeking|need|want|would (?:like|love))"
    r"|(?:i|we)['’]d (?:like|love)|to (?:meet|talk to|know|find)|meeting"
    r"|(?:an )?introductions? to|(?:please )?introduce me to)\s+",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"^(?:no|not|never|nobody|except)\b", re.IGNORECASE)
"""Says whom somebody does not want to meet."""
_TAIL = re.compile(
    r"\b(?:who|that|which|whose|about to|ready to|hiring|opening|planning|looking|with|moving|starting"
    r"|in the|in need|on the|near)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish: what is looked for, by keys."""

    words: str
    """As it goes on after "is looking for"."""
    offices: frozenset[str]
    kinds: frozenset[str]
    """Trades and kinds of firm they are or work at."""
    turns: frozenset[str]
    phrases: tuple[frozenset[str], ...]
    """Kinds of people the table does not know, each as the stems of its words: "land agents"."""
    told: frozenset[str]
    """What else is said of them: two such words speak for somebody, one alone does not."""


def read_wish(text: str) -> list[Wish]:
    """Read each sentence of a wish."""
    parts = (part.strip() for part in re.split(r"[.;\n](?:\s|$)", text))
    return [_wish(part) for part in parts if part and not _AGAINST.match(part)]


def weight(wish: Wish, mentions: tuple[Mention, ...]) -> tuple[float, tuple[Mention, ...]]:
    """Say how well somebody fits a wish, 0 for not at all, and by what."""
    office = _first(mentions, frozenset({Place.OFFICE}), wish.offices)
    kind = _first(mentions, WORK, wish.kinds) or _named(wish, mentions)
    turn = _first(mentions, frozenset({Place.TURN}), wish.turns)
    said = [each for each in mentions if each.place is Place.DOES and each.key in wish.told]
    if len(said) > 1:
        turn = turn or said[0]
    found = tuple(each for each in (office, kind, turn) if each)
    if not found or (not kind and _speaks_against(wish, mentions)):
        return 0.0, ()
    if kind and not office and not turn:
        return (2.0 if wish.offices else 3.0), found
    return 2.6 + 0.4 * (len(found) - 1), found


def _wish(text: str) -> Wish:
    text = _LEAD_IN.sub("", text).rstrip(" .!")
    split = _TAIL.search(text)
    head, tail = (text[: split.start()], text[split.start() :]) if split and split.start() else (text, "")
    offices = held(head)
    taken = frozenset(at for office in offices for at in office.places)
    kinds = {term.key for term in read(head, near_words.work(), skip=taken)}
    return Wish(
        text,
        frozenset(office.key for office in offices),
        frozenset(key for key in kinds if near_words.group(key)),
        frozenset(term.key for term in read(text, near_words.turns()) if near_words.group(term.key)),
        _phrases(head),
        frozenset(term.key for term in read(tail, near_words.work())),
    )


def _named(wish: Wish, mentions: tuple[Mention, ...]) -> Mention | None:
    """Return where somebody is called what a wish says, word for word."""
    plain = (each for each in mentions if each.place in WORK and each.key.startswith(PLAIN))
    return next(
        (each for each in plain if any(phrase <= _stems(each.words) for phrase in wish.phrases)), None
    )


def _phrases(head: str) -> tuple[frozenset[str], ...]:
    parts = re.split(r",|\b(?:and|or|of|at|in|from|for|on|any|anyone)\b|&|/", head, flags=re.IGNORECASE)
    telling = [
        part for part in parts if any(term.key.startswith(PLAIN) for term in read(part, near_words.work()))
    ]
    return tuple(_stems(part) for part in telling)


def _stems(text: str) -> frozenset[str]:
    """Return the stems of what is said, ranks and little words apart."""
    passed = near_words.plain("stop") | near_words.plain("ranks")
    return frozenset(stem(word.folded) for word in words(text) if singular(word.folded) not in passed)


def _speaks_against(wish: Wish, mentions: tuple[Mention, ...]) -> bool:
    """Say whether a wish names a trade and somebody is known to be in others."""
    return any(map(near_words.is_trade, wish.kinds)) and any(
        near_words.is_trade(each.key) for each in mentions if each.place in WORK
    )


def _first(mentions: tuple[Mention, ...], places: frozenset[Place], keys: frozenset[str]) -> Mention | None:
    return next((each for each in mentions if each.place in places and each.key in keys), None)
