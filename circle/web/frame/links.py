"""Links that hold what they open: how the web makes and reads those of invitations."""

from dataclasses import dataclass
from enum import Enum

from flask import current_app, url_for

from circle.services.tokens import read_signed, sign


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


def _key() -> str:
    return str(current_app.secret_key)
