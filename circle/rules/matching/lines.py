"""Lines: one free line told apart into what somebody does, whom they serve and what they love."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from circle.rules.matching import near_words
from circle.rules.matching.folding import singular, words
from circle.rules.matching.terms import Term, read


class Side(Enum):
    """What a stretch of text tells."""

    DOES = "does"
    SERVES = "serves"
    LOVES = "loves"
    SEEKS = "seeks"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text and what it tells."""

    side: Side
    text: str


_SOLD_TO = re.compile(
    r"(?P<does>\b(?:suppl|sell|rent|hire|lend|lease|deliver|provid|offer|ship|giv)\w*\b.*?)"
    r"\bto (?P<serves>.+)",
    re.IGNORECASE,
)
_SUPPLIED_WITH = re.compile(
    r"\b(?:suppl|provid|equip|help)\w* (?P<serves>.+?) with (?P<does>.+)", re.IGNORECASE
)

_MARKS = re.compile(
    r"\b(?:"
    r"(?P<seeks>(?:looks?|looking|searching|waiting|hoping|asking|asked) for|wants|needs|wishes)"
    r"|(?P<employed>work(?:s|ed|ing)? (?:for|at|in|as)|(?:responsible|known|famous) for|except for)"
    r"|(?P<both>trains|coaches|coaching|insures|insuring|treats|treating|cleans|advises|advising|represents"
    r"|backs|funds|recruits|photographs|supplies|supplying|audits|tutors|teaches)"
    r"|(?P<serves>serves|serving|helps|helping|assists|assisting|supports|supporting|looks after"
    r"|looking after|work(?:s|ing) with|caters (?:to|for)|sells to"
    r"|(?:(?:her|his|their|main|typical|mostly) )*(?:clients|customers)(?: are| include)?:?)"
    r"|(?P<for>for(?! (?:fun|love|years|decades|now|free|sale|life|over|many|a living|charity|\d+"
    r"|(?:the )?(?:last|past)|twenty|thirty|ten|fifteen)\b))"
    r"|(?P<loves>loves?|loving|likes|plays|playing|enjoys|enjoying|adores|keen(?: on)?"
    r"|^into|(?:is|really|also|heavily|much) into"
    r"|(?:mad|crazy|passionate) (?:on|about)|fan of|fond of"
    r"|member of(?! (?:staff|the (?:board|team)))|hobby|hobbies|interests?:"
    r"|goes(?= \w+ing\b)|does(?= yoga| pottery| karate| judo| pilates| triathlons?)"
    r"|volunteers)"
    r"|(?P<loving>sings|reads|collects|practi[sc]es)"
    r"|(?P<doing>makes|making|sells|selling|builds|owns|designs|writes|manages|offers)"
    r"|(?P<does>does|leads|is an?|runs (?:an?|the|her|his|their|two|three|four|several)|now (?:a|an|at|runs))"
    r")(?!\w)",
    re.IGNORECASE,
)
"""Words that say what comes after them."""

_NUMBER = r"(?:an? |one |two )?(?:\d|ten|twenty|thirty|forty|fifty|sixty|eighty|hundred)"
_CUT_CLIENTS = re.compile(
    rf"\s(?:to(?! {_NUMBER})|with|when|who|that|which|how|so|through|where|because|about)\s.*", re.IGNORECASE
)


_CUT_WORK = re.compile(
    r"\s(?:without|who|what|whose|whom|asked|not|no one|nobody|has just|have just|changed|lost|left)\s.*",
    re.IGNORECASE,
)
_LEISURE = re.compile(
    r"\b(?:in (?:her|his|their|my) (?:spare|free) time|outside work|off duty|for fun|for pleasure)\b",
    re.IGNORECASE,
)
_AND = re.compile(r",|\s(?:and|but)\s+(?=(?:is|has|was|[a-z]+s)\s)", re.IGNORECASE)


def told_apart(line: str, *, loves: bool = True) -> list[Stretch]:
    """Split a text into what it says somebody does, serves and, where `loves`, loves; keeps the order."""
    found: list[Stretch] = []
    for chunk in re.split(r"[;.\n•|]+", line):
        before: Side | None = None
        for piece in _pieces(chunk):
            stretches = list(_piece(piece.strip(), before, first=not found, loves=loves))
            before = stretches[-1].side if stretches else before
            found += stretches
    return [stretch for stretch in found if stretch.text]


def clients(text: str) -> list[str]:
    """Split what somebody says of whom they serve into kinds, without what is told of them beyond."""
    kinds = (_stretch(Side.SERVES, part).text for part in re.split(r"[,;.\n•|]+", text))
    return [kind for kind in kinds if kind]


def _pieces(chunk: str) -> Iterator[str]:
    """Split at commas, and at an "and" that goes on with a verb: "sails and is head of operations"."""
    start = 0
    for join in _AND.finditer(chunk):
        following = words(chunk[join.end() :])[:1]
        if "," in join.group() or any(_is_verb(word.folded) for word in following):
            yield re.sub(r"^(?:and|but)\s", "", chunk[start : join.start()].strip())
            start = join.end()
    yield re.sub(r"^(?:and|but)\s", "", chunk[start:].strip())


def _is_verb(folded: str) -> bool:
    return folded in {"is", "has", "was"} or (
        folded.endswith("s") and singular(folded) in near_words.plain("verbs")
    )


def _piece(piece: str, before: Side | None, *, first: bool, loves: bool) -> Iterator[Stretch]:
    """Split what stands between two commas; `before` is what the piece before told last."""
    marks = list(_MARKS.finditer(piece))
    plain = not marks or (not first and all(mark.lastgroup == "for" for mark in marks))
    if loves and ((plain and _only_loved(piece, first=first)) or _LEISURE.search(piece)):
        yield Stretch(Side.LOVES, _LEISURE.sub("", piece).strip())
    elif sold := _SUPPLIED_WITH.search(piece) or _SOLD_TO.search(piece):
        yield from _marked(piece[: sold.start()], before)
        yield _stretch(Side.DOES, sold["does"])
        yield _stretch(Side.SERVES, sold["serves"])
    else:
        yield from _marked(piece, before)


def _marked(piece: str, before: Side | None) -> Iterator[Stretch]:
    side = _carried_on(piece, before)
    start = 0
    for mark in _MARKS.finditer(piece):
        if mark.lastgroup == "for" and side in {Side.LOVES, Side.SEEKS}:
            continue
        yield _stretch(side, piece[start : mark.start()])
        if mark.lastgroup == "both":
            yield Stretch(Side.DOES, mark.group())
        side = _told_by(mark.lastgroup)
        start = mark.start() if mark.lastgroup in {"loving", "doing"} else mark.end()
    yield _stretch(side, piece[start:])


def _carried_on(piece: str, before: Side | None) -> Side:
    """Return what a piece tells before its first mark: as the piece before, unless it opens with a verb."""
    first = words(piece)[:1]
    anew = any(_is_verb(word.folded) for word in first)
    return Side.DOES if before in {None, Side.SEEKS} or anew else before


def _stretch(side: Side, text: str) -> Stretch:
    """Leave out what is said beyond the trade, beyond who the clients are."""
    cut = {Side.SERVES: _CUT_CLIENTS, Side.DOES: _CUT_WORK}.get(side)
    return Stretch(side, (cut.sub("", f" {text} ") if cut else text).strip())


def _told_by(mark: str | None) -> Side:
    sides = {
        "seeks": Side.SEEKS,
        "employed": Side.DOES,
        "loves": Side.LOVES,
        "loving": Side.LOVES,
        "doing": Side.DOES,
        "does": Side.DOES,
    }
    return sides.get(mark or "", Side.SERVES)


def _only_loved(piece: str, *, first: bool) -> bool:
    """Say whether a piece without a mark speaks of something people love and of no trade."""
    loved = [term for term in read(piece, near_words.loves()) if near_words.group(term.key)]
    trades = [term for term in read(piece, near_words.work()) if near_words.group(term.key)]
    spans = {place for term in loved for place in range(term.first, term.last)}
    if not loved or (0 not in spans and _opens_with_work(piece, loved)):
        return False
    # Of a word that is both, like baking, the first one named is the trade.
    return not trades or (not first and all(spans >= set(range(term.first, term.last)) for term in trades))


def _opens_with_work(piece: str, loved: list[Term]) -> bool:
    """Say whether a piece opens with what somebody does for a living: "grows", but "runs" before "trails"."""
    verb = singular(words(piece)[0].folded)
    if verb not in near_words.plain("verbs") or verb in near_words.plain("stop"):
        return False
    groups = [group for term in loved if (group := near_words.group(term.key))]
    return not any(verb in group.stems for group in groups)
