"""Answers: what a receiver says of one introduction by the link in a letter, signed in or not."""

import functools
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from circle import clock
from circle.rules.capability import Ending
from circle.rules.errors import BadText, StalePage
from circle.rules.names import first_name
from circle.rules.states import Outcome
from circle.services.giving import capabilities, introduction_page, receiving
from circle.services.giving.capabilities import HeldIntroduction
from circle.services.giving.introduction_page import IntroductionPage
from circle.web.access import bearer
from circle.web.forms.introduction import AnswerForm, ThanksForm
from circle.web.frame import links
from circle.web.frame.answers import beside, page
from circle.web.giving import View

bp = Blueprint("answers", __name__)

INTRODUCED = "/introduced/<token>"


def _by_link(view: View) -> View:
    @functools.wraps(view)
    def gate(token: str) -> Any:
        held, now = _behind(token), clock.now()
        known = held and introduction_page.read_introduction(held.ref, held.person_id, now)
        if held is None or held.ending or known is None:
            return _ended(held)
        try:
            return view(token, held, known)
        except StalePage:
            again = _behind(token)
            if again and not again.ending:
                raise
            return _ended(again)

    return bearer(gate)


@bp.get(INTRODUCED)
@_by_link
def show(token: str, held: HeldIntroduction, known: IntroductionPage) -> Any:
    """Show the introduction, the answers, and room for thanks."""
    return _page(token, held, known, _thanks(known))


@bp.post(f"{INTRODUCED}/answer")
@_by_link
def answer(token: str, held: HeldIntroduction, known: IntroductionPage) -> Any:
    """Say what came of it."""
    said = AnswerForm()
    outcome = said.chosen()
    if outcome is None:
        raise BadText("Choose one of the answers on the page.")
    try:
        receiving.answer(held.person_id, held.ref, outcome, clock.now(), note=said.said_note())
    except BadText as refusal:
        beside(said, refusal)
        return _page(token, held, known, _thanks(known), 422, said=said)
    flash(f"Thank you. {first_name(known.giver)} will read it.")
    return _back(token)


@bp.post(f"{INTRODUCED}/thanks")
@_by_link
def thank(token: str, held: HeldIntroduction, known: IntroductionPage) -> Any:
    """Say thanks for it."""
    form = ThanksForm()
    try:
        receiving.thank(held.person_id, held.ref, form.text.data or "", bool(form.shared.data), clock.now())
    except BadText as refusal:
        beside(form, refusal)
        return _page(token, held, known, form, 422)
    flash("Changed." if known.thanks else f"Your thanks are on their way to {first_name(known.giver)}.")
    return _back(token)


def _page(
    token: str,
    held: HeldIntroduction,
    known: IntroductionPage,
    form: ThanksForm,
    status: int = 200,
    said: AnswerForm | None = None,
) -> Any:
    said = said or AnswerForm(formdata=None, note=known.note)
    picked = next((one for one in Outcome if one.value == request.args.get("say")), known.outcome)
    answers = sorted(Outcome, key=lambda one: one is not picked)
    return page(
        "answers/show.html", status, token=token, held=held, known=known, form=form, said=said, picked=picked,
        answers=[(one.value, one.words) for one in answers], giver=first_name(known.giver),
    )  # fmt: skip


def _thanks(known: IntroductionPage) -> ThanksForm:
    return ThanksForm(formdata=None, text=known.thanks, shared=known.thanks_shared)


def _back(token: str) -> Response:
    return redirect(url_for("answers.show", token=token), 303)


def _behind(token: str) -> HeldIntroduction | None:
    facts = links.read_capability(capabilities.INTRODUCED, token)
    return capabilities.held_introduction(facts, clock.now())


def _ended(held: HeldIntroduction | None) -> Any:
    if held is None or held.ending in {None, Ending.GONE}:
        return links.ended(Ending.GONE)
    return links.ended(held.ending, url_for("introductions.edit", ref=held.ref))
