"""Who may see what: the only functions that turn an id in a URL into what this person may see."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from circle import clock
from circle.rules import zones
from circle.rules.errors import CircleIsArchived
from circle.rules.states import Role
from circle.rules.wording import zone_words
from circle.services.door import sessions
from circle.services.door.sessions import Viewer
from circle.services.running import site

View = Callable[..., Any]


class Policy(Enum):
    """Who a route answers; every route declares one."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    MEMBER = "members of the circle"
    ORGANISER = "organisers of the circle"
    BEARER = "whoever holds the link"
    LOCAL = "anyone, in local mode only"


@dataclass(frozen=True, slots=True)
class Here:
    """A signed-in person in one of their circles."""

    viewer: Viewer
    circle_id: int
    public_id: str
    name: str
    zone: str
    role: Role
    membership_id: int
    membership_ref: str
    archived_at: datetime | None
    erase_at: datetime | None = None
    mail_silent_since: str = ""
    """Since when no mail of the site is sent, on the circle's clock; empty while it goes."""

    @property
    def organiser(self) -> bool:
        return self.role is Role.ORGANISER

    @property
    def archived_on(self) -> date | None:
        """Its day on the circle's clock."""
        return self._day(self.archived_at)

    @property
    def erase_on(self) -> date | None:
        """Its day on the circle's clock."""
        return self._day(self.erase_at)

    def _day(self, at: datetime | None) -> date | None:
        return zones.local_day(at, zones.zone(self.zone)) if at else None

    @property
    def zone_words(self) -> str:
        return zone_words(self.zone)


def anyone(view: View) -> View:
    """Let everybody in."""
    return _declare(view, Policy.ANYONE)


def bearer(view: View) -> View:
    """Let in whoever holds the link; the view checks its signature."""
    return _declare(view, Policy.BEARER)


def local_only(view: View) -> View:
    """Let everybody in; the route is registered in local mode only."""
    return _declare(view, Policy.LOCAL)


def signed_in(view: View) -> View:
    """Let signed-in people in; the view gets `viewer`."""

    @functools.wraps(view)
    def gate(**values: Any) -> Any:
        viewer = current_viewer()
        return view(viewer=viewer, **values) if viewer else ask_to_sign_in()

    return _declare(gate, Policy.SIGNED_IN)


def member(view: View) -> View:
    """Let members of `circle_id` in; the view gets `here`. A stranger's circle is not found."""
    return _declare(_in_circle(view, organisers_only=False), Policy.MEMBER)


def organiser(view: View) -> View:
    """Let organisers of `circle_id` in; the view gets `here`."""
    return _declare(_in_circle(view, organisers_only=True), Policy.ORGANISER)


def confirmed_lately(view: View) -> View:
    """Let through who entered a fresh code, others to the page where one asks for it; below another gate."""

    @functools.wraps(view)
    def gate(**values: Any) -> Any:
        viewer = current_viewer()
        if viewer and is_confirmed(viewer):
            return view(**values)
        # Back to a page with the button: a browser that saves a file would stay on the code's page.
        folder, _, name = request.path.rpartition("/")
        return confirm_first((folder or url_for("downloads.own")) if "." in name else request.path)

    return gate


def is_confirmed(viewer: Viewer) -> bool:
    """Say whether somebody entered a fresh code a short time ago."""
    return sessions.recently_confirmed(viewer.confirmed_at, clock.now())


def confirm_first(back: str) -> Response:
    """Send somebody to the page where one asks for a fresh code, and then back."""
    return redirect(url_for("people.confirm", next=back), 303)


def in_archive_too(view: View) -> View:
    """Let a route that changes something answer for an archived circle as well."""
    view.in_archive_too = True  # type: ignore[attr-defined] # read by the gate
    return view


def current_viewer() -> Viewer | None:
    """Return who is signed in with this request's cookie, read once a request."""
    if "viewer" not in g:
        sid = session.get("sid")
        g.viewer = sessions.viewer(sid, clock.now()) if sid else None
    viewer: Viewer | None = g.viewer
    return viewer


def ask_to_sign_in() -> Response:
    """Send a reader to sign-in and back; tell a writer in words that they are signed out."""
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("sign_in.new", next=request.full_path.rstrip("?")), 302)


def _in_circle(view: View, *, organisers_only: bool) -> View:
    @functools.wraps(view)
    def gate(circle_id: str, **values: Any) -> Any:
        viewer = current_viewer()
        if viewer is None:
            return ask_to_sign_in()
        here = _here(viewer, circle_id)
        g.here = here
        if organisers_only and not here.organiser:
            abort(403)
        if here.archived_at and request.method == "POST" and not _answers_in_archive():
            raise CircleIsArchived
        return view(here=here, **values)

    return gate


def _answers_in_archive() -> bool:
    view = current_app.view_functions[request.endpoint or ""]
    return getattr(view, "in_archive_too", False)


def _here(viewer: Viewer, circle_id: str) -> Here:
    seat = sessions.seat_in(circle_id, viewer.person_id)
    if seat is None:
        abort(404)
    *facts, paused_at, due_at = seat
    silent = site.silent_since(paused_at, due_at, clock.now())
    here = Here(viewer, *facts)
    return replace(here, mail_silent_since=_moment(silent, here.zone)) if silent else here


def _moment(at: datetime, zone: str) -> str:
    return f"{zones.to_local(at, zones.zone(zone)):%A %-d %B, %H:%M}"


def _declare(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined] # the factory refuses to start while a route lacks it
    return view
