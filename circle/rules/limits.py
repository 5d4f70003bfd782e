"""How many a circle holds, which seat is free, and who may start one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from circle.rules.errors import CircleIsFull
from circle.rules.wording import count_word

SAME_PRESS = timedelta(seconds=10)
"""Two presses of one button within it are a double click, and count as one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The members a circle needs before its first round, and the seats it has."""

    min_members: int
    max_members: int


def refuse_when_full(members: int, held: int, limits: Limits) -> None:
    """Raise CircleIsFull unless one more seat is neither taken nor held by an invitation."""
    if members + held < limits.max_members:
        return
    seats = count_word(limits.max_members)
    if not held:
        raise CircleIsFull(f"All {seats} seats are taken. Somebody has to leave before another can join.")
    raise CircleIsFull(
        f"Of {seats} seats {_are(members)} taken and {_are(held)} held by open invitations. "
        "Withdraw an invitation to free its seat."
    )


def free_seat(taken: Collection[int], limits: Limits) -> int:
    """Return the lowest free seat, from 1; raise CircleIsFull when none is."""
    refuse_when_full(len(taken), 0, limits)
    return next(seat for seat in range(1, limits.max_members + 1) if seat not in taken)


def may_start(who: str, email: str, *, member: bool) -> bool:
    """Say whether `who` (`anyone`, `members`, or addresses) lets this address start a circle."""
    if who.strip().casefold() in {"anyone", "members"}:
        return member or who.strip().casefold() == "anyone"
    listed = {address.casefold() for address in who.replace(",", " ").replace(";", " ").split()}
    return email.casefold() in listed


def _are(count: int) -> str:
    return f"{count_word(count)} {'is' if count == 1 else 'are'}"
