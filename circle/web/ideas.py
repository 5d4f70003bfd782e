"""Ideas: letting go of one that was parked."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from circle import clock
from circle.rules.errors import StalePage
from circle.services.door.sessions import Viewer
from circle.services.thinking import ideas
from circle.web.access import signed_in
from circle.web.frame import entry

bp = Blueprint("ideas", __name__)


@bp.post("/ideas/<ref>/removal")
@signed_in
def remove(viewer: Viewer, ref: str) -> Any:
    """Let go of an idea, and go back to where it stood."""
    if not ideas.settle(viewer.person_id, ref, clock.now()):
        raise StalePage("There is no such idea of yours any more.")
    flash("Let go. You can always park another one.")
    return redirect(entry.wanted(request.form.get("next")) or url_for("sittings.show"), 303)
