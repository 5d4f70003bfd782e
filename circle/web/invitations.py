"""Invitations, the organisers' side: sending, sending again, links and QR codes, taking back."""

import io
from typing import Any

import segno
from flask import Blueprint, Response, abort, flash

from circle import clock
from circle.formats.addresses import read_addresses
from circle.rules.invitations import InvitationState
from circle.rules.wording import count_of
from circle.services.membership import invitation_page, invitations
from circle.services.membership.invitations import Invited
from circle.services.work import end_reading
from circle.web import answering, organising
from circle.web.access import Here, bearer, organiser
from circle.web.forms.invitation import InviteForm, LinkForm
from circle.web.frame.answers import see_other
from circle.web.frame.limits import current_limits
from circle.web.frame.links import invitation_link

bp = Blueprint("invitations", __name__)

bp.get("/invitations/<token>", endpoint="show")(bearer(answering.show))
bp.post("/invitations/<token>/acceptance", endpoint="accept")(bearer(answering.accept))
bp.post("/invitations/<token>/refusal", endpoint="decline")(bearer(answering.decline))


@bp.post("/circles/<circle_id>/invitations")
@organiser
def create(here: Here) -> Any:
    """Invite several addresses at once; what was refused stays in the box with its reason."""
    form = InviteForm()
    pasted = read_addresses(form.addresses.data or "")
    if pasted.faults or not pasted.addresses:
        nothing = ("Type or paste at least one email address.",)
        form.addresses.errors = [*(pasted.faults or nothing), "Nothing has been sent yet."]
        return organising.show(here, 422, invite=form)
    invited = invitations.invite(
        here.circle_id, here.viewer.person_id, pasted.addresses, current_limits(), clock.now()
    )
    if invited.sent:
        flash(_sent(invited))
    if invited.refused:
        form.addresses.data = "\n".join(address.email for address, _ in invited.refused)
        form.addresses.errors = [_reason(address.email, sentence) for address, sentence in invited.refused]
        return organising.show(here, 422, invite=form)
    return see_other("circles.organise", circle_id=here.public_id, _anchor="invitations")


@bp.post("/circles/<circle_id>/invitations/link")
@organiser
def create_link(here: Here) -> Any:
    """Make a link for one person, to be copied or shown as a QR code."""
    ref = invitations.invite_by_link(
        here.circle_id, here.viewer.person_id, current_limits(), clock.now(), after=LinkForm().after.data
    )
    flash("The link is ready. It lets one person in, whoever opens it first.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor=f"invitation-{ref}")


@bp.post("/circles/<circle_id>/invitations/<ref>/resending")
@organiser
def resend(here: Here, ref: str) -> Any:
    """Write to the invited once more."""
    invitations.resend(_id(here, ref), here.viewer.person_id, clock.now())
    flash("The invitation is on its way once more, and holds its seat for 14 days from today.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="invitations")


@bp.post("/circles/<circle_id>/invitations/<ref>/withdrawal")
@organiser
def withdraw(here: Here, ref: str) -> Any:
    """Take an invitation back."""
    invitations.withdraw(_id(here, ref), here.viewer.person_id, clock.now())
    flash("The invitation is withdrawn and its seat is free.")
    return see_other("circles.organise", circle_id=here.public_id, _anchor="invitations")


@bp.get("/circles/<circle_id>/invitations/<ref>/qr.svg")
@organiser
def qr(here: Here, ref: str) -> Response:
    """Draw the link of an open invitation as a QR code."""
    _id(here, ref)
    seen = invitation_page.read(ref, clock.now())
    end_reading()
    if seen is None or seen.state is not InvitationState.PENDING:
        abort(410)
    drawing = io.BytesIO()
    segno.make(invitation_link(ref), error="m").save(drawing, kind="svg", scale=4, light="#fff")
    return Response(drawing.getvalue(), mimetype="image/svg+xml")


def _id(here: Here, ref: str) -> int:
    return invitation_page.id_in_circle(here.circle_id, ref) or abort(404)


def _sent(invited: Invited) -> str:
    names = ", ".join(address.name or address.email for address in invited.sent)
    return f"{count_of(len(invited.sent), 'invitation').capitalize()} on the way: {names}."


def _reason(email: str, sentence: str) -> str:
    return sentence if email in sentence else f"{email}: {sentence}"
