"""Coming in and going on: the cookie of a new session, and the page a person wanted."""

from urllib.parse import unquote, urlsplit

from flask import current_app, g, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from circle.services.tokens import new_token

LONGEST_NEXT = 500
NO_PLACE_TO_GO = frozenset({"static", "sign_in"})


def enter(sid: str) -> None:
    """Sign this browser in: everything its cookie held before is gone."""
    session.clear()
    session["sid"] = sid
    session.permanent = True
    g.pop("viewer", None)


def device() -> str:
    """Return what this browser says of itself."""
    return request.user_agent.string


def binding() -> str:
    """Return the secret that ties a mailed link to this browser, empty when nothing was asked for here."""
    return str(session.get("binding", ""))


def bind() -> str:
    """Return this browser's secret, made when it has none."""
    session["binding"] = binding() or new_token()
    return binding()


def onward(next_url: str) -> Response:
    """Answer a POST: on to the page that was wanted, else to the circles."""
    return redirect(wanted(next_url) or url_for("circles.list"), 303)


def wanted(next_url: str | None) -> str:
    """Return the path of a page of this site as it was given, empty for anything else."""
    return next_url if next_url and route_of(next_url) else ""


def route_of(path: str) -> tuple[str, dict[str, str]] | None:
    """Return endpoint and values of a page of this site, None for any other address."""
    if not path.startswith("/") or path.startswith("//") or len(path) > LONGEST_NEXT:
        return None
    if "\\" in path or not path.isprintable() or " " in path:
        return None
    routes = current_app.create_url_adapter(request)
    try:
        endpoint, values = routes.match(unquote(urlsplit(path).path), "GET") if routes else ("", {})
    except (HTTPException, RequestRedirect, ValueError):
        return None
    noun = endpoint.partition(".")[0]
    return None if not noun or noun in NO_PLACE_TO_GO else (endpoint, dict(values))
