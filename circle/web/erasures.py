"""Erasures: erasing oneself, after a fresh code, and keeping everything after all."""

from typing import Any

from flask import Blueprint, flash, session, url_for

from circle import clock
from circle.rules import zones
from circle.rules.errors import StalePage
from circle.services.door.sessions import Viewer
from circle.services.farewell import erasure
from circle.web.access import confirm_first, is_confirmed, signed_in
from circle.web.frame.answers import page, see_other

bp = Blueprint("erasures", __name__)


@bp.get("/you/erasure")
@signed_in
def show(viewer: Viewer) -> Any:
    """Say what happens to what, before somebody erases themself."""
    if viewer.erase_at is None and not is_confirmed(viewer):
        return confirm_first(url_for("erasures.show"))
    alone = [
        (name, url_for("memberships.leaving", circle_id=ref))
        for ref, name in erasure.organised_alone(viewer.person_id)
    ]
    return page("erasures/show.html", viewer=viewer, alone=alone)


@bp.post("/you/erasure")
@signed_in
def create(viewer: Viewer) -> Any:
    """Erase this person in seven days, and sign them out everywhere."""
    try:
        at = erasure.ask(viewer.person_id, viewer.confirmed_at, clock.now())
    except StalePage:
        return confirm_first(url_for("erasures.show"))
    day = zones.local_day(at, zones.zone(viewer.zone))
    session.clear()
    flash(
        f"You are signed out everywhere and will be erased on {day:%-d %B %Y}; a mail says so too. "
        "If you change your mind, sign in before that day and press “Keep everything”."
    )
    return see_other("pages.front")


@bp.post("/you/erasure/removal")
@signed_in
def remove(viewer: Viewer) -> Any:
    """Keep everything."""
    erasure.keep(viewer.person_id)
    flash("You stay, and everything is as it was. Nobody was told.")
    return see_other("people.show")
