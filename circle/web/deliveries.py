"""The delivery log of a circle, for its organisers."""

from flask import Blueprint

from circle.services.post import delivery_log
from circle.web import access
from circle.web.access import Here
from circle.web.frame.answers import page

bp = Blueprint("deliveries", __name__)


@bp.get("/circles/<circle_id>/mails", endpoint="list")
@access.organiser
def show_list(here: Here) -> tuple[str, int]:
    """Show which mails went out, to whom and how."""
    return page("deliveries/list.html", here=here, mails=delivery_log.of_circle(here.circle_id, here.zone))
