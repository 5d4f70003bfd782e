"""Scheduling: what an organiser changes about the open round and about those to come."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, g
from flask_wtf import FlaskForm

from circle import clock
from circle.rules import zones
from circle.rules.errors import Refusal, StalePage, TooFewMembers
from circle.services.progress.ahead import ahead, slot_of
from circle.services.rounds import by_hand, exceptions, pauses, turns
from circle.web.access import Here, organiser
from circle.web.forms.round import DueForm, OccurrenceForm, PauseForm, ThemeForm, given
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits
from circle.web.rounds import InTheWay, meets, show_refused, show_schedule

bp = Blueprint("scheduling", __name__)


@bp.get("/circles/<circle_id>/rounds/coming/<slot>")
@organiser
def occurrence(here: Here, slot: str) -> Any:
    """Show one round to come, to move it, skip it or put it back."""
    return _occurrence(here, _slot(slot))


@bp.post("/circles/<circle_id>/rounds/coming/<slot>")
@organiser
def alter(here: Here, slot: str) -> Any:
    """Let one coming round open and be due at other times."""
    form, at = OccurrenceForm(), _slot(slot)
    exceptions.coming_round(here.circle_id, at, clock.now())
    try:
        opens = datetime.combine(given(form.opens_on), given(form.opens_time))
        due = datetime.combine(given(form.due_on), given(form.due_time))
        exceptions.alter(here.circle_id, here.viewer.person_id, at, opens, due, clock.now())
    except StalePage:
        raise
    except Refusal as refusal:
        beside(form, refusal)
        return _occurrence(here, at, 422, form=form, meets=meets(refusal))
    return _saved(here, "The dates are changed.")


@bp.post("/circles/<circle_id>/rounds/coming/<slot>/skipping")
@organiser
def skip(here: Here, slot: str) -> Any:
    """Let one coming round not open."""
    exceptions.skip(here.circle_id, here.viewer.person_id, _slot(slot), clock.now())
    return _saved(here, "This round will be skipped. You can let it open after all until its day.")


@bp.post("/circles/<circle_id>/rounds/coming/<slot>/restoring")
@organiser
def restore(here: Here, slot: str) -> Any:
    """Undo what was changed last about one coming round."""
    at = _slot(slot)
    try:
        exceptions.restore(here.circle_id, here.viewer.person_id, at, clock.now())
    except StalePage:
        raise
    except Refusal as refusal:
        form = _dates(here, at)
        beside(form, refusal)
        return _occurrence(here, at, 422, form=form, meets=meets(refusal))
    return _saved(here, "It opens and is due as it was.")


@bp.post("/circles/<circle_id>/rounds/<int(max=99999):number>/due")
@organiser
def extend(here: Here, number: int) -> Any:
    """Let the open round be due at another time."""
    form = DueForm()
    return _change(
        here,
        "extending",
        form,
        lambda by, now: by_hand.extend(
            here.circle_id, by, number, given(form.due_on), given(form.due_time), now
        ),
        "The due date is changed, and the reminders with it.",
    )


@bp.post("/circles/<circle_id>/rounds/<int(max=99999):number>/theme")
@organiser
def theme(here: Here, number: int) -> Any:
    """Give the open round a theme."""
    form = ThemeForm()
    return _change(
        here,
        "theming",
        form,
        lambda by, now: by_hand.set_theme(here.circle_id, by, number, form.theme.data or "", now),
        "The theme is saved.",
    )


@bp.post("/circles/<circle_id>/rounds/<int(max=99999):number>/closing")
@organiser
def close(here: Here, number: int) -> Any:
    """Close the open round before it is due."""
    told = by_hand.close(here.circle_id, here.viewer.person_id, number, clock.now())
    recap = "Everybody gets its recap." if told else "Its recap went out when it closed before."
    return _saved(here, f"Round {number} is closed. {recap}")


@bp.post("/circles/<circle_id>/rounds/<int(max=99999):number>/reopening")
@organiser
def reopen(here: Here, number: int) -> Any:
    """Open the last closed round again."""
    form = DueForm()
    return _change(
        here,
        "reopening",
        form,
        lambda by, now: by_hand.reopen(
            here.circle_id, by, number, given(form.due_on), given(form.due_time), now
        ),
        f"Round {number} is open again.",
    )


@bp.post("/circles/<circle_id>/pause")
@organiser
def pause(here: Here) -> Any:
    """Skip the coming rounds until a day."""
    form = PauseForm()
    return _change(
        here,
        "pausing",
        form,
        lambda by, now: pauses.pause(here.circle_id, by, given(form.until), now),
        "",
        anchor="paused",
    )


@bp.post("/circles/<circle_id>/pause/removal")
@organiser
def resume(here: Here) -> Any:
    """End the pause."""
    return _change(
        here,
        "pausing",
        PauseForm(),
        lambda by, now: pauses.resume(here.circle_id, by, now),
        "The pause is over. Rounds open by the rhythm again.",
    )


@bp.post("/circles/<circle_id>/rounds/held-opening")
@organiser
def open_with_few(here: Here) -> Any:
    """Open the round that waits for members with those who are here."""
    said = turns.open_with_few(here.circle_id, here.viewer.person_id, clock.now(), current_limits())
    opened = "Opened" in said
    return _saved(
        here, "The round is open." if opened else "It was too late for that round; the next one opens."
    )


def _change(
    here: Here,
    name: str,
    form: FlaskForm,
    do: Callable[[int, datetime], None],
    done: str,
    *,
    anchor: str | None = None,
) -> Any:
    try:
        do(here.viewer.person_id, clock.now())
    except StalePage:
        raise
    except Refusal as refusal:
        return show_refused(here, refusal, name, form)
    return _saved(here, done, anchor)


@bp.errorhandler(StalePage)
@bp.errorhandler(TooFewMembers)
def _say_what_is_true_now(refusal: Refusal) -> Any:
    return show_schedule(g.here, 409, said=refusal.sentence)


def _saved(here: Here, words: str, anchor: str | None = None) -> Any:
    # What the page says by itself is not said twice.
    if words:
        flash(words)
    return see_other("rounds.schedule", circle_id=here.public_id, _anchor=anchor)


def _slot(text: str) -> datetime:
    return slot_of(text) or abort(404)


def _dates(here: Here, slot: datetime) -> OccurrenceForm:
    one = exceptions.coming_round(here.circle_id, slot, clock.now())
    return OccurrenceForm(
        formdata=None,
        opens_on=one.opens_local.date(),
        opens_time=one.opens_local.time(),
        due_on=one.due_local.date(),
        due_time=one.due_local.time(),
    )


def _occurrence(
    here: Here,
    slot: datetime,
    status: int = 200,
    *,
    form: FlaskForm | None = None,
    meets: InTheWay | None = None,
) -> Any:
    one = exceptions.coming_round(here.circle_id, slot, clock.now())
    return page(
        "rounds/occurrence.html",
        status,
        here=here,
        one=ahead((one,), zones.local_day(clock.now(), zones.zone(here.zone)))[0],
        form=form or _dates(here, slot),
        failed=form,
        meets=meets,
        nav_here="rounds",
    )
