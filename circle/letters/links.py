"""Links in letters: always whole addresses, on the address people use."""

from collections.abc import Iterable
from typing import Any

from flask import current_app

from circle.models import Person
from circle.rules.states import Outcome
from circle.services.giving import capabilities
from circle.services.knowing.suggestions import Suggested
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


def promise_token(
    person: Person, commitment_id: int, names: Iterable[str] = (), suggested: Iterable[Suggested] = ()
) -> str:
    """Return what lets a giver, signed in or not, deal with one promise.

    `names` are contacts that stand in the same letter, `suggested` those who stand there because they fit.
    """
    facts = capabilities.promise_facts(person, commitment_id, names, suggested)
    return _signed(capabilities.PROMISE, *facts)


def promise(token: str, act: str = "show", say: str | None = None) -> str:
    """Return the link that holds such a token; `act` is a page of circle/web/promises.

    `say` is the answer picked for it.
    """
    return absolute(f"promises.{act}", token=token, say=say)


def introduction(person: Person, ref: str, say: Outcome | None = None, anchor: str | None = None) -> str:
    """Return the link on which a receiver, signed in or not, answers one introduction, or picks an answer."""
    token = _signed(capabilities.INTRODUCED, *capabilities.introduction_facts(person, ref))
    return absolute("answers.show", token=token, say=say.value if say else None, _anchor=anchor)


def wish(person: Person, round_id: int) -> str:
    """Return the link on which a person, signed in or not, says whom they would like to meet in a round."""
    return absolute(
        "wishes.show", token=_signed(capabilities.WISH, *capabilities.wish_facts(person, round_id))
    )


def _signed(purpose: str, *facts: Any) -> str:
    return sign(str(current_app.secret_key), purpose, *facts)
