"""Sessions: where a person is signed in, and ending that."""

import logging
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, flash, g, session
from sqlalchemy.exc import SQLAlchemyError

from circle import clock
from circle.rules import zones
from circle.rules.wording import day_words, relative_day
from circle.services.door import sessions
from circle.services.door.sessions import Listed, Viewer
from circle.web.access import signed_in
from circle.web.frame.answers import page, see_other

bp = Blueprint("sessions", __name__)

TOUCHED_EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


@bp.get("/you/sessions", endpoint="list")
@signed_in
def list_sessions(viewer: Viewer) -> Any:
    """List the browsers in which this person is signed in."""
    rows = sessions.listing(viewer.person_id, clock.now())
    return page("sessions/list.html", rows=[_row(listed, viewer) for listed in rows])


@bp.post("/you/sessions/<ref>/ending")
@signed_in
def end(viewer: Viewer, ref: str) -> Any:
    """End one of the person's sessions."""
    sessions.end(viewer.person_id, ref)
    flash("That browser is signed out.")
    return see_other("sessions.list")


@bp.post("/you/sessions/ending")
@signed_in
def end_all(viewer: Viewer) -> Any:
    """Sign the person out everywhere, this browser included."""
    sessions.end_all(viewer.person_id)
    session.clear()
    flash("You are signed out everywhere.")
    return see_other("pages.front")


def wire(app: Flask) -> None:
    """Remember that a session is in use, at most once a day: the one thing a GET may write."""

    @app.after_request
    def touch(response: Response) -> Response:
        viewer: Viewer | None = g.get("viewer")
        if viewer and response.status_code < 500 and clock.now() - viewer.used_at >= TOUCHED_EVERY:
            try:
                sessions.touch(viewer.session_id, clock.now())
            except SQLAlchemyError:
                # A page that could be read is shown, whether or not its reading can be noted.
                log.exception("the use of a session could not be noted")
        return response


def _row(listed: Listed, viewer: Viewer) -> dict[str, Any]:
    zone = zones.zone(viewer.zone)
    today = zones.local_day(clock.now(), zone)
    return {
        "ref": listed.ref,
        "device": listed.device or "A browser",
        "here": listed.session_id == viewer.session_id,
        "since": day_words(zones.local_day(listed.created_at, zone), today),
        "used": relative_day(zones.local_day(listed.used_at, zone), today),
    }
