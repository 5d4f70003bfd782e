"""Commitments: no fit this round, asking the contact first, and taking either back."""

from typing import Any

from flask import Blueprint, abort, flash

from circle import clock
from circle.rules.errors import Refusal
from circle.rules.wording import taken_back_words
from circle.services.giving import commitments, introduction_page
from circle.services.giving.introduction_page import GiverPage, Promised
from circle.web.access import Here, member
from circle.web.forms.introduction import AskForm, NoFitForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("commitments", __name__)

PROMISE = "/circles/<circle_id>/rounds/<int(max=99999):number>/for/<ref>"


@bp.get(f"{PROMISE}/no-fit")
@member
def no_fit(here: Here, number: int, ref: str) -> Any:
    """Ask for a line to the receiver, if the giver wants to write one."""
    known, promised = _promised(here, number, ref)
    form = NoFitForm(formdata=None, line=promised.passed_line)
    return page("commitments/no_fit.html", here=here, known=known, to=promised.to, form=form)


@bp.post(f"{PROMISE}/no-fit")
@member
def pass_on(here: Here, number: int, ref: str) -> Any:
    """Say honestly that there is no fit this round."""
    known, promised = _promised(here, number, ref)
    form = NoFitForm()
    try:
        commitments.pass_on(
            here.viewer.person_id, here.circle_id, number, ref, form.line.data or "", clock.now()
        )
    except Refusal as refusal:
        beside(form, refusal)
        return page("commitments/no_fit.html", 422, here=here, known=known, to=promised.to, form=form)
    flash(f"Noted: no fit for {promised.to.first_name} this round. You can take it back at any time.")
    return see_other("circles.show", circle_id=here.public_id)


@bp.get(f"{PROMISE}/asking")
@member
def asking(here: Here, number: int, ref: str) -> Any:
    """Ask whom the giver asks first."""
    known, promised = _promised(here, number, ref)
    form = AskForm(formdata=None, contact_name=promised.asked)
    return page("commitments/asking.html", here=here, known=known, to=promised.to, form=form)


@bp.post(f"{PROMISE}/asking")
@member
def ask(here: Here, number: int, ref: str) -> Any:
    """Note that the giver asks this contact first."""
    known, promised = _promised(here, number, ref)
    form = AskForm()
    try:
        commitments.ask(
            here.viewer.person_id, here.circle_id, number, ref, form.contact_name.data or "", clock.now()
        )
    except Refusal as refusal:
        beside(form, refusal)
        return page("commitments/asking.html", 422, here=here, known=known, to=promised.to, form=form)
    flash("Noted. Come back when you have an answer.")
    return see_other("circles.show", circle_id=here.public_id)


@bp.post(f"{PROMISE}/opening")
@member
def reopen(here: Here, number: int, ref: str) -> Any:
    """Take back a pass or an asking."""
    _, promised = _promised(here, number, ref)
    state = commitments.reopen(here.viewer.person_id, here.circle_id, number, ref, clock.now())
    flash(f"Your introduction for {promised.to.first_name} {taken_back_words(state)}.")
    return see_other("circles.show", circle_id=here.public_id)


def _promised(here: Here, number: int, ref: str) -> tuple[GiverPage, Promised]:
    known = introduction_page.read_giver(here.circle_id, number, here.viewer.person_id, clock.now())
    promised = known.to(ref) if known else None
    if known is None or promised is None:
        abort(404)
    return known, promised
