"""A capability: how long a link in a letter acts for the person it was written to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

AFTER_SEALING = timedelta(days=60)
"""How long a receiver may still answer by link once the round is sealed."""


class Ending(Enum):
    """Why a link acts no more: the heading and the sentence its reader is told."""

    SIGNED_OUT = (
        "This link has ended",
        "You signed out everywhere, or changed your address, after the letter was written. "
        "That ends the links in every letter before it.",
    )
    GONE = ("This link has ended", "It belongs to a circle you are not in any more.")
    ARCHIVED = ("This circle rests", "It was archived, so nothing in it can be changed by a link.")
    SEALED = (
        "This round is finished",
        "It takes no more answers. What you made meanwhile belongs into the round that is open, "
        "or into your own record.",
    )
    ASKED_AGAIN = (
        "This round is finished",
        "The next one asks for your wish again, and your profile keeps it meanwhile.",
    )
    LONG_AGO = (
        "This link has ended",
        "The round was finished a while ago. Once signed in you can still read and answer it.",
    )

    def __init__(self, heading: str, sentence: str) -> None:
        self.heading = heading
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What decides whether a link still acts; `epoch` is the person's now, `written_in` the link's."""

    epoch: int
    written_in: int
    seated: bool
    archived: bool
    sealed_at: datetime | None


def ending_for_giver(life: Life) -> Ending | None:
    """Return why a giver's link acts no more: it lives until the round is sealed. None while it acts."""
    return _ending_for_anybody(life) or (Ending.SEALED if life.sealed_at else None)


def ending_for_wish(life: Life) -> Ending | None:
    """Return why a link to say one's wish acts no more: it lives as long as a giver's. None while it acts."""
    ending = ending_for_giver(life)
    return Ending.ASKED_AGAIN if ending is Ending.SEALED else ending


def ending_for_receiver(life: Life, now: datetime) -> Ending | None:
    """Return why a receiver's link acts no more: it lives for 60 days after that. None while it acts."""
    long_ago = life.sealed_at is not None and now >= life.sealed_at + AFTER_SEALING
    return _ending_for_anybody(life) or (Ending.LONG_AGO if long_ago else None)


def _ending_for_anybody(life: Life) -> Ending | None:
    if life.written_in != life.epoch:
        return Ending.SIGNED_OUT
    if not life.seated:
        return Ending.GONE
    return Ending.ARCHIVED if life.archived else None
