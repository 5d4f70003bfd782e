"""Memberships: leaving a circle, removing somebody from it, and who organises."""

from typing import Any

from flask import Blueprint, abort, flash, request

from circle import clock
from circle.rules.states import Role
from circle.services.membership import handing_over, memberships, organise_page
from circle.services.rounds import late_joining
from circle.web.access import Here, in_archive_too, member, organiser
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
@in_archive_too
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
    memberships.remove(here.circle_id, here.viewer.person_id, membership_id, clock.now())
    flash(f"{name} is no longer in the circle. What was still open for and from them is excused.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="members")


@bp.post("/circles/<circle_id>/members/<ref>/role")
@organiser
def role(here: Here, ref: str) -> Any:
    """Make somebody an organiser, or step down oneself."""
    membership_id, name = _membership(here, ref)
    chosen = Role.ORGANISER if request.form.get("role") == Role.ORGANISER else Role.MEMBER
    memberships.set_role(here.circle_id, here.viewer.person_id, membership_id, chosen, clock.now())
    if membership_id == here.membership_id and chosen is Role.MEMBER:
        flash("You are a member now. Thank you for organising.")
        return see_other("circles.show", circle_id=here.public_id)
    flash(f"{name} organises the circle now, together with you.")
    if "leaving" in request.form:
        return see_other("memberships.leaving", circle_id=here.public_id)
    return see_other("circles.organise", circle_id=here.public_id, _anchor="members")


@bp.post("/circles/<circle_id>/members/<ref>/roster")
@organiser
def add_to_round(here: Here, ref: str) -> Any:
    """Let somebody who came after the opening take part in the open round."""
    membership_id, name = _membership(here, ref)
    late_joining.add_to_round(here.circle_id, here.viewer.person_id, membership_id, clock.now())
    flash(f"{name} takes part in the open round now, both ways, and is told by mail.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="round")


@bp.post("/circles/<circle_id>/organising")
@member
def take_over(here: Here) -> Any:
    """Take the organisers' job, when none of them has been here for long."""
    handing_over.take_over(here.circle_id, here.viewer.person_id, clock.now())
    flash("Thank you. You organise the circle now; everybody is told.")
    return see_other("circles.organise", circle_id=here.public_id)


@bp.post("/circles/<circle_id>/members/<ref>/organising/removal")
@organiser
def take_back(here: Here, ref: str) -> Any:
    """Take the job back from a member who took it."""
    membership_id, name = _membership(here, ref)
    handing_over.take_back(here.circle_id, here.viewer.person_id, membership_id, clock.now())
    flash(f"{name} is a member again.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="members")


def _membership(here: Here, ref: str) -> tuple[int, str]:
    return organise_page.membership_id(here.circle_id, ref) or abort(404)
