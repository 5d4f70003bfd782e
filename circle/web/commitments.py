"""Commitments: what a signed-in giver does about one promise."""

import functools
from typing import Any

from flask import Blueprint, abort, url_for

from circle import clock
from circle.services.giving import promise_page
from circle.services.giving.promise_page import PromisePage
from circle.web import drafting, giving, suggestions
from circle.web.access import Here, member
from circle.web.giving import Desk, View

bp = Blueprint("commitments", __name__)

AGAIN: giving.Act = ("/asking/again", "ask_again", "POST", giving.ask_again)
"""Signed in only: whoever was asked is named in it."""
PROMISE = "/circles/<circle_id>/rounds/<int(max=99999):number>/for/<ref>"


def _signed_in(view: View) -> View:
    @functools.wraps(view)
    def at_desk(here: Here, number: int, ref: str) -> Any:
        giver_id = here.viewer.person_id
        known = promise_page.read(here.circle_id, number, giver_id, ref, clock.now())
        if known is None:
            abort(404)
        return view(_desk(here, number, known))

    return member(at_desk)


def _desk(here: Here, number: int, known: PromisePage) -> Desk:
    circle = url_for("circles.show", circle_id=here.public_id)
    at: dict[str, Any] = {"circle_id": here.public_id, "number": number, "ref": known.ref}
    return Desk(
        giver_id=here.viewer.person_id,
        circle_id=here.circle_id,
        circle=here.name,
        number=number,
        known=known,
        noun=bp.name,
        values=at,
        named=lambda act, _: (
            f"{circle}#for-{known.ref}" if act == "show" else url_for(f"{bp.name}.{act}", **at)
        ),
        whole=circle,
        offered=lambda: suggestions.of_promise(here.viewer.person_id, here.circle_id, known.receiver_id),
    )


giving.open_door(bp, PROMISE, _signed_in, (*giving.ACTS, AGAIN, *drafting.ACTS, *suggestions.ACTS))
