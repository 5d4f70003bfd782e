"""Gatherings: the view to project or print where the circle meets."""

from typing import Any

from flask import Blueprint

from circle import clock
from circle.services.progress import gathering
from circle.web.access import Here, member
from circle.web.frame.answers import page

bp = Blueprint("gatherings", __name__)


@bp.get("/circles/<circle_id>/gathering")
@member
def show(here: Here) -> Any:
    """Show the ring, the total, thanks to read aloud and everybody's wish on one screen."""
    seen = gathering.read(here, clock.now())
    return page("gatherings/show.html", here=here, gathering=seen, nav_here="gathering")
