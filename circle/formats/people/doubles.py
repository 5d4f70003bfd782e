"""Doubles: who stands in a list already, told by name or by address."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from circle.formats.addresses import address_key
from circle.formats.people.person import Found
from circle.rules.names import name_key


@dataclass(slots=True)
class Register:
    """Who is known so far: for each key of a name or an address the line it came from, None: kept before."""

    _names: dict[str, int | None] = field(default_factory=dict)
    _emails: dict[str, int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[tuple[str, str]]) -> "Register":
        """Return a register of those kept before, given as (name key, address or an empty text)."""
        register = cls()
        for key, email in known:
            register._names[key] = None
            if email:
                register._emails[address_key(email)] = None
        return register

    def double(self, found: Found) -> str | None:
        """Say in a sentence whom this person repeats; None if nobody, and then remember them."""
        key, email = name_key(found.person.name), address_key(found.person.email)
        if key in self._names:
            return f"{found.person.name} {_place(self._names[key])}."
        if email in self._emails:
            return f"Somebody with the address of {found.person.name} {_place(self._emails[email])}."
        self._names[key] = found.at
        if email:
            self._emails[email] = found.at
        return None


def _place(at: int | None) -> str:
    return "is on your list already" if at is None else f"stands in this file already, on line {at:,}"
