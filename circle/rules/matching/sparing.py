"""Sparing: for how long somebody set aside is suggested no more, and who was introduced often lately."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from circle.rules.states import SetAside
from circle.rules.wording import count_word

LATELY = timedelta(days=60)
OFTEN = 2
"""Introductions within that time after which somebody is left in peace for a while."""

_RESTS: dict[SetAside, timedelta | None] = {
    SetAside.FOR_GOOD: None,
    SetAside.LATER: timedelta(days=30),
    SetAside.NOT_NOW: timedelta(days=60),
}


def until(kind: SetAside, now: datetime) -> datetime | None:
    """Return when somebody set aside now may be suggested again; None is never."""
    rest = _RESTS[kind]
    return now + rest if rest else None


def spared(made_on: Iterable[date], today: date, *, in_hand: bool = False) -> str:
    """Say why somebody introduced on these days should rather be spared, "" when they need not be.

    `in_hand` says that they are being asked, or written to, for another member.
    """
    if in_hand:
        return "You are asking or writing to them for somebody else just now."
    lately = sum(today - LATELY < day for day in made_on)
    times = "twice" if lately == OFTEN else f"{count_word(lately)} times"
    return f"You introduced them {times} in the last two months." if lately >= OFTEN else ""
