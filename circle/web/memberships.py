"""Memberships: leaving a circle, removing somebody from it, and who organises."""

from typing import Any

from flask import Blueprint, abort, flash, request

from circle import clock
from circle.rules.states import Role
from circle.services.membership import memberships, organise_page
from circle.web.access import Here, member, organiser
from circle.web.frame.answers import page, see_other

bp = Blueprint("memberships", __name__)


@bp.get("/circles/<circle_id>/leaving")
@member
def leaving(here: Here) -> Any:
    """Say what leaving means before it is done."""
    others = organise_page.others(here.circle_id, here.viewer.person_id)
    hand_over = bool(others) and memberships.only_organiser(here.circle_id, here.viewer.person_id)
    return page("memberships/leaving.html", here=here, others=others, hand_over=hand_over)


@bp.post("/circles/<circle_id>/leaving")
@member
def leave(here: Here) -> Any:
    """Leave the circle."""
    memberships.leave(here.circle_id, here.viewer.person_id, clock.now())
    flash(
        f"You have left {here.name}. What was still open is excused, what was made stays, "
        "and no more letters about it will come. Thank you for being part of it."
    )
    return see_other("circles.list")


@bp.post("/circles/<circle_id>/members/<ref>/removal")
@organiser
def remove(here: Here, ref: str) -> Any:
    """End somebody's membership."""
    membership_id, name = _membership(here, ref)
    memberships.remove(here.circle_id, membership_id, clock.now())
    flash(f"{name} is no longer in the circle. What was still open between you is excused.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="members")


@bp.post("/circles/<circle_id>/members/<ref>/role")
@organiser
def role(here: Here, ref: str) -> Any:
    """Make somebody an organiser, or step down oneself."""
    membership_id, name = _membership(here, ref)
    chosen = Role.ORGANISER if request.form.get("role") == Role.ORGANISER else Role.MEMBER
    memberships.set_role(here.circle_id, membership_id, chosen, here.viewer.person_id)
    if membership_id == here.membership_id and chosen is Role.MEMBER:
        flash("You are a member now. Thank you for organising.")
        return see_other("circles.show", circle_id=here.public_id)
    flash(f"{name} organises the circle now, together with you.")
    if "leaving" in request.form:
        return see_other("memberships.leaving", circle_id=here.public_id)
    return see_other("circles.organise", circle_id=here.public_id, _anchor="members")


def _membership(here: Here, ref: str) -> tuple[int, str]:
    return organise_page.membership_id(here.circle_id, ref) or abort(404)
