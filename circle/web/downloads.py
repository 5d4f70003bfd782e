"""Downloads: a circle for its organisers, and everything of one's own; both ask for a fresh code."""

from typing import Any

from flask import Blueprint, Response, abort

from circle.formats import sheets
from circle.services.door.sessions import Viewer
from circle.services.taking import of_circle, of_person
from circle.services.work import end_reading
from circle.web.access import Here, confirmed_lately, organiser, signed_in
from circle.web.frame.answers import page

bp = Blueprint("downloads", __name__)

CSV, JSON = "text/csv", "application/json"
OF_CIRCLE = "/circles/<circle_id>/download"
OWN = "/you/download"


@bp.get(OF_CIRCLE)
@organiser
@confirmed_lately
def circle(here: Here) -> Any:
    """Say what there is to download of a circle."""
    return page("downloads/circle.html", here=here, sheets=list(of_circle.SHEETS), nav_here="organise")


@bp.get(f"{OF_CIRCLE}/circle.json")
@organiser
@confirmed_lately
def whole_circle(here: Here) -> Any:
    """Download a circle with all its sheets."""
    taken = of_circle.everything(here.circle_id, here.zone)
    end_reading()
    return _file(sheets.sheets_json(taken.facts, taken.sheets), "circle.json", JSON)


@bp.get(f"{OF_CIRCLE}/<sheet>.csv")
@organiser
@confirmed_lately
def circle_sheet(here: Here, sheet: str) -> Any:
    """Download one sheet of a circle."""
    if sheet not in of_circle.SHEETS:
        abort(404)
    taken = of_circle.sheet(here.circle_id, here.zone, sheet)
    end_reading()
    return _file(sheets.sheet_csv(taken), f"circle-{sheet}.csv", CSV)


@bp.get(OWN)
@signed_in
@confirmed_lately
def own(viewer: Viewer) -> Any:  # noqa: ARG001 - every gate names its viewer
    """Say what there is to download of one's own."""
    return page("downloads/own.html")


@bp.get(f"{OWN}/everything.json")
@signed_in
@confirmed_lately
def everything(viewer: Viewer) -> Any:
    """Download all that is one's own."""
    taken = of_person.everything(viewer.person_id, viewer.zone)
    end_reading()
    return _file(sheets.sheets_json(taken.facts, taken.sheets), "everything-of-mine.json", JSON)


@bp.get(f"{OWN}/record.csv")
@signed_in
@confirmed_lately
def record(viewer: Viewer) -> Any:
    """Download one's record."""
    taken = of_person.record(viewer.person_id, viewer.zone)
    end_reading()
    return _file(sheets.sheet_csv(taken), "my-record.csv", CSV)


def _file(wire: bytes, name: str, kind: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(wire, mimetype=kind, headers=named)
