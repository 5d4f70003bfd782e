"""What people read when something is not as they expected: calm words, never a bare number."""

from flask import Flask, abort, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException, SecurityError, Unauthorized

from circle.extensions import db
from circle.rules.errors import Refusal
from circle.services.work import end_reading
from circle.web.frame.typed import typed

WORDS = {
    400: ("That request was not complete", "Go back, load the page anew and try again."),
    403: ("This page is for organisers", "An organiser of the circle can do this, or make you one."),
    404: ("There is nothing here", "The page may have moved, or it belongs to a circle you are not in."),
    405: ("That is not how this page works", "Go back and use the buttons on the page."),
    410: ("This has ended", "The link was used, withdrawn or has run out."),
    413: ("That is more than this page can take", "Shorten what you typed or choose a smaller file."),
    429: (
        "Let us slow down for a moment",
        "That was tried often in a short time. Wait a little and try again.",
    ),
    503: (
        "Circle is not set up yet",
        "The person who runs it finds out what is missing with: flask circle doctor",
    ),
    500: (
        "Something went wrong on our side",
        "Nothing you typed was half saved. Please try again in a minute.",
    ),
}
STALE = (
    "The page was open for a long while, or in a tab that is signed out. Nothing has been changed yet, "
    "and nothing you typed is lost."
)
SIGNED_OUT = (
    "Nothing has been changed yet, and nothing you typed is lost. Sign in again in another tab, "
    "then come back here and send it again."
)


def wire(app: Flask) -> None:
    """Answer errors of this app with pages."""
    app.before_request(_refuse_nul)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(Unauthorized, _signed_out)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _answer)


def _refuse_nul() -> None:
    # PostgreSQL cannot even look for a text that holds NUL, so nothing has such an address.
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        abort(404)


def _answer(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    if code >= 500:
        _forget_the_database()
    title, sentence = WORDS.get(code, WORDS[400 if code < 500 else 500])
    again = code >= 500 and request.method == "GET"
    return render_template("errors/error.html", title=title, sentence=sentence, code=code, again=again), code


def _forget_the_database() -> None:
    # The database may be what failed: the page must not ask it who is looking.
    g.viewer = g.here = None
    db.session.remove()


def _refused(refusal: Refusal) -> tuple[str, int]:
    # A one-button form has no field to stand beside, so its refusal is a page of its own.
    end_reading()
    return render_template(
        "errors/error.html", title="Not just now", sentence=refusal.sentence, code=409, typed=typed()
    ), 409


def _stale_form(_: CSRFError) -> tuple[str, int]:
    return _form_again(400, "Send it once more", STALE)


def _signed_out(_: Unauthorized) -> tuple[str, int]:
    return _form_again(401, "You are signed out in this browser", SIGNED_OUT)


def _form_again(code: int, title: str, sentence: str) -> tuple[str, int]:
    end_reading()
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # Another site wrote this form: its words must not come back with our token.
        return _answer(BadRequest())
    typed = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    facts = {
        "title": title,
        "sentence": sentence,
        "typed": typed,
        "action": request.path,
        "signed_out": code == 401,
    }
    return render_template("errors/stale_form.html", **facts), code


def _foreign_host(_: SecurityError) -> tuple[str, int]:
    # Neither url_for nor the session may be used here: the host cannot be trusted.
    return f"This site answers at {current_app.config['BASE_URL']} only.\n", 400
