"""Giving: what a giver does about one promise, the same signed in and by the link in a letter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from circle import clock
from circle.rules.commitments import OUTSTANDING
from circle.rules.errors import Refusal, RoundIsSealed, StalePage
from circle.rules.names import first_name
from circle.rules.states import CommitmentState
from circle.rules.wording import taken_back_words
from circle.services.giving import between, commitments, questions
from circle.services.giving.promise_page import PromisePage
from circle.services.giving.questions import Question
from circle.services.knowing.suggestions import Suggested, chosen_among
from circle.web.forms.introduction import AskForm, NoFitForm
from circle.web.frame.answers import beside, page
from circle.web.frame.told import tell

View = Callable[..., Any]
Act = tuple[str, str, str, View]
"""What can be done: path, endpoint, method and view."""

_UNDONE = {"undo": CommitmentState.ASKING, "passed": CommitmentState.PASSED}
"""What a button takes back and nothing else, by the word in its address: it may be pressed twice."""
ASKED = "Noted. Come back when you have an answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where a giver deals with one promise.

    `named` is the address of an act, or of the page to return to, for who has just typed a contact's name;
    `whole` shows the whole circle.
    """

    giver_id: int
    circle_id: int
    circle: str
    number: int
    known: PromisePage
    noun: str
    values: Mapping[str, Any]
    named: Callable[[str, str], str]
    whole: str
    giver: str = ""
    by_link: bool = False
    offered: Callable[[], Sequence[Suggested]] = tuple
    """Whom this page may suggest to introduce: signed in who fits, by a link who stood in its letter."""

    @property
    def promise(self) -> tuple[int, int, int, str]:
        """What services call this promise by."""
        return self.giver_id, self.circle_id, self.number, self.known.ref

    def url(self, act: str, **more: Any) -> str:
        """Return the address of an act behind this door."""
        return url_for(f"{self.noun}.{act}", **self.values, **more)

    @property
    def home(self) -> str:
        """The page on which the promise is shown."""
        return self.named("show", "")

    def tell(self, words: str, undo: str = "") -> None:
        """Say in the promise's row what was done; the page behind a link has the way to undo it anyway."""
        tell(words, f"for-{self.known.ref}", undo="" if self.by_link else undo)

    def go_home(self, contact_name: str = "") -> Response:
        """Answer a POST: back to where the promise is shown."""
        return redirect(self.named("show", contact_name), 303)


def open_door(bp: Blueprint, promise: str, gate: Callable[[View], View], acts: Sequence[Act]) -> None:
    """Let people deal with the promise at this address, once the gate has let them in."""
    for path, endpoint, method, view in acts:
        bp.add_url_rule(f"{promise}{path}", endpoint, gate(view), methods=[method])


def asking(desk: Desk) -> Any:
    """Ask whom the giver asks first."""
    if desk.known.state not in OUTSTANDING:
        return redirect(desk.home)
    offers = desk.offered()
    chosen = chosen_among(offers, request.args.get("whom", ""))
    form = AskForm(formdata=None, contact_name=chosen.name if chosen else desk.known.asked)
    return shown(desk, "commitments/asking.html", form, offers=offers, chosen=chosen)


def ask(desk: Desk) -> Any:
    """Note that the giver asks this contact first."""
    form = AskForm()
    typed = form.contact_name.data or ""
    try:
        name = commitments.ask(*desk.promise, typed, clock.now(), by_link=desk.by_link)
    except Refusal as refusal:
        return shown_again(desk, "commitments/asking.html", form, refusal)
    desk.tell(ASKED, desk.url("reopen", undo="y"))
    return desk.go_home(name)


def no_fit(desk: Desk) -> Any:
    """Ask for a line to the receiver, if the giver wants to write one."""
    return shown(desk, "commitments/no_fit.html", NoFitForm(formdata=None, line=desk.known.passed_line))


def pass_on(desk: Desk) -> Any:
    """Say honestly that there is no fit this round."""
    form = NoFitForm()
    try:
        commitments.pass_on(*desk.promise, form.line.data or "", clock.now(), by_link=desk.by_link)
    except Refusal as refusal:
        return shown_again(desk, "commitments/no_fit.html", form, refusal)
    words = f"Noted: no fit for {desk.known.to.first_name} this round. You can take it back at any time."
    desk.tell(words, desk.url("reopen", passed="y"))
    return desk.go_home()


def reopen(desk: Desk) -> Any:
    """Take back a pass or an asking."""
    undone = next((state for said, state in _UNDONE.items() if said in request.args), None)
    question = questions.waiting(*desk.promise) if undone is None else None
    state = commitments.reopen(
        *desk.promise, clock.now(), by_link=desk.by_link, not_now=undone is None, only=undone
    )
    asked, to = desk.known.asked if question else "", desk.known.to.first_name
    rests = f" {first_name(asked)} is not suggested for {to} for two months." if asked else ""
    undo = desk.url("ask_again", **question.as_words()) if question and not desk.by_link else ""
    desk.tell(f"Your introduction for {to} {taken_back_words(state)}.{rests}", undo)
    return desk.go_home()


def ask_again(desk: Desk) -> Any:
    """Bring back the question to which the answer was not "not now" after all."""
    questions.ask_again(*desk.promise, Question.of_words(request.values), clock.now())
    desk.tell(f"Your introduction for {desk.known.to.first_name} waits for an answer again.")
    return desk.go_home()


def count(desk: Desk) -> Any:
    """Let an introduction made outside rounds fill the promise."""
    between.count(*desk.promise, request.form.get("introduction", ""), clock.now(), by_link=desk.by_link)
    desk.tell(f"It counts for {desk.known.to.first_name} in this round.")
    return desk.go_home()


def shown(desk: Desk, template: str, form: FlaskForm, status: int = 200, **facts: Any) -> Any:
    """Show the promise with a form."""
    shown = {"offers": (), "chosen": None} | facts
    return page(template, status, desk=desk, known=desk.known, to=desk.known.to, form=form, **shown)


def shown_again(desk: Desk, template: str, form: FlaskForm, refusal: Refusal, **facts: Any) -> Any:
    """Show the form once more with words beside the field; what ended meanwhile ends the link as well."""
    if desk.by_link and isinstance(refusal, RoundIsSealed | StalePage):
        raise refusal
    beside(form, refusal)
    return shown(desk, template, form, 422, **facts)


ACTS: Sequence[Act] = (
    ("/asking", "asking", "GET", asking),
    ("/asking", "ask", "POST", ask),
    ("/no-fit", "no_fit", "GET", no_fit),
    ("/no-fit", "pass_on", "POST", pass_on),
    ("/opening", "reopen", "POST", reopen),
    ("/counting", "count", "POST", count),
)
