"""Nudges: an organiser looks at the reminder as it will be sent, then sends it."""

from typing import Any

from flask import Blueprint, flash, request
from flask_wtf import FlaskForm
from wtforms import StringField

from circle import clock
from circle.letters import organising as letters
from circle.rules.errors import BadText, StalePage
from circle.services.post import nudges
from circle.services.progress import outstanding
from circle.services.progress.outstanding import Outstanding, OutstandingRow
from circle.web.access import Here, organiser
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("nudges", __name__)

EVERYBODY = "all"


class NudgeForm(FlaskForm):
    """A line of one's own that goes with the nudge."""

    note = StringField("A line of your own")


@bp.get("/circles/<circle_id>/nudges/new")
@organiser
def new(here: Here) -> Any:
    """Show the nudge as it will be sent."""
    return _preview(here, request.args.get("for", EVERYBODY), NudgeForm(formdata=None))


@bp.post("/circles/<circle_id>/nudges")
@organiser
def create(here: Here) -> Any:
    """Send the nudge, or show it again with the line that was typed."""
    form, whom = NudgeForm(), request.form.get("for", EVERYBODY)
    if "preview" in request.form:
        return _preview(here, whom, form)
    known = _open(here)
    people = [row.person_id for row in _chosen(here, known, whom)]
    try:
        done = nudges.nudge(here.circle_id, here.viewer.person_id, people, form.note.data or "", clock.now())
    except BadText as refusal:
        beside(form, refusal)
        return _preview(here, whom, form, 422)
    flash(_said(done))
    return see_other("circles.organise", circle_id=here.public_id, _anchor="round")


def _preview(here: Here, whom: str, form: NudgeForm, status: int = 200) -> Any:
    known = _open(here)
    chosen = _chosen(here, known, whom)
    reachable = [row for row in chosen if row.open and not row.why_not]
    letter = None
    if reachable:
        note = form.note.data if not form.note.errors else ""
        letter = letters.nudge_as_sent(
            reachable[0].person_id,
            known.round_id,
            here.viewer.person_id,
            " ".join((note or "").split())[: nudges.NOTE_LIMIT],
            clock.now(),
        )
    return page(
        "nudges/new.html", status, here=here, whom=whom, form=form, chosen=chosen, reachable=reachable,
        letter=letter, nav_here="organise",
    )  # fmt: skip


def _open(here: Here) -> Outstanding:
    known = outstanding.read(here.circle_id, clock.now())
    if known is None:
        raise StalePage("The round has closed meanwhile, so nobody needs a nudge.")
    return known


def _chosen(here: Here, known: Outstanding, whom: str) -> list[OutstandingRow]:
    if whom == EVERYBODY:
        return [row for row in known.rows if row.open and row.person_id != here.viewer.person_id]
    found = [row for row in known.rows if row.ref == whom]
    if not found:
        raise StalePage("Whom you wanted to nudge is not in the open round.")
    return found


def _said(done: nudges.Nudged) -> str:
    sent = f"Reminded {', '.join(done.sent)}." if done.sent else "Nobody was reminded."
    return " ".join([sent, *(f"{name} {why}." for name, why in done.refused)])
