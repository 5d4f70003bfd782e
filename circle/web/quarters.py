"""Quarters of an hour: on which days one takes them, and whether letter and calendar remind of them."""

from typing import Any

from flask import Blueprint, flash

from circle import clock
from circle.rules.errors import Refusal
from circle.rules.wording import WEEKDAYS, listed
from circle.services.door import people
from circle.services.door.sessions import Viewer
from circle.services.progress import calendars
from circle.services.thinking import quarters
from circle.web.access import signed_in
from circle.web.forms.sitting import QuarterForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("quarters", __name__)


@bp.get("/you/fifteen-minutes")
@signed_in
def show(viewer: Viewer) -> Any:
    """Show the days chosen."""
    return _page(viewer, QuarterForm.of(quarters.settings(viewer.person_id)))


@bp.post("/you/fifteen-minutes")
@signed_in
def update(viewer: Viewer) -> Any:
    """Keep the days chosen."""
    form = QuarterForm()
    try:
        quarters.update(viewer.person_id, form.chosen(), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _page(viewer, form, 422)
    flash("Kept.")
    return see_other("quarters.show")


def _page(viewer: Viewer, form: QuarterForm, status: int = 200) -> Any:
    has_address = bool(calendars.address_of(viewer.person_id))
    letters = people.letter_settings(viewer.person_id).weekdays
    chosen = form.chosen()
    silent = [WEEKDAYS[day] for day in sorted(chosen.weekdays - letters) if 0 <= day < len(WEEKDAYS)]
    words = listed(silent) if silent and chosen.in_letter else ""
    return page("sittings/settings.html", status, form=form, has_address=has_address, silent=words)
