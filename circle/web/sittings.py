"""Sittings: fifteen minutes to think whom to put together, one thought at a time."""

from typing import Any

from flask import Blueprint, flash, request

from circle import clock
from circle.rules.errors import BadName, BadText
from circle.services.door.sessions import Viewer
from circle.services.giving import fellows
from circle.services.thinking import sitting_page, sittings
from circle.services.thinking.ideas import Parking
from circle.web.access import signed_in
from circle.web.forms.sitting import ThoughtForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("sittings", __name__)


@bp.get("/fifteen-minutes")
@signed_in
def show(viewer: Viewer) -> Any:
    """Show the thought one is at, or the way to begin; looking changes nothing."""
    return _page(viewer)


@bp.post("/fifteen-minutes")
@signed_in
def create(viewer: Viewer) -> Any:
    """Begin a quarter of an hour."""
    sittings.begin(viewer.person_id, clock.now())
    return see_other("sittings.show")


@bp.post("/fifteen-minutes/thoughts/<int(max=99):position>")
@signed_in
def settle(viewer: Viewer, position: int) -> Any:
    """Park an idea, keep an answer, or leave the thought for another day, and go on."""
    form, now = ThoughtForm(), clock.now()
    at = (viewer.person_id, form.sitting(), position)
    try:
        if request.form.get("do") == "next":
            sittings.go_on(*at, now)
        elif request.form.get("do") == "answer" or (form.answer.data or "").strip():
            sittings.answer(*at, form.answer.data or "", now, form.parking())
            flash("Noted on your list." if form.parking() == Parking() else "Noted, and parked.")
        else:
            sittings.park(*at, form.parking(), now)
            flash("Parked. It waits for you here.")
    except (BadName, BadText) as refusal:
        beside(form, refusal)
        return _page(viewer, form, 422)
    return see_other("sittings.show")


@bp.post("/fifteen-minutes/end")
@signed_in
def finish(viewer: Viewer) -> Any:
    """End it before the quarter of an hour is over."""
    sittings.finish(viewer.person_id, clock.now())
    return see_other("sittings.show")


def _page(viewer: Viewer, form: ThoughtForm | None = None, status: int = 200) -> Any:
    known = sitting_page.read(viewer.person_id, clock.now())
    form = form or ThoughtForm(
        formdata=None, began=str(known.began), contact_name=known.thought.contact if known.thought else ""
    )
    if known.thought and known.thought.question:
        members = fellows.of(viewer.person_id)
        form.member.choices = [
            ("", "Nobody yet"),
            *((one.ref, f"{one.name}, {one.circle}") for one in members),
        ]
    return page("sittings/show.html", status, known=known, form=form, zone=viewer.zone)
