"""Which letters come, and when: by the link in every mail, signed in or not."""

from typing import Any

from flask import Blueprint, abort, current_app, flash
from werkzeug.wrappers import Response

from circle import clock
from circle.extensions import csrf
from circle.rules.errors import Refusal
from circle.rules.states import Switch
from circle.services.door import people
from circle.services.post import letter_switches
from circle.services.post.letter_switches import LetterReader
from circle.services.tokens import read_signed
from circle.web.access import bearer
from circle.web.forms.person import LettersForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("letters", __name__)


@bp.get("/letters/<token>")
@bearer
def switches(token: str) -> tuple[str, int]:
    """Show what comes and when."""
    reader, switches = _behind(token)
    return _page(token, reader, switches, LettersForm.of(people.letter_settings(reader.person_id)))


@bp.post("/letters/<token>")
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF ships no types
@bearer
def stop(token: str) -> tuple[str, int]:
    """Stop the kind of letter the link stood in, by the page's button or one click (RFC 8058)."""
    reader, switches = _behind(token)
    letter_switches.stop(reader.person_id, switches, clock.now())
    form = LettersForm.of(people.letter_settings(reader.person_id))
    # Mail programs follow no redirect here, so the answer is the page itself.
    return _page(token, reader, switches, form, stopped=True)


@bp.post("/letters/<token>/settings")
@bearer
def keep(token: str) -> Response | tuple[str, int]:
    """Keep what the reader chose."""
    reader, switches = _behind(token)
    form = LettersForm()
    if form.validate_on_submit():
        try:
            people.update_letters(reader.person_id, form.settings(), clock.now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash("Your letters will come as you chose.")
            return see_other("letters.switches", token=token)
    return _page(token, reader, switches, form, status=422)


def _behind(token: str) -> tuple[LetterReader, tuple[Switch, ...]]:
    facts = read_signed(str(current_app.secret_key), "letters", token)
    reader = letter_switches.behind(facts[0]) if facts and len(facts) == 2 else None
    switches = letter_switches.named(facts[1]) if facts and reader else ()
    if reader is None or not switches:
        abort(404)
    return reader, switches


def _page(
    token: str,
    reader: LetterReader,
    switches: tuple[Switch, ...],
    form: LettersForm,
    *,
    status: int = 200,
    **facts: Any,
) -> tuple[str, int]:
    comes = any(form[switch.value].data for switch in switches)
    shown = {"token": token, "reader": reader, "switches": switches, "comes": comes, "form": form}
    return page("unsubscribe/show.html", status, **shown, **facts)
