"""Ways back: an address that takes a form, opened anew, leads to the page on which the form stands."""

from typing import Any

from flask import Blueprint

from circle.services.door.sessions import Viewer
from circle.web.access import Here, member, signed_in
from circle.web.frame.answers import see_other

bp = Blueprint("ways_back", __name__)

CIRCLE, ROUND, COMING, MEMBER = (
    "/circles/<circle_id>",
    "/circles/<circle_id>/rounds/<int(max=99999):number>",
    "/circles/<circle_id>/rounds/coming/<slot>",
    "/circles/<circle_id>/members/<ref>",
)


@bp.get(f"{ROUND}/due")
@bp.get(f"{ROUND}/theme")
@bp.get(f"{ROUND}/closing")
@bp.get(f"{ROUND}/reopening")
@bp.get(f"{CIRCLE}/rounds/held-opening")
@bp.get(f"{CIRCLE}/pause")
@bp.get(f"{CIRCLE}/pause/removal")
@member
def to_rounds(here: Here, **_: Any) -> Any:
    """Lead back to the page of rounds."""
    return see_other("rounds.schedule", circle_id=here.public_id)


@bp.get(f"{ROUND}/introductions")
@member
def to_log(here: Here, number: int) -> Any:
    """Lead back to the form of an introduction."""
    return see_other("introductions.new", circle_id=here.public_id, number=number)


@bp.get(f"{COMING}/skipping")
@bp.get(f"{COMING}/restoring")
@member
def to_coming_round(here: Here, slot: str) -> Any:
    """Lead back to the round to come."""
    return see_other("scheduling.occurrence", circle_id=here.public_id, slot=slot)


@bp.get(f"{CIRCLE}/rhythm/preview")
@member
def to_rhythm(here: Here) -> Any:
    """Lead back to the rhythm."""
    return see_other("rhythms.show", circle_id=here.public_id)


@bp.get(f"{CIRCLE}/nudges")
@bp.get(f"{CIRCLE}/invitations")
@bp.get(f"{CIRCLE}/invitations/link")
@bp.get(f"{CIRCLE}/invitations/<ref>/resending")
@bp.get(f"{CIRCLE}/invitations/<ref>/withdrawal")
@bp.get(f"{CIRCLE}/organising")
@bp.get(f"{MEMBER}/removal")
@bp.get(f"{MEMBER}/role")
@bp.get(f"{MEMBER}/roster")
@bp.get(f"{MEMBER}/organising/removal")
@member
def to_organise(here: Here, **_: Any) -> Any:
    """Lead back to the page for organisers, a member who opens it to the circle."""
    return see_other("circles.organise" if here.organiser else "circles.show", circle_id=here.public_id)


@bp.get(f"{CIRCLE}/archiving/removal")
@bp.get(f"{CIRCLE}/erasure")
@bp.get(f"{CIRCLE}/erasure/removal")
@member
def to_archive(here: Here) -> Any:
    """Lead back to archiving and erasing."""
    return see_other("archives.show", circle_id=here.public_id)


@bp.get("/people-i-know/<ref>/archiving")
@bp.get("/people-i-know/<ref>/archiving/removal")
@signed_in
def to_contact(viewer: Viewer, ref: str) -> Any:  # noqa: ARG001 - the gate's signature
    """Lead back to somebody one knows."""
    return see_other("contacts.show", ref=ref)


@bp.get("/people-i-know/imports")
@signed_in
def to_imports(viewer: Viewer) -> Any:  # noqa: ARG001 - the gate's signature
    """Lead back to bringing people in."""
    return see_other("contact_imports.new")


@bp.get("/people-i-know/imports/<ref>/columns")
@bp.get("/people-i-know/imports/<ref>/keeping")
@bp.get("/people-i-know/imports/<ref>/giving-up")
@signed_in
def to_import(viewer: Viewer, ref: str) -> Any:  # noqa: ARG001 - the gate's signature
    """Lead back to what was brought."""
    return see_other("contact_imports.show", ref=ref)


@bp.get("/meetings/<ref>/drafts")
@bp.get("/meetings/<ref>/removal")
@bp.get("/meetings/<ref>/drafts/<draft>/sending")
@bp.get("/meetings/<ref>/drafts/<draft>/removal")
@signed_in
def to_meeting(viewer: Viewer, ref: str, **_: Any) -> Any:  # noqa: ARG001 - the gate's signature
    """Lead back to a meeting."""
    return see_other("meetings.show", ref=ref)
