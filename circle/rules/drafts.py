"""A draft: a mail that puts people together or asks one of them first, made of what is known of each.

It says what members say of themselves and where contacts work, and nothing else: what a giver noted
about a contact is for the giver alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from circle.rules.matching.people import Contact
from circle.rules.names import first_name
from circle.rules.states import Shape, Synergy
from circle.rules.wording import count_word, listed

SUBJECT_LIMIT, TEXT_LIMIT = 200, 5000

REASONS = {
    Synergy.SAME_CLIENTS: "work with the same kind of clients",
    Synergy.TEAM_UP: "could team up",
    Synergy.SHARED_INTEREST: "share an interest",
}
IF_YOU_LIKE = "If you would like that, a word is enough, and I put the two of you in touch."


class Profile(Protocol):
    """What a receiver says of themselves."""

    @property
    def name(self) -> str: ...
    @property
    def does(self) -> str: ...
    @property
    def serves(self) -> str: ...
    @property
    def wish(self) -> str: ...
    @property
    def forwardable(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a mail."""

    subject: str
    text: str


def compose(
    giver: str,
    receiver: Profile,
    contact: Contact,
    synergy: Synergy | None,
    shape: Shape = Shape.TOGETHER,
) -> Draft:
    """Write a first mail of this shape; lines nobody has written are left out."""
    return _draft(giver, *_WRITERS[shape](receiver, contact, synergy))


def put_together(
    giver: str, contacts: Sequence[Contact], members: Sequence[Profile], synergy: Synergy | None
) -> Draft:
    """Write a first mail to two or three people who are to meet; lines nobody has written are left out."""
    sides = [*map(_contact_side, contacts), *map(_member_side, members)]
    return _draft(giver, *_to_all(sides, synergy))


@dataclass(frozen=True, slots=True)
class _Side:
    """One of those who are to meet: as the others get to know them, and what they wish for."""

    name: str
    placed: str
    words: str = ""
    wished: str = ""


def _draft(giver: str, subject: str, paragraphs: Sequence[str]) -> Draft:
    text = "\n\n".join(paragraph for paragraph in (*paragraphs, giver) if paragraph)
    return Draft(subject[:SUBJECT_LIMIT], text[:TEXT_LIMIT])


def _together(receiver: Profile, contact: Contact, synergy: Synergy | None) -> tuple[str, list[str]]:
    return _to_all([_contact_side(contact), _member_side(receiver)], synergy)


def _to_all(sides: Sequence[_Side], synergy: Synergy | None) -> tuple[str, list[str]]:
    names = _called([side.name for side in sides])
    reason = f" I think you {REASONS[synergy]}." if synergy else ""
    hello = ", ".join(f"hello {name}" for name in names)
    return f"{sides[0].name}, meet {listed([side.name for side in sides[1:]])}", [
        f"{hello[0].upper()}{hello[1:]},",
        f"I would like the {count_word(len(sides))} of you to meet.{reason}",
        *(_presented(at, sides, names) for at in reversed(range(len(sides)))),
        "I leave the rest to you.",
    ]


def _presented(at: int, sides: Sequence[_Side], names: Sequence[str]) -> str:
    others = [other for other in range(len(sides)) if other != at]
    # "You wrote" can be said to one alone.
    wished = sides[others[0]].wished if len(others) == 1 else ""
    return (
        f"{listed([names[other] for other in others])}, this is {sides[at].placed}.{sides[at].words}{wished}"
    )


def _called(names: Sequence[str]) -> list[str]:
    """Return what to call them in one mail: first names, or whole ones where two are the same."""
    firsts = [first_name(name) for name in names]
    keys = [first.casefold() for first in firsts]
    return [
        first if keys.count(key) == 1 else name for first, key, name in zip(firsts, keys, names, strict=True)
    ]


def _contact_side(contact: Contact) -> _Side:
    return _Side(contact.name, _placed(contact))


def _member_side(member: Profile) -> _Side:
    return _Side(member.name, member.name, _in_their_words(member), _as_wished(member))


def _ask_contact(receiver: Profile, contact: Contact, synergy: Synergy | None) -> tuple[str, list[str]]:
    return f"May I introduce you to {receiver.name}?", [
        f"Hello {first_name(contact.name)},",
        f"may I introduce you to {receiver.name}?{_between(synergy)}",
        f"In short:{words}" if (words := _in_their_words(receiver)) else "",
        IF_YOU_LIKE,
    ]


def _ask_member(receiver: Profile, contact: Contact, synergy: Synergy | None) -> tuple[str, list[str]]:
    return f"May I introduce you to {contact.name}?", [
        f"Hello {first_name(receiver.name)},",
        f"may I introduce you to {_placed(contact)}?{_between(synergy)}{_as_wished(receiver)}",
        IF_YOU_LIKE,
    ]


_WRITERS = {Shape.TOGETHER: _together, Shape.ASK_CONTACT: _ask_contact, Shape.ASK_MEMBER: _ask_member}


def _between(synergy: Synergy | None) -> str:
    return f" I think the two of you {REASONS[synergy]}." if synergy else ""


def _placed(contact: Contact) -> str:
    place = " at ".join(part for part in (contact.position, contact.organisation) if part)
    return f"{contact.name}, {place}" if place else contact.name


def _as_wished(receiver: Profile) -> str:
    return f"\nYou wrote that you would like to meet: {receiver.wish}" if receiver.wish else ""


def _in_their_words(receiver: Profile) -> str:
    if receiver.forwardable:
        return f"\n{receiver.forwardable}"
    lines = (("What they do", receiver.does), ("Whom they serve", receiver.serves))
    return "".join(f"\n{label}: {words}" for label, words in lines if words)
