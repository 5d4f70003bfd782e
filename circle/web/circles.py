"""Circles: the list, starting one, its page, and what organisers see and change."""

from typing import Any

from flask import Blueprint, flash, request

from circle import clock
from circle.rules.errors import MayNotStart, Refusal
from circle.services.door.sessions import Viewer
from circle.services.giving import between
from circle.services.knowing import suggestions
from circle.services.meeting import unsent
from circle.services.membership import circles
from circle.services.progress import circle_page
from circle.services.thinking import parked
from circle.web import organising
from circle.web.access import Here, member, organiser, signed_in
from circle.web.forms.circle import CircleForm
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits, who_may_start
from circle.web.wishes import WISH_ROW

bp = Blueprint("circles", __name__)


@bp.get("/circles", endpoint="list")
@signed_in
def list_circles(viewer: Viewer) -> Any:
    """Show the circles a person is in."""
    rows = circles.of_person(viewer.person_id)
    may_start = circles.may_start(viewer.person_id, who_may_start())
    archived = circles.archived_of(viewer.person_id)
    listed = organising.listed(rows, clock.now())
    return page("circles/list.html", circles=listed, archived=archived, may_start=may_start)


@bp.get("/circles/new")
@signed_in
def new(viewer: Viewer) -> Any:
    """Ask for the name of a new circle."""
    if not circles.may_start(viewer.person_id, who_may_start()):
        raise MayNotStart
    return page("circles/new.html", form=CircleForm(zone=viewer.zone if viewer.name else ""))


@bp.post("/circles")
@signed_in
def create(viewer: Viewer) -> Any:
    """Start a circle."""
    form = CircleForm()
    try:
        circle_id = circles.start(viewer.person_id, *_typed(form), clock.now(), who=who_may_start())
    except Refusal as refusal:
        beside(form, refusal)
        return page("circles/new.html", 422, form=form)
    flash("Your circle is there. Now invite the others.")
    return see_other("circles.organise", circle_id=circle_id)


@bp.get("/circles/<circle_id>")
@member
def show(here: Here) -> Any:
    """Show what a member still has to do, and how far the circle has come."""
    now = clock.now()
    seen = circle_page.read(here, now, current_limits())
    receivers = seen["circle"].to_think_of
    ideas = suggestions.one_each(here.viewer.person_id, here.circle_id, receivers, now)
    circle = seen["circle"]
    now_open = circle.current and circle.current.next
    has_parked, has_unsent = now_open and circle.has_parked, now_open and circle.has_unsent
    me, number = here.viewer, circle.to_count_in
    facts = {
        "ideas": ideas,
        "parked": parked.in_circle(me.person_id, here.circle_id) if has_parked else (),
        "unsent": unsent.in_circle(me.person_id, here.circle_id, me.zone, now) if has_unsent else (),
        "placed": _places(seen["circle"]),
        "uncounted": between.offered(me.person_id, here.circle_id, number, now) if number else {},
    }
    return page("circles/show.html", 200, here=here, **facts, **seen)


@bp.get("/circles/<circle_id>/organise")
@organiser
def organise(here: Here) -> Any:
    """Show members, invitations and the circle's own words to an organiser."""
    return organising.show(here)


@bp.post("/circles/<circle_id>")
@organiser
def update(here: Here) -> Any:
    """Change the circle's name, time zone and charter."""
    form = CircleForm()
    name, zone, charter = _typed(form)
    # A page from before the rhythm was set still sends a zone, which then goes with the rhythm.
    kept = None if zone == here.zone or "zone" not in request.form else zone
    try:
        circles.describe(here.circle_id, here.viewer.person_id, name, kept, charter, clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return organising.show(here, 422, circle=form)
    flash("Saved.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="circle")


def _places(seen: circle_page.CirclePage) -> set[str]:
    """Return the ids of the rows beside which the page says what was done to them."""
    if seen.current is None:
        return set()
    read = seen.current.read
    made = {one.ref for promise in read.received for one in promise.introductions}
    rows = {f"for-{promise.receiver.ref}" for promise in read.given} | {f"made-{ref}" for ref in made}
    return rows | ({WISH_ROW} if seen.current.wish else set())


def _typed(form: CircleForm) -> tuple[str, str, str]:
    return form.name.data or "", form.zone.data or "", form.charter.data or ""
