"""The one sentence that says why two people fit, in the words they used themselves."""

import re

from circle.rules.matching import near_words
from circle.rules.matching.folding import fold, joined_stem, singular, stem, words
from circle.rules.matching.kept import Mention, Place
from circle.rules.matching.people import Contact, Member, called

_CAPITALS = near_words.plain("capitals")
"""Words that keep their capital in the middle of a sentence."""
_WHOLE = re.compile(
    r"(?:i|we|my|our|who|whom|whoever|could|can|would|please|is|are|do|does|to|if|when|help|think|let)\b",
    re.IGNORECASE,
)
"""So begins what somebody says in a sentence of their own."""


def same_clients(member: Member, contact: Contact, ours: Mention, theirs: Mention) -> str:
    """Say "Lena serves small hotels, and so does Ben."."""
    us, them = called(member.name, contact.name)
    standing = _standing(contact, theirs)
    if ours.place is Place.FOR:
        other = f" ({standing})" if theirs.place is Place.FOR else f", who serves {lowered(theirs.words)}"
        return f"{us} ({lowered(ours.words)}) has a kind of client in common with {them}{other}."
    if theirs.place is Place.FOR:
        return f"{us} serves {lowered(ours.words)}, much like {them} ({standing})."
    if alike(ours.words, theirs.words):
        return f"{us} serves {lowered(ours.words)}, and so does {them}."
    return f"{us} serves {lowered(ours.words)}, and {them} serves {lowered(theirs.words)}."


def team_up(member: Member, contact: Contact, ours: Mention, theirs: Mention) -> str:
    """Say "Both work in freight.", or else what each is in the words of each."""
    if field := _field(ours, theirs):
        return f"Both work in {field}."
    us, them = called(member.name, contact.name)
    return f"{us} ({lowered(ours.words)}) and {them} ({_standing(contact, theirs)}) do similar work."


def shared_interest(member: Member, contact: Contact, ours: Mention, theirs: Mention) -> str:
    """Say "Both sail.", or else what each loves in the words of each."""
    if verb := _verb(ours, theirs):
        return f"Both {verb}."
    if alike(ours.words, theirs.words):
        return f"Both love {lowered(ours.words)}."
    us, them = called(member.name, contact.name)
    if _opens_with_a_verb(ours) or _opens_with_a_verb(theirs):
        return f"{us} {_loving(ours)}, and {them} {_loving(theirs)}."
    return f"{us}’s {lowered(ours.words)} and {them}’s {lowered(theirs.words)} go together."


def wish(member: Member, wished: str, contact: Contact, by: tuple[Mention, ...]) -> str:
    """Say whom the member is looking for, and what makes the contact one of them."""
    us, them = called(member.name, contact.name)
    answer = _answer(them, contact, by)
    if _WHOLE.match(wished):
        return f"{us} wrote “{wished}”, and {answer}."
    return f"{us} is looking for {lowered(wished)}; {answer}."


def _answer(them: str, contact: Contact, by: tuple[Mention, ...]) -> str:
    noted = [each.words for each in by if each.place in {Place.DOES, Place.TURN}]
    if len(noted) == len(by) or not (contact.position or contact.organisation):
        words_of_note = noted[0] if noted else by[0].words
        return f"your note on {them} says “{_noted(contact.line, words_of_note)}”"
    return f"{them} is {_held(contact)}" if contact.position else f"{them} works at {contact.organisation}"


def lowered(text: str) -> str:
    """Return words fit for the middle of a sentence: "Small hotels" as "small hotels", "HR" as it is."""
    first, _, rest = text.partition(" ")
    if first == "A" and rest:
        return f"a {rest}"
    return f"{_lowered_word(first)}{' ' if rest else ''}{rest}"


def alike(ours: str, theirs: str) -> bool:
    """Say whether both have used the same words, but for their endings."""
    return _joined(ours) == _joined(theirs)


def _lowered_word(word: str) -> str:
    plain = word[:1].isupper() and word[1:].islower()
    return word.lower() if plain and word.lower() not in _CAPITALS else word


def _held(contact: Contact) -> str:
    """Return "operations lead at Frosta"."""
    position = " ".join(_lowered_word(word) for word in contact.position.split())
    return f"{position} at {contact.organisation}" if contact.organisation else position


def _standing(contact: Contact, theirs: Mention) -> str:
    """Return what a contact is, by the position and firm or by the note, whichever was matched."""
    if not any(theirs.words in text for text in (contact.position, contact.organisation)):
        return lowered(theirs.words)
    return _held(contact) if contact.position else contact.organisation


def _noted(line: str, said: str) -> str:
    """Return the part of a note in which these words stand."""
    parts = [part.strip().removeprefix("and ") for part in re.split(r"[,;.\n]", line)]
    return next((part for part in parts if said in part), said)


def _joined(text: str) -> str:
    return joined_stem(tuple(word.folded for word in words(text)))


def _field(ours: Mention, theirs: Mention) -> str:
    """Return the name of the trade where both have written it, as the member did."""
    group = near_words.group(ours.key)
    spoken, written = words(ours.words), {word.folded for word in words(theirs.words)}
    for length in (2, 1):
        for at in range(len(spoken) - length + 1):
            folded = tuple(word.folded for word in spoken[at : at + length])
            if group and "".join(folded) in group.names and written.issuperset(folded):
                return lowered(ours.words[spoken[at].start : spoken[at + length - 1].end])
    return ""


def _loving(each: Mention) -> str:
    """Return "loves chess", or the words alone where they say what is done: "keeps bees"."""
    return lowered(each.words) if _opens_with_a_verb(each) else f"loves {lowered(each.words)}"


def _opens_with_a_verb(each: Mention) -> bool:
    first, _, rest = each.words.partition(" ")
    group = near_words.group(each.key)
    # "Books" alone are read, "keeps bees" is done.
    verbs = near_words.plain("verbs") if rest else group.names if group else frozenset()
    return first.endswith("s") and singular(fold(first)) in verbs


def _verb(ours: Mention, theirs: Mention) -> str:
    """Return the verb of a love where both have written it in some form: "sail" for "sailing" and "sails"."""
    group = near_words.group(ours.key)
    shared = {stem(word.folded) for word in words(ours.words)} & {
        stem(word.folded) for word in words(theirs.words)
    }
    return next((name for name in group.names if stem(name) in shared), "") if group else ""
