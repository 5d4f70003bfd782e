"""Rounds: one, all of them, what they show together, and opening one by hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash
from flask_wtf import FlaskForm

from circle import clock
from circle.rules.errors import MeetsAnother, Refusal
from circle.rules.wording import day_words
from circle.services.membership import handing_over
from circle.services.progress import across as across_rounds
from circle.services.progress import round_page, schedule_page
from circle.services.progress.ahead import slot_text
from circle.services.rounds import by_hand
from circle.web.access import Here, member, organiser
from circle.web.forms.round import DueForm, OpenRoundForm, PauseForm, ThemeForm, apart, given
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits
from circle.web.frame.typed import typed

bp = Blueprint("rounds", __name__)

USUAL_PAUSE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The round to come another would run into: its slot as in an address, its day, the field at fault."""

    slot: str
    day: str
    field: str


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


@bp.get("/circles/<circle_id>/rounds/across")
@member
def across(here: Here) -> Any:
    """Show what all rounds together tell this member."""
    return page("rounds/across.html", here=here, across=across_rounds.read(here), nav_here="rounds")


def show_refused(here: Here, refusal: Refusal, name: str, form: FlaskForm) -> Any:
    """Show the page of rounds with a refusal's sentence beside its field, or on top when it has none."""
    if refusal.field is None:
        return show_schedule(here, 422, said=refusal.sentence, **{name: form})
    beside(form, refusal)
    return show_schedule(here, 422, meets=meets(refusal), **{name: form})


def show_schedule(
    here: Here, status: int = 200, *, said: str = "", meets: InTheWay | None = None, **failed: FlaskForm
) -> Any:
    """Show the page of rounds; a form that failed keeps what was typed.

    `said` is why nothing was changed, `meets` the round that is in the way.
    """
    known = schedule_page.read(here, clock.now(), current_limits())
    gone = failed.keys() - _forms_of(known)
    if gone:
        said = said or _why_gone(gone, known)
    may_take_over = not here.organiser and handing_over.may_take_over(here.circle_id, clock.now())
    return page(
        "rounds/schedule.html",
        status,
        here=here,
        schedule=known,
        said=said,
        typed=typed() if gone or (said and not failed) else (),
        failed=None if said else next(iter(failed.values()), None),
        meets=meets,
        may_take_over=may_take_over,
        nav_here="rounds",
        **_forms(known, failed),
    )


def meets(refusal: Refusal) -> InTheWay | None:
    """Return the round a refusal says is in the way; None for any other."""
    if not isinstance(refusal, MeetsAnother):
        return None
    return InTheWay(slot_text(refusal.slot), day_words(refusal.slot), refusal.field or "")


def _forms_of(known: schedule_page.SchedulePage) -> set[str]:
    about_one = {"extending", "theming"} if known.open else {"opening", "reopening"}
    return about_one | ({"pausing"} if known.rhythm else set())


def _why_gone(names: set[str], known: schedule_page.SchedulePage) -> str:
    if "pausing" in names:
        return "The circle has no rhythm any more, so there is nothing to pause."
    number = known.open.number if known.open else ""
    return f"Round {number} is open already, so nothing was opened."


def _forms(known: schedule_page.SchedulePage, failed: dict[str, FlaskForm]) -> dict[str, FlaskForm]:
    fits, due = known.fitting_due, known.open_due_local or known.fitting_due
    forms: dict[str, FlaskForm] = {
        "opening": OpenRoundForm(formdata=None, due_on=fits.date(), due_time=fits.time()),
        "extending": DueForm(formdata=None, due_on=due.date(), due_time=due.time()),
        "reopening": DueForm(formdata=None, due_on=fits.date(), due_time=fits.time()),
        "theming": ThemeForm(formdata=None, theme=known.open.theme if known.open else ""),
        "pausing": PauseForm(formdata=None, until=known.paused_until or known.today + USUAL_PAUSE),
    } | failed
    for name in ("extending", "reopening"):
        apart(forms[name], name)
    return forms
