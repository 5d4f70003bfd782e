"""A draft: a mail that introduces two people, made of what they say of themselves and nothing else."""

from dataclasses import dataclass
from typing import Protocol

from circle.rules.names import first_name
from circle.rules.states import Synergy

SUBJECT_LIMIT, TEXT_LIMIT = 200, 5000

REASONS = {
    Synergy.SAME_CLIENTS: "I think you work with the same kind of clients.",
    Synergy.TEAM_UP: "I think you could team up.",
    Synergy.SHARED_INTEREST: "I think you share an interest.",
}


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


def compose(giver: str, receiver: Profile, contact: str, synergy: Synergy | None) -> Draft:
    """Write a first mail to a contact and a receiver; lines nobody has written are left out."""
    one, other = first_name(contact), first_name(receiver.name)
    paragraphs = [
        f"Hello {one}, hello {other},",
        f"I would like the two of you to meet. {REASONS[synergy] if synergy else ''}".strip(),
        f"{one}, this is {receiver.name}." + _in_their_words(receiver),
        f"{other}, this is {contact}.",
        "I leave the rest to you.",
        giver,
    ]
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Draft(f"{contact}, meet {receiver.name}"[:SUBJECT_LIMIT], text[:TEXT_LIMIT])


def _in_their_words(receiver: Profile) -> str:
    if receiver.forwardable:
        return f"\n{receiver.forwardable}"
    lines = (
        ("What they do", receiver.does),
        ("Whom they serve", receiver.serves),
        ("Whom they would like to meet", receiver.wish),
    )
    return "".join(f"\n{label}: {words}" for label, words in lines if words)
