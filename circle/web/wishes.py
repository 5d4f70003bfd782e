"""Wishes: whom one would like to meet now, said on the circle page or by the link in a letter."""

import functools
from typing import Any

from flask import Blueprint, redirect, url_for

from circle import clock
from circle.rules.capability import Ending
from circle.rules.errors import BadText
from circle.rules.wording import listed
from circle.services.giving import capabilities, wishes
from circle.services.giving.capabilities import HeldWish
from circle.web.access import Here, bearer, member
from circle.web.forms.wish import WishForm
from circle.web.frame import links
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.told import tell
from circle.web.giving import View

bp = Blueprint("wishes", __name__)

WISH = "/wish/<token>"
WISH_ROW = "your-wish"
"""Where the circle page shows it."""


@bp.post("/circles/<circle_id>/wish")
@member
def update(here: Here) -> Any:
    """Keep what was typed on the circle page."""
    form = WishForm()
    try:
        _keep(here.viewer.person_id, form)
    except BadText as refusal:
        beside(form, refusal)
        action, whole = (url_for(f"{noun}", circle_id=here.public_id) for noun in (".update", "circles.show"))
        facts = {"held": None, "circle": here.name, "action": action, "whole": whole}
        return page("wishes/show.html", 422, form=form, **facts)
    return see_other("circles.show", circle_id=here.public_id, _anchor=WISH_ROW)


def _by_link(view: View) -> View:
    @functools.wraps(view)
    def gate(token: str) -> Any:
        held = capabilities.held_wish(links.read_capability(capabilities.WISH, token))
        if held is None or held.ending:
            return _ended(held)
        return view(token, held)

    return bearer(gate)


@bp.get(WISH)
@_by_link
def show(token: str, held: HeldWish) -> Any:
    """Show the wish as it was said last, to be said anew."""
    return _page(token, held, WishForm(formdata=None, wish=held.wish))


@bp.post(WISH)
@_by_link
def keep(token: str, held: HeldWish) -> Any:
    """Keep what was typed by whoever holds the link."""
    form = WishForm()
    try:
        _keep(held.person_id, form)
    except BadText as refusal:
        beside(form, refusal)
        return _page(token, held, form, 422)
    return redirect(url_for(".show", token=token), 303)


def _keep(person_id: int, form: WishForm) -> None:
    typed = form.wish.data or ""
    again = wishes.say(person_id, typed, clock.now())
    if not typed.strip():
        tell("Your wish is empty now. The others see none until you say one.", WISH_ROW)
        return
    more = f" {listed(again)}, who found no fit before, will be asked to look again." if again else ""
    tell(f"Noted. The others read it where they think of you.{more}", WISH_ROW)


def _page(token: str, held: HeldWish, form: WishForm, status: int = 200) -> Any:
    whole = url_for("circles.show", circle_id=held.circle_ref)
    facts = {"circle": held.circle_name, "action": url_for(".keep", token=token), "whole": whole}
    return page("wishes/show.html", status, held=held, form=form, **facts)


def _ended(held: HeldWish | None) -> Any:
    if held is None or held.ending is None:
        return links.ended(None)
    profile = url_for("people.show", _anchor="wish")
    at_home = held.ending in {Ending.SIGNED_OUT, Ending.ASKED_AGAIN}
    return links.ended(held.ending, profile if at_home else url_for("circles.list"))
