"""Promises: what a giver does about one promise by the link in a letter, signed in or not."""

import functools
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_wtf import FlaskForm

from circle import clock
from circle.rules.capability import Ending
from circle.rules.errors import Refusal, RoundIsSealed, StalePage
from circle.rules.wording import taken_back_words
from circle.services.giving import capabilities, introductions, promise_page
from circle.services.giving.capabilities import HeldPromise
from circle.services.giving.introductions import Logging
from circle.services.giving.promise_page import PromisePage
from circle.services.knowing.suggestions import chosen_among
from circle.web import drafting, giving
from circle.web.access import bearer
from circle.web.forms.introduction import NOTES, MadeForm
from circle.web.frame import links
from circle.web.giving import Desk, View
from circle.web.logged import words_for

bp = Blueprint("promises", __name__)

PROMISE = "/promises/<token>"


def show(desk: Desk) -> Any:
    """Show the promise, where it stands, and what can be done."""
    return giving.shown(desk, "promises/show.html", FlaskForm(), offers=desk.offered())


def introduction(desk: Desk) -> Any:
    """Ask whom the giver introduced; a name that stood in the letter is filled in."""
    known, offers = desk.known, desk.offered()
    chosen = chosen_among(offers, request.args.get("whom", ""))
    [name] = known.known if len(known.known) == 1 and not known.made else [""]
    form = MadeForm(
        formdata=None,
        contact_name=chosen.name if chosen else known.asked or name,
        synergy=(chosen and chosen.synergy) or "",
        made_on=known.days.latest,
    )
    return giving.shown(desk, "promises/introduction.html", form, notes=NOTES, offers=offers, chosen=chosen)


def log(desk: Desk) -> Any:
    """Log an introduction; it counts at once."""
    form = MadeForm()
    try:
        logging = Logging(receiver_refs=(desk.known.ref,), **form.said())
        logged = introductions.log(*desk.promise[:3], logging, clock.now(), by_link=True)
    except Refusal as refusal:
        return giving.shown_again(desk, "promises/introduction.html", form, refusal, notes=NOTES)
    flash(words_for(logged))
    return desk.go_home(logged.contact_name)


def withdraw(desk: Desk, ref: str) -> Any:
    """Undo an introduction that was logged by such a link."""
    if not any(made.ref == ref and made.by_link for made in desk.known.made):
        return desk.go_home()
    state = introductions.withdraw(desk.giver_id, ref, clock.now(), by_link=True)
    after = f" Your promise to {desk.known.to.first_name} {taken_back_words(state)}." if state else ""
    flash(f"Undone.{after}")
    return desk.go_home()


def not_now(desk: Desk) -> Any:
    """Ask once more before what was asked, or passed, is open again."""
    return giving.shown(desk, "promises/not_now.html", FlaskForm())


def _by_link(view: View) -> View:
    @functools.wraps(view)
    def gate(token: str, **values: Any) -> Any:
        held = _behind(token)
        known = _known(held) if held and not held.ending else None
        if held is None or known is None:
            return _ended(held)
        try:
            return view(_desk(token, held, known), **values)
        except (RoundIsSealed, StalePage):
            again = _behind(token)
            if again and not again.ending:
                raise
            return _ended(again)

    return bearer(gate)


def _behind(token: str) -> HeldPromise | None:
    return capabilities.held_promise(links.read_capability(capabilities.PROMISE, token))


def _known(held: HeldPromise) -> PromisePage | None:
    known = promise_page.read(held.circle_id, held.number, held.person_id, held.receiver_ref, clock.now())
    return known and known.naming_only(held.may_show, held.names)


def _desk(token: str, held: HeldPromise, known: PromisePage) -> Desk:
    def named(act: str, contact_name: str) -> str:
        # Who typed a name may go on reading it; whoever else holds the letter's own link may not.
        naming = links.capability(capabilities.PROMISE, held.naming(contact_name).facts)
        return url_for(f"promises.{act}", token=naming if contact_name else token)

    return Desk(
        giver_id=held.person_id,
        circle_id=held.circle_id,
        circle=held.circle_name,
        number=held.number,
        known=known,
        noun=bp.name,
        values={"token": token},
        named=named,
        whole=url_for("circles.show", circle_id=held.circle_ref),
        giver=held.giver,
        by_link=True,
        offered=lambda: held.suggested,
    )


def _ended(held: HeldPromise | None) -> Any:
    if held is None or held.ending is None:
        return links.ended(None)
    at: dict[str, Any] = {"circle_id": held.circle_ref, "number": held.number, "for": held.receiver_ref}
    onward = {
        Ending.SIGNED_OUT: url_for("introductions.new", **at),
        Ending.SEALED: url_for("introductions.new", **at),
        Ending.ARCHIVED: url_for("circles.show", circle_id=held.circle_ref),
    }
    return links.ended(held.ending, onward.get(held.ending, ""))


giving.open_door(
    bp,
    PROMISE,
    _by_link,
    (
        ("", "show", "GET", show),
        ("/introduction", "introduction", "GET", introduction),
        ("/introduction", "log", "POST", log),
        ("/introductions/<ref>/withdrawal", "withdraw", "POST", withdraw),
        ("/opening", "not_now", "GET", not_now),
        *giving.ACTS,
        *drafting.ACTS,
    ),
)
