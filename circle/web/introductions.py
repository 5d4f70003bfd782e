"""Introductions: logging, editing, withdrawing; the receiver's answer and thanks."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from circle import clock
from circle.rules.errors import BadText, Refusal, RoundIsSealed
from circle.rules.names import first_name
from circle.rules.states import Outcome
from circle.rules.wording import apart, taken_back_words
from circle.services.door.sessions import Viewer
from circle.services.giving import introduction_page, introductions, receiving
from circle.services.giving.introduction_page import GiverPage, IntroductionPage
from circle.services.giving.introductions import Logging, Made
from circle.services.knowing import keeping
from circle.services.knowing.suggestions import chosen_among
from circle.services.own_record import outside
from circle.services.progress import round_page
from circle.services.thinking import ideas, parked
from circle.web import records
from circle.web.access import Here, member, signed_in
from circle.web.forms.introduction import NOTES, AnswerForm, LogForm, OutsideForm, ThanksForm
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.told import tell
from circle.web.logged import tell_logged
from circle.web.suggestions import of_promise

bp = Blueprint("introductions", __name__)

UNREACHED = Outcome.NOT_RECEIVED
"""What a receiver may say, and a giver cannot know."""
ROUND = "/circles/<circle_id>/rounds/<int(max=99999):number>"


@bp.get(f"{ROUND}/introductions/new")
@member
def new(here: Here, number: int) -> Any:
    """Ask whom the giver introduced, with everything preset that is known."""
    known = _giver_page(here, number)
    if not known.answerable:
        return _sealed(here, RoundIsSealed(f"Round {number} is finished, so it takes no more introductions."))
    first = known.to(request.args.get("for", ""))
    chosen = [first.to.ref] if first else []
    offers = of_promise(here.viewer.person_id, here.circle_id, first.to.person_id) if first else ()
    whom = chosen_among(offers, request.args.get("whom", ""))
    idea = parked.one(here.viewer.person_id, request.args.get("idea", ""))
    named = whom.name if whom else idea.contact if idea else ""
    form = LogForm(
        formdata=None,
        receiver_refs=chosen,
        contact_name=named or (first.asked if first else ""),
        synergy=(whom and whom.synergy) or "",
        made_on=known.days.latest,
        idea=idea.ref if idea else "",
    )
    return _log_page(here, known, form, offers=offers, chosen=whom)


@bp.post(f"{ROUND}/introductions")
@member
def create(here: Here, number: int) -> Any:
    """Log an introduction; it counts at once."""
    known, form = _giver_page(here, number), LogForm()
    try:
        keeping.refuse_too_long(form.about())
        logging = Logging(receiver_refs=tuple(form.receiver_refs.data or ()), **form.said())
        logged = introductions.log(here.viewer.person_id, here.circle_id, number, logging, clock.now())
        keeping.write_down(here.viewer.person_id, logged.contact_name, form.about())
    except RoundIsSealed as refusal:
        return _sealed(here, refusal, form)
    except Refusal as refusal:
        beside(form, refusal)
        return _log_page(here, known, form, 422)
    ideas.settle(here.viewer.person_id, form.idea.data or "", clock.now())
    rows = [f"for-{receiver}" for receiver in dict.fromkeys(logging.receiver_refs)]
    tell_logged(logged, rows)
    return see_other("circles.show", circle_id=here.public_id, _anchor=rows[0])


@bp.get("/introductions/<ref>")
@signed_in
def edit(viewer: Viewer, ref: str) -> Any:
    """Show an introduction to its giver, who may change it, or to its receiver."""
    known = _introduction(viewer, ref)
    return _page(known, OutsideForm(formdata=None, obj=known))


@bp.post("/introductions/<ref>")
@signed_in
def update(viewer: Viewer, ref: str) -> Any:
    """Change what the giver said of an introduction."""
    known = _introduction(viewer, ref, giver=True)
    form = OutsideForm()
    try:
        made, now = Made(**form.said()), clock.now()
        if known.outside:
            outside.edit(viewer.person_id, ref, made, form.other_name.data or "", now)
        else:
            introductions.edit(viewer.person_id, ref, made, now)
    except Refusal as refusal:
        beside(form, refusal)
        return _page(known, form, 422)
    tell("Saved.", _row(known))
    return redirect(_home(known), 303)


@bp.post("/introductions/<ref>/withdrawal")
@signed_in
def withdraw(viewer: Viewer, ref: str) -> Any:
    """Withdraw an introduction the receiver has not answered."""
    known = _introduction(viewer, ref, giver=True)
    if known.outside:
        outside.withdraw(viewer.person_id, ref, clock.now())
        flash("Withdrawn.")
        return redirect(_home(known), 303)
    state = introductions.withdraw(viewer.person_id, ref, clock.now())
    promise = f" Your promise to {first_name(known.receiver)} {taken_back_words(state)}." if state else ""
    tell(f"Withdrawn.{promise}", _row(known))
    return redirect(_home(known), 303)


@bp.post("/introductions/<ref>/answer")
@signed_in
def answer(viewer: Viewer, ref: str) -> Any:
    """Say what came of an introduction."""
    known = _introduction(viewer, ref, giver=False)
    said = AnswerForm()
    outcome = said.chosen()
    if outcome is None:
        raise BadText("Choose one of the answers on the page.")
    try:
        receiving.answer(viewer.person_id, ref, outcome, clock.now(), note=said.said_note())
    except BadText as refusal:
        beside(said, refusal)
        return _page(known, OutsideForm(formdata=None, obj=known), 422, said=said)
    tell(
        f"Thank you. {first_name(known.giver)} will read it, and you can change it at any time.", _row(known)
    )
    return redirect(_home(known), 303)


@bp.post("/introductions/<ref>/outcome")
@signed_in
def note_outcome(viewer: Viewer, ref: str) -> Any:
    """Note what came of two contacts whom the giver put together."""
    known, said = _introduction(viewer, ref, giver=True), AnswerForm()
    try:
        outside.note_outcome(viewer.person_id, ref, said.chosen(), said.said_note() or "", clock.now())
    except BadText as refusal:
        beside(said, refusal)
        return _page(known, OutsideForm(formdata=None, obj=known), 422, said=said)
    flash("Noted in your record.")
    return redirect(_home(known), 303)


@bp.post("/introductions/<ref>/thanks")
@signed_in
def thank(viewer: Viewer, ref: str) -> Any:
    """Say thanks for an introduction."""
    known = _introduction(viewer, ref, giver=False)
    form = ThanksForm()
    try:
        receiving.thank(viewer.person_id, ref, form.text.data or "", bool(form.shared.data), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return page("introductions/thanks.html", 422, known=known, form=form)
    said = "Changed." if known.thanks else f"Your thanks are on their way to {first_name(known.giver)}."
    tell(said, _row(known))
    return redirect(_home(known), 303)


def _giver_page(here: Here, number: int) -> GiverPage:
    known = introduction_page.read_giver(here.circle_id, number, here.viewer.person_id, clock.now())
    if known is None:
        abort(404)
    return known


def _introduction(viewer: Viewer, ref: str, *, giver: bool | None = None) -> IntroductionPage:
    known = introduction_page.read_introduction(ref, viewer.person_id, clock.now())
    if known is None or (giver is not None and known.mine is not giver):
        abort(404)
    return known


def _page(
    known: IntroductionPage, form: OutsideForm, status: int = 200, said: AnswerForm | None = None
) -> Any:
    return page(
        "introductions/edit.html",
        status,
        known=known,
        form=form,
        said=said or AnswerForm(formdata=None, note=known.note),
        home=_home(known),
        notes=NOTES,
        answers=[(one.value, one.words) for one in Outcome if not (known.mine and one is UNREACHED)],
    )


def _home(known: IntroductionPage) -> str:
    if known.outside:
        return url_for("records.show")
    return url_for("circles.show", circle_id=known.circle_ref, _anchor=_row(known))


def _row(known: IntroductionPage) -> str:
    """Return the row of the circle page in which it stands; empty for what belongs to no circle."""
    if known.outside:
        return ""
    return f"for-{known.receiver_ref}" if known.mine else f"made-{known.ref}"


def _log_page(here: Here, known: GiverPage, form: LogForm, status: int = 200, **facts: Any) -> Any:
    chosen = [promise for promise in known.promises if promise.to.ref in (form.receiver_refs.data or [])]
    offered = [one for one in known.promises if one.outstanding or one in chosen] or known.promises
    form.receiver_refs.choices = {one.to.ref: one.to.name for one in offered}
    wishes = {
        one.to.ref: f"Would like to meet: {apart(one.to.wish)}" for one in known.promises if one.to.wish
    }
    return page(
        "introductions/new.html",
        status,
        here=here,
        known=known,
        form=form,
        to=chosen[0].to if len(chosen) == 1 else None,
        unmade=len(chosen) == 1 and chosen[0].outstanding,
        wishes=wishes,
        notes=NOTES,
        **({"record": False, "offers": (), "chosen": None} | facts),
    )


def _sealed(here: Here, refusal: RoundIsSealed, form: LogForm | None = None) -> Any:
    running = round_page.answerable_number(here.circle_id)
    known = introduction_page.read_giver(here.circle_id, running or 0, here.viewer.person_id, clock.now())
    if form is None:
        return page("introductions/sealed.html", 409, here=here, refusal=refusal, running=running)
    if known is None:
        return records.offered(here.viewer, refusal)
    form.form_errors.append(f"{refusal.sentence} Sending this form now logs it into round {running}.")
    return _log_page(here, known, form, 409, record=True)
