"""Which letters come, and when: by the link in every mail, signed in or not."""

from typing import Any

from flask import Blueprint, abort, current_app, flash
from werkzeug.wrappers import Response

from circle import clock
from circle.extensions import csrf
from circle.rules.errors import Refusal
from circle.services.door import people
from circle.services.post import letter_switches
from circle.services.post.letter_switches import SWITCHES, LetterReader
from circle.services.tokens import read_signed
from circle.web.access import bearer
from circle.web.forms.person import LettersForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("letters", __name__)


@bp.get("/letters/<token>")
@bearer
def switches(token: str) -> tuple[str, int]:
    """Show what comes and when."""
    reader, switch = _behind(token)
    return _page(token, reader, switch, LettersForm.of(people.letter_settings(reader.person_id)))


@bp.post("/letters/<token>")
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF ships no types
@bearer
def stop(token: str) -> tuple[str, int]:
    """Stop the kind of letter the link stood in, by the page's button or one click (RFC 8058)."""
    reader, switch = _behind(token)
    letter_switches.stop(reader.person_id, switch, clock.now())
    form = LettersForm.of(people.letter_settings(reader.person_id))
    # Mail programs follow no redirect here, so the answer is the page itself.
    return _page(token, reader, switch, form, stopped=True)


@bp.post("/letters/<token>/settings")
@bearer
def keep(token: str) -> Response | tuple[str, int]:
    """Keep what the reader chose."""
    reader, switch = _behind(token)
    form = LettersForm()
    if form.validate_on_submit():
        try:
            people.update_letters(reader.person_id, form.settings(), clock.now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash("Your letters will come as you chose.")
            return see_other("letters.switches", token=token)
    return _page(token, reader, switch, form, status=422)


def _behind(token: str) -> tuple[LetterReader, str]:
    facts = read_signed(str(current_app.secret_key), "letters", token)
    reader = letter_switches.behind(facts[0]) if facts and len(facts) == 2 else None
    if facts is None or reader is None or facts[1] not in SWITCHES:
        abort(404)
    return reader, facts[1]


def _page(
    token: str, reader: LetterReader, switch: str, form: LettersForm, *, status: int = 200, **facts: Any
) -> tuple[str, int]:
    is_off = not form[switch].data
    shown = {"token": token, "reader": reader, "kind": SWITCHES[switch], "is_off": is_off, "form": form}
    return page("unsubscribe/show.html", status, **shown, **facts)
