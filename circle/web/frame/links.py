"""Links that hold what they open: how the web makes and reads them, and says that one has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import abort, current_app, url_for

from circle.rules.capability import Ending
from circle.services.tokens import read_signed, sign
from circle.web.frame.answers import page
from circle.web.frame.typed import typed


class Carrier(Enum):
    """How a link to an invitation reached its reader; the value is the purpose it is signed for."""

    MAIL = "invitation-mail"
    """Sent to the invited address, so it proves that address."""
    LINK = "invitation-link"
    """Copied or scanned, so it proves nothing about its reader."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a link to an invitation holds."""

    public_id: str
    carrier: Carrier


def invitation_link(public_id: str) -> str:
    """Return the whole address of an invitation, to be copied or scanned."""
    token = sign(_key(), Carrier.LINK.value, public_id)
    return str(current_app.config["BASE_URL"]) + url_for("invitations.show", token=token)


def read_invitation(token: str) -> Carried | None:
    """Return what an invitation's link holds, None when it is not one of ours."""
    for carrier in Carrier:
        facts = read_signed(_key(), carrier.value, token)
        if facts and isinstance(facts[0], str):
            return Carried(facts[0], carrier)
    return None


def capability(purpose: str, facts: Sequence[Any]) -> str:
    """Return the token of a link that acts for the person it is written to."""
    return sign(_key(), purpose, *facts)


def read_capability(purpose: str, token: str) -> list[Any]:
    """Return what such a link holds; one that is not ours is not found."""
    facts = read_signed(_key(), purpose, token)
    if facts is None:
        abort(404)
    return facts


def ended(ending: Ending | None, onward: str = "") -> tuple[str, int]:
    """Say calmly that a link acts no more, and offer to sign in and go on."""
    return page(
        "promises/ended.html",
        410,
        ending=ending or Ending.GONE,
        onward=onward or url_for("circles.list"),
        typed=typed(),
    )


def _key() -> str:
    return str(current_app.secret_key)
