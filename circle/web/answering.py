"""Invitations, the invited's side: who asks and what it means, accepting and declining."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, session, url_for

from circle import clock
from circle.rules import zones
from circle.rules.errors import BadName, InvitationEnded
from circle.rules.invitations import TITLES, InvitationState, why_ended
from circle.rules.wording import day_words
from circle.services.door import sign_in
from circle.services.door.sessions import Viewer
from circle.services.membership import invitation_page, invitations
from circle.services.membership.invitation_page import Seen
from circle.web.access import current_viewer
from circle.web.forms.invitation import AcceptanceForm, RefusalForm
from circle.web.frame import entry
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.limits import current_limits
from circle.web.frame.links import Carrier, read_invitation


@dataclass(frozen=True, slots=True)
class Reader:
    """Who holds an invitation's link, how it reached them, and what it opens."""

    token: str
    carrier: Carrier
    seen: Seen
    viewer: Viewer | None

    @property
    def addressed(self) -> bool:
        """The reader has proved the invited address: by the mailed link, or by being signed in with it."""
        if self.carrier is Carrier.MAIL:
            return True
        return self.viewer is not None and self.viewer.email.casefold() == self.seen.email_key

    @property
    def new(self) -> bool:
        """The mail reached somebody who has never signed in here: one button is enough."""
        return self.viewer is None and self.carrier is Carrier.MAIL and not self.seen.known


def show(token: str) -> Any:
    """Show an invitation to whoever holds its link; looking changes nothing."""
    reader = _reader(token)
    if reader.viewer and invitation_page.sits_in(reader.seen.circle_id, reader.viewer.person_id):
        return page("invitations/seated.html", seen=reader.seen)
    if reader.seen.state is not InvitationState.PENDING:
        return _ended(reader)
    return _question(reader, AcceptanceForm(name=reader.seen.name))


def accept(token: str) -> Any:
    """Take the seat: at once when signed in or new, else after signing in."""
    reader, form = _reader(token), AcceptanceForm()
    try:
        if reader.viewer:
            return _seat(reader, reader.viewer)
        if reader.new:
            return _seat_new(reader, form)
    except InvitationEnded:
        return _ended(_reader(token))
    except BadName as refusal:
        beside(form, refusal)
        return _question(reader, form, 422)
    if reader.seen.state is not InvitationState.PENDING:
        return _ended(reader)
    return redirect(_sign_in(reader), 303)


def decline(token: str) -> Any:
    """Decline, and if the invited address wants it, never write to it again."""
    reader = _reader(token)
    never_again = reader.addressed and bool(RefusalForm().never_again.data)
    try:
        invitations.decline(reader.seen.id, never_again, clock.now())
    except InvitationEnded:
        return _ended(_reader(token))
    return page("invitations/declined.html", seen=reader.seen, never_again=never_again)


def _reader(token: str) -> Reader:
    carried = read_invitation(token)
    seen = invitation_page.read(carried.public_id, clock.now()) if carried else None
    if carried is None or seen is None:
        abort(404)
    return Reader(token, carried.carrier, seen, current_viewer())


def _question(reader: Reader, form: AcceptanceForm, status: int = 200) -> Any:
    return page(
        "invitations/show.html",
        status,
        reader=reader,
        seen=reader.seen,
        form=form,
        until=day_words(zones.local_day(reader.seen.expires_at, zones.zone(reader.seen.zone))),
        sign_in=_sign_in(reader),
        sign_in_otherwise=url_for("sign_in.new", next=_back(reader)),
    )


def _sign_in(reader: Reader) -> str:
    if reader.carrier is Carrier.MAIL:
        return url_for("sign_in.new", next=_back(reader), email=reader.seen.email)
    return url_for("sign_in.new", next=_back(reader))


def _back(reader: Reader) -> str:
    return url_for("invitations.show", token=reader.token)


def _ended(reader: Reader) -> Any:
    seen = reader.seen
    return page(
        "invitations/ended.html",
        410,
        seen=seen,
        title=TITLES[seen.state],
        sentence=why_ended(seen.state, seen.inviter),
        used=seen.state is InvitationState.ACCEPTED,
    )


def _seat(reader: Reader, viewer: Viewer) -> Any:
    invitations.accept(reader.seen.id, viewer.person_id, current_limits(), clock.now())
    return _welcome(reader, named=bool(viewer.name))


def _seat_new(reader: Reader, form: AcceptanceForm) -> Any:
    now = clock.now()
    name, zone = form.name.data or "", form.zone.data or ""
    person_id = invitations.accept_from_mail(reader.seen.id, current_limits(), now, name=name, zone=zone)
    entry.enter(sign_in.start_session(person_id, entry.device(), now, former=session.get("sid", "")))
    return _welcome(reader, named=bool(name.strip()))


def _welcome(reader: Reader, *, named: bool) -> Any:
    flash(f"Welcome to {reader.seen.circle}.")
    circle = url_for("circles.show", circle_id=reader.seen.circle_ref)
    return (
        see_other("circles.show", circle_id=reader.seen.circle_ref)
        if named
        else see_other("people.show", next=circle)
    )
