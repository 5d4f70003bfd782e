"""Suggestions: whom to think of for one member, setting somebody aside, and the question that helps."""

from typing import Any

from flask import flash, redirect, request
from flask_wtf import FlaskForm
from wtforms import StringField

from circle import clock
from circle.rules.errors import BadText, StalePage
from circle.rules.matching.questions import Asked, three_questions
from circle.rules.names import first_name
from circle.rules.states import SetAside
from circle.services.knowing import asking, contact_page, dismissals, suggestions
from circle.services.knowing.asking import OpenQuestion
from circle.services.knowing.suggestions import Suggested
from circle.web.giving import Act, Desk, shown

MOST = 5
ENOUGH = 3
"""Suggestions from which on nothing is asked."""


class AnswerForm(FlaskForm):
    """What a giver says when asked about one contact."""

    answer = StringField("Your answer")


def of_promise(giver_id: int, circle_id: int, receiver_id: int) -> tuple[Suggested, ...]:
    """Return whom a giver knows who fits a receiver, for the forms in which one is named.

    Whoever was picked on their own page is among them, though others fit better.
    """
    now, picked = clock.now(), request.args.get("whom", "").replace("\0", "")
    found = suggestions.suggest(giver_id, circle_id, [receiver_id], now, most=MOST).get(receiver_id, ())
    if not picked or suggestions.chosen_among(found, picked):
        return found
    known = contact_page.read(giver_id, picked)
    if known is None or known.archived_at:
        return found
    return found + suggestions.among(giver_id, circle_id, {known.id}, now).get(receiver_id, ())


def show(desk: Desk) -> Any:
    """Show who fits one member, or what to ask oneself where nobody does."""
    if not desk.known.answerable:
        return desk.go_home()
    return _page(desk, AnswerForm(formdata=None))


def set_aside(desk: Desk) -> Any:
    """Suggest somebody no more for this member, for good or for a month."""
    kind = SetAside.FOR_GOOD if request.form.get("kind") == SetAside.FOR_GOOD else SetAside.LATER
    ref = request.form.get("contact", "")
    dismissals.set_aside(desk.giver_id, desk.circle_id, desk.known.ref, ref, kind, clock.now())
    return redirect(desk.url("show", aside=ref), 303)


def bring_back(desk: Desk) -> Any:
    """Suggest somebody again who was set aside."""
    ref = request.form.get("contact", "")
    name = dismissals.bring_back(desk.giver_id, desk.circle_id, desk.known.ref, ref)
    flash(f"{first_name(name)} may be suggested for {desk.known.to.first_name} again.")
    return redirect(desk.url("show"), 303)


def answer(desk: Desk) -> Any:
    """Keep what the giver says of one contact."""
    form, ref = AnswerForm(), request.form.get("contact", "")
    try:
        asked = Asked[request.form.get("asked", "")]
    except KeyError:
        raise StalePage("That question is not asked any more.") from None
    try:
        name = asking.answer(desk.giver_id, ref, asked, form.answer.data or "")
    except BadText as refusal:
        form.answer.errors = [refusal.sentence]
        again = asking.about(desk.giver_id, ref, asked)
        return _page(desk, form, again, status=422)
    flash(f"Kept with what you know of {first_name(name)}.")
    return redirect(desk.url("show"), 303)


def _page(desk: Desk, form: AnswerForm, question: OpenQuestion | None = None, status: int = 200) -> Any:
    now = clock.now()
    found = desk.offered()
    if question is None and len(found) < ENOUGH:
        question = asking.one_question(desk.giver_id, now, [one.ref for one in found])
    if question:
        form.answer.label.text = question.sentence
    return shown(
        desk,
        "commitments/show.html",
        form,
        status,
        found=found,
        question=question,
        aside=dismissals.of(desk.giver_id, desk.circle_id, desk.known.ref, now),
        just_set_aside=request.args.get("aside", ""),
        three=three_questions(desk.known.to.name),
    )


ACTS: tuple[Act, ...] = (
    ("", "show", "GET", show),
    ("/dismissals", "set_aside", "POST", set_aside),
    ("/dismissals/removal", "bring_back", "POST", bring_back),
    ("/answer", "answer", "POST", answer),
)
