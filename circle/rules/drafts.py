"""A draft: a mail that introduces two people or asks one of them first, made of what is known of both.

It says what the member says of themselves and where the contact works, and nothing else: what a giver noted
about a contact is for the giver alone.
"""

from dataclasses import dataclass
from typing import Protocol

from circle.rules.matching.people import Contact
from circle.rules.names import first_name
from circle.rules.states import Shape, Synergy

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
    subject, paragraphs = _WRITERS[shape](receiver, contact, synergy)
    text = "\n\n".join(paragraph for paragraph in (*paragraphs, giver) if paragraph)
    return Draft(subject[:SUBJECT_LIMIT], text[:TEXT_LIMIT])


def _together(receiver: Profile, contact: Contact, synergy: Synergy | None) -> tuple[str, list[str]]:
    one, other = first_name(contact.name), first_name(receiver.name)
    reason = f" I think you {REASONS[synergy]}." if synergy else ""
    return f"{contact.name}, meet {receiver.name}", [
        f"Hello {one}, hello {other},",
        f"I would like the two of you to meet.{reason}",
        f"{one}, this is {receiver.name}.{_in_their_words(receiver)}",
        f"{other}, this is {_placed(contact)}.{_as_wished(receiver)}",
        "I leave the rest to you.",
    ]


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
