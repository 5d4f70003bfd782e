"""Rounds: one, all of them, opening one by hand, and the rhythm."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, request

from circle import clock
from circle.rules.errors import Refusal
from circle.services.progress import round_page
from circle.services.progress.round_page import Schedule
from circle.services.rounds import by_hand, rhythms
from circle.services.rounds.rhythms import coming
from circle.web.access import Here, member, organiser
from circle.web.forms.round import OpenRoundForm, RhythmForm, given, shown
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits

bp = Blueprint("rounds", __name__)

USUAL_DAYS = timedelta(days=17)


@bp.get("/circles/<circle_id>/rounds")
@member
def schedule(here: Here) -> Any:
    """Show the open round, the rhythm, what comes and what was."""
    return _schedule(here)


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
        beside(form, refusal)
        return _schedule(here, 422, opening=form)
    flash(f"Round {number} is open. Everybody is told by mail.")
    return see_other("circles.show", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/rhythm")
@organiser
def rhythm(here: Here) -> Any:
    """Set the rhythm, or preview its dates."""
    form, now = RhythmForm(), clock.now()
    try:
        typed = form.rhythm()
        if "preview" in request.form:
            known = round_page.read_schedule(here, now)
            dates = coming(typed, here.zone, known.local_now)
            last = known.rounds[0].number if known.rounds else 0
            return _schedule(here, rhythm=form, preview=round_page.ahead(dates, last))
        rhythms.set_rhythm(here.circle_id, here.viewer.person_id, typed, now)
    except Refusal as refusal:
        beside(form, refusal)
        return _schedule(here, 422, rhythm=form)
    flash("The rhythm is set.")
    return see_other("rounds.schedule", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/rhythm/removal")
@organiser
def drop_rhythm(here: Here) -> Any:
    """Let no more rounds open by themselves."""
    rhythms.drop_rhythm(here.circle_id, here.viewer.person_id, clock.now())
    flash("The rhythm is removed. Rounds open by hand now.")
    return see_other("rounds.schedule", circle_id=here.public_id)


@bp.get("/circles/<circle_id>/rounds/<int(max=99999):number>")
@member
def show(here: Here, number: int) -> Any:
    """Show one round as far as this member may see it."""
    shown_round = round_page.read(here, number, clock.now())
    if shown_round is None:
        abort(404)
    return page("rounds/show.html", here=here, round=shown_round, nav_here="rounds")


def _schedule(
    here: Here,
    status: int = 200,
    *,
    opening: OpenRoundForm | None = None,
    rhythm: RhythmForm | None = None,
    preview: tuple[round_page.Ahead, ...] = (),
) -> Any:
    now = clock.now()
    known = round_page.read_schedule(here, now)
    return page(
        "rounds/schedule.html",
        status,
        here=here,
        schedule=known,
        opening=opening or OpenRoundForm(formdata=None, due_on=known.today + USUAL_DAYS),
        rhythm=rhythm or _rhythm_form(here, known),
        preview=preview,
        nav_here="rounds",
    )


def _rhythm_form(here: Here, known: Schedule) -> RhythmForm:
    kept = rhythms.stored_rhythm(here.circle_id)
    if kept:
        return RhythmForm(formdata=None, data=shown(kept))
    return RhythmForm(formdata=None, starts_on=known.first_free_day)
