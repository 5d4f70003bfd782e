"""The two sides of an introduction as texts: a member of a circle, and somebody a person knows."""

from dataclasses import dataclass

from circle.rules.names import first_name


@dataclass(frozen=True, slots=True)
class Member:
    """What a member says of themselves."""

    name: str
    does: str = ""
    serves: str = ""
    interests: str = ""
    wish: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """What somebody wrote down about a person they know; all but the name may be empty."""

    name: str
    organisation: str = ""
    position: str = ""
    line: str = ""
    """What they do, whom they serve, what they love, in any words."""


def called(member: str, contact: str) -> tuple[str, str]:
    """Return what to call the two in one sentence: first names, or whole ones where those are the same."""
    firsts = first_name(member), first_name(contact)
    return (member, contact) if firsts[0].casefold() == firsts[1].casefold() else firsts
