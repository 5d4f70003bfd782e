"""Rounds: one, all of them, and opening one by hand."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash
from flask_wtf import FlaskForm

from circle import clock
from circle.rules.errors import Refusal
from circle.services.membership import handing_over
from circle.services.progress import round_page, schedule_page
from circle.services.rounds import by_hand
from circle.web.access import Here, member, organiser
from circle.web.forms.round import DueForm, OpenRoundForm, PauseForm, ThemeForm, given
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits

bp = Blueprint("rounds", __name__)

USUAL_DAYS = timedelta(days=17)


@bp.get("/circles/<circle_id>/rounds")
@member
def schedule(here: Here) -> Any:
    """Show the open round, the rhythm, what comes and what was."""
    return show_schedule(here)


@bp.post("/circles/<circle_id>/rounds")
@organiser
def create(here: Here) -> Any:
    """Open a round now."""
    form = OpenRoundForm()
    try:
        number = by_hand.open_now(
            here.circle_id,
            here.viewer.person_id,
            given(form.due_on),
            given(form.due_time),
            clock.now(),
            limits=current_limits(),
            theme=form.theme.data or "",
        )
    except Refusal as refusal:
        return show_refused(here, refusal, "opening", form)
    flash(f"Round {number} is open. Everybody is told by mail.")
    return see_other("circles.show", circle_id=here.public_id)


@bp.get("/circles/<circle_id>/rounds/<int(max=99999):number>")
@member
def show(here: Here, number: int) -> Any:
    """Show one round as far as this member may see it."""
    shown_round = round_page.read(here, number, clock.now())
    if shown_round is None:
        abort(404)
    return page("rounds/show.html", here=here, round=shown_round, nav_here="rounds")


def show_refused(here: Here, refusal: Refusal, name: str, form: FlaskForm) -> Any:
    """Show the page of rounds with a refusal's sentence beside its field, or on top when it has none."""
    if refusal.field is None:
        return show_schedule(here, 422, said=refusal.sentence, **{name: form})
    beside(form, refusal)
    return show_schedule(here, 422, meets=meets(refusal), **{name: form})


def show_schedule(
    here: Here, status: int = 200, *, said: str = "", meets: str = "", **failed: FlaskForm
) -> Any:
    """Show the page of rounds; a form that failed keeps what was typed.

    `said` is why nothing was changed, `meets` the slot of the round in the way, as in an address.
    """
    known = schedule_page.read(here, clock.now(), current_limits())
    day = known.today + USUAL_DAYS
    due = known.open_due_local
    forms: dict[str, FlaskForm] = {
        "opening": OpenRoundForm(formdata=None, due_on=day),
        "extending": DueForm(formdata=None, due_on=due.date() if due else day),
        "reopening": DueForm(formdata=None, due_on=day),
        "theming": ThemeForm(formdata=None, theme=known.open.theme if known.open else ""),
        "pausing": PauseForm(formdata=None, until=known.today + timedelta(days=30)),
    }
    shown = forms | failed
    may_take_over = not here.organiser and handing_over.may_take_over(here.circle_id, clock.now())
    return page(
        "rounds/schedule.html",
        status,
        here=here,
        schedule=known,
        said=said,
        meets=meets,
        may_take_over=may_take_over,
        nav_here="rounds",
        **shown,
    )


def meets(refusal: Refusal) -> str:
    """Return the slot of the round a refusal says is in the way, as in an address; empty for any other."""
    slot = getattr(refusal, "slot", None)
    return schedule_page.slot_text(slot) if slot else ""
