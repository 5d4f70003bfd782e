"""Absences: saying that one is away, and that one is back."""

from typing import Any

from flask import Blueprint, flash
from flask_wtf import FlaskForm

from circle import clock
from circle.rules import absence as rules
from circle.rules import zones
from circle.rules.absence import Absence
from circle.rules.errors import BadText, Refusal
from circle.services.door.sessions import Viewer
from circle.services.membership import absences
from circle.web.access import signed_in
from circle.web.forms.introduction import DayField
from circle.web.forms.round import given
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("absences", __name__)


class AwayForm(FlaskForm):
    """The first and the last day away."""

    first = DayField("First day away")
    last = DayField("Last day away")


@bp.get("/you/away")
@signed_in
def show(viewer: Viewer) -> Any:
    """Show whether one is away, and ask for the days."""
    return _page(viewer)


@bp.post("/you/away")
@signed_in
def create(viewer: Viewer) -> Any:
    """Be away on these days, in all circles."""
    form = AwayForm()
    try:
        first = given(form.first)
        if form.last.process_errors:
            raise BadText(" ".join(form.last.process_errors), field="last")
        absences.go_away(viewer.person_id, first, form.last.data, clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _page(viewer, form, 422)
    flash("Noted. Nothing is asked of you on these days.")
    return see_other("absences.show")


@bp.post("/you/away/removal")
@signed_in
def remove(viewer: Viewer) -> Any:
    """Be back, or drop an absence that has not begun."""
    absences.come_back(viewer.person_id, clock.now())
    flash("Welcome back. What can still be done in the open rounds is open for you again.")
    return see_other("circles.list")


def _page(viewer: Viewer, form: AwayForm | None = None, status: int = 200) -> Any:
    today = zones.local_day(clock.now(), zones.zone(viewer.zone))
    known = absences.known(viewer.person_id)
    blank = AwayForm(formdata=None, first=today, last=None)
    return page("absences/show.html", status, form=form or blank, away=_words(known, today), nav_here="you")


def _words(known: Absence | None, today: Any) -> str:
    if known is None or known.is_over(today):
        return ""
    return f"You {'are' if known.holds(today) else 'will be'} away {rules.in_words(known, today)}."
