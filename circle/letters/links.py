"""Links in letters: always whole addresses, on the address people use."""

from typing import Any

from flask import current_app

from circle.services.tokens import sign


def absolute(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page, whichever host the request came by."""
    path = current_app.url_for(endpoint, _external=False, **values)
    return f"{current_app.config['BASE_URL']}{path}"


def invitation(public_id: str) -> str:
    """Return the mailed link to an invitation; it proves the address it was sent to."""
    return absolute("invitations.show", token=_signed("invitation-mail", public_id))


def switches(public_id: str, switch: str) -> str:
    """Return the link on which a person, signed in or not, chooses their letters and can stop this one."""
    return absolute("letters.switches", token=_signed("letters", public_id, switch))


def _signed(purpose: str, *facts: str) -> str:
    return sign(str(current_app.secret_key), purpose, *facts)
