"""Archives: letting a circle rest, bringing it back, erasing it and keeping it after all."""

from typing import Any

from flask import Blueprint, flash, url_for

from circle import clock
from circle.services.membership import archiving
from circle.services.rounds import rhythms
from circle.web.access import Here, confirm_first, in_archive_too, is_confirmed, organiser
from circle.web.frame.answers import page, see_other

bp = Blueprint("archives", __name__)


@bp.get("/circles/<circle_id>/archiving")
@organiser
def show(here: Here) -> Any:
    """Say what archiving and erasing mean before they are done."""
    return page("archives/show.html", here=here, rhythm=_has_rhythm(here), nav_here="organise")


@bp.post("/circles/<circle_id>/archiving")
@in_archive_too
@organiser
def create(here: Here) -> Any:
    """Archive the circle."""
    archiving.archive(here.circle_id, here.viewer.person_id, clock.now())
    flash("The circle is archived. Nobody is written to, and its pages can still be read.")
    return see_other("archives.show", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/archiving/removal")
@in_archive_too
@organiser
def remove(here: Here) -> Any:
    """Bring the circle back."""
    archiving.unarchive(here.circle_id, here.viewer.person_id, clock.now())
    then = "Its rhythm goes on from today." if _has_rhythm(here) else "Open a round when you like."
    flash(f"The circle is back. {then}")
    return see_other("circles.show", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/erasure")
@in_archive_too
@organiser
def erase(here: Here) -> Any:
    """Erase the circle in seven days, after a fresh code."""
    if not is_confirmed(here.viewer):
        return confirm_first(url_for("archives.show", circle_id=here.public_id))
    archiving.ask_erasure(here.circle_id, here.viewer.person_id, clock.now())
    flash("The circle will be erased in seven days. To stop it, press “Keep the circle” before then.")
    return see_other("archives.show", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/erasure/removal")
@in_archive_too
@organiser
def keep(here: Here) -> Any:
    """Stop the erasure."""
    archiving.keep(here.circle_id, here.viewer.person_id, clock.now())
    flash("The circle stays, archived.")
    return see_other("archives.show", circle_id=here.public_id)


def _has_rhythm(here: Here) -> bool:
    return rhythms.stored_rhythm(here.circle_id) is not None
