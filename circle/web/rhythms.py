"""The rhythm: setting it with a preview of its dates, and removing it."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, request

from circle import clock
from circle.rules import comparison, zones
from circle.rules.errors import Refusal
from circle.rules.rhythm import Occurrence, Rhythm, in_words
from circle.rules.wording import day_words, zone_words
from circle.services.progress import schedule_page
from circle.services.progress.ahead import Ahead, ahead, changes
from circle.services.rounds import rhythms
from circle.web.access import Here, organiser
from circle.web.forms.round import RhythmForm, shown
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits

bp = Blueprint("rhythms", __name__)

COMPARED, SHOWN = 60, 12
"""How many coming rounds of each rhythm are compared, and how many dates are shown."""
LOOKING = {"preview", "edit", "start"}
"""The buttons that show the form again and save nothing."""


@bp.get("/circles/<circle_id>/rhythm")
@organiser
def show(here: Here) -> Any:
    """Show the rhythm, to set or change it."""
    kept = rhythms.stored_rhythm(here.circle_id)
    form = RhythmForm(formdata=None, data=shown(kept, here.zone)) if kept else _blank(here)
    return _form(here, form)


@bp.post("/circles/<circle_id>/rhythm")
@organiser
def update(here: Here) -> Any:
    """Set the rhythm, after a look at what changes when there is one already."""
    form, now = _typed(), clock.now()
    try:
        typed = form.rhythm()
        before, after = rhythms.compare(here.circle_id, typed, now, COMPARED, zone=form.zone.data or "")
        if LOOKING & request.form.keys():
            return _form(here, form)
        if before and before != after and "confirmed" not in request.form:
            return _compare(here, form, typed)
        rhythms.set_rhythm(here.circle_id, here.viewer.person_id, typed, now, zone=form.zone.data or "")
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _failed(here, form, refusal)
    flash("The rhythm is set.")
    return see_other("rounds.schedule", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/rhythm/preview")
@organiser
def preview(here: Here) -> Any:
    """Show the dates of what is typed so far, as a part of the page."""
    return page("rounds/preview.html", here=here, part=True, **_preview(here, RhythmForm()))


@bp.get("/circles/<circle_id>/rhythm/removal")
@organiser
def removal(here: Here) -> Any:
    """Say what removing the rhythm means before it is done."""
    kept = rhythms.stored_rhythm(here.circle_id)
    if kept is None or here.archived_at:
        return see_other("rounds.schedule", circle_id=here.public_id)
    known = schedule_page.read(here, clock.now(), current_limits())
    return page("rounds/removal.html", here=here, kept=in_words(kept), schedule=known, nav_here="rounds")


@bp.post("/circles/<circle_id>/rhythm/removal")
@organiser
def drop(here: Here) -> Any:
    """Let no more rounds open by themselves."""
    rhythms.drop_rhythm(here.circle_id, here.viewer.person_id, clock.now())
    flash("The rhythm is removed. Rounds open by hand now.")
    return see_other("rounds.schedule", circle_id=here.public_id)


def _typed() -> RhythmForm:
    """Read the form; the day that was offered as a start, once pressed, is its start."""
    if "start" not in request.form:
        return RhythmForm()
    form = request.form.copy()
    form["starts_on"] = form["start"]
    return RhythmForm(formdata=form)


def _failed(here: Here, form: RhythmForm, refusal: Refusal) -> Any:
    for field, sentence in _faults(refusal).items():
        beside(form, Refusal(sentence, field=field))
    return _form(here, form, 422)


def _form(here: Here, form: RhythmForm, status: int = 200) -> Any:
    kept = rhythms.stored_rhythm(here.circle_id)
    return page(
        "rounds/rhythm.html",
        status,
        here=here,
        rhythm=form,
        kept=in_words(kept) if kept else "",
        nav_here="rounds",
        **_preview(here, form),
    )


def _preview(here: Here, form: RhythmForm) -> dict[str, Any]:
    try:
        typed = form.rhythm()
        _, after = rhythms.compare(here.circle_id, typed, clock.now(), zone=form.zone.data or "")
    except Refusal as refusal:
        start = getattr(refusal, "start", None)
        offered = day_words(start) if start else ""
        return {"words": "", "dates": (), "faults": _faults(refusal), "start": start, "offered": offered}
    return {"words": in_words(typed), "dates": _shown(here, after), "faults": {}, "start": None}


def _faults(refusal: Refusal) -> dict[str, str]:
    several: dict[str, str] = getattr(refusal, "faults", {})
    return several or {refusal.field or "": refusal.sentence}


def _compare(here: Here, form: RhythmForm, typed: Rhythm) -> Any:
    before, after = rhythms.compare(here.circle_id, typed, clock.now(), COMPARED, zone=form.zone.data or "")
    rows = comparison.compare(before, after, known=COMPARED, most=SHOWN)
    kept = rhythms.stored_rhythm(here.circle_id)
    return page(
        "rounds/compare.html",
        here=here,
        rhythm=form,
        old=in_words(kept) if kept else "",
        new=in_words(typed),
        clocks=(here.zone_words, zone_words(form.zone.data or here.zone)),
        changes=changes(rows, _today(here)),
        nav_here="rounds",
    )


def _today(here: Here) -> date:
    return zones.local_day(clock.now(), zones.zone(here.zone))


def _shown(here: Here, coming: tuple[Occurrence, ...]) -> tuple[Ahead, ...]:
    return ahead(coming, _today(here))


def _blank(here: Here) -> RhythmForm:
    known = schedule_page.read(here, clock.now(), current_limits())
    return RhythmForm(formdata=None, starts_on=known.first_free_day, zone=here.zone, ends="")
