"""People: one's own profile, letters, address, and confirming that it is oneself."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, request, session, url_for

from circle import clock
from circle.rules.errors import Refusal, StalePage
from circle.services.door import new_address, people, proofs, sign_in
from circle.services.door.sessions import Viewer
from circle.services.membership import circles
from circle.services.post import dead_addresses
from circle.web import organising
from circle.web.access import confirm_first, is_confirmed, signed_in
from circle.web.forms.person import LettersForm, NewAddressForm, ProfileForm
from circle.web.forms.sign_in import CodeForm
from circle.web.frame import entry
from circle.web.frame.answers import beside, network_origin, page, see_other
from circle.web.sign_in import status_of

bp = Blueprint("people", __name__)


@bp.get("/you")
@signed_in
def show(viewer: Viewer) -> Any:
    """Show what this person tells their circles, and the ways to their settings."""
    told = asdict(people.profile(viewer.person_id))
    wanted = entry.wanted(request.args.get("next"))
    return _profile_page(viewer, ProfileForm(formdata=None, data={**told, "next": wanted}))


@bp.post("/you")
@signed_in
def update(viewer: Viewer) -> Any:
    """Keep the profile, and go on to the page that was wanted first."""
    form = ProfileForm()
    try:
        people.update_profile(viewer.person_id, form.profile(), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _profile_page(viewer, form, 422)
    flash("Your profile is saved.")
    wanted = entry.wanted(form.next.data)
    return redirect(wanted or url_for("people.show"), 303)


@bp.get("/you/letters")
@signed_in
def letters(viewer: Viewer) -> Any:
    """Show when letters come, and which."""
    form = LettersForm.of(people.letter_settings(viewer.person_id))
    return page("people/letters.html", form=form)


@bp.post("/you/letters")
@signed_in
def update_letters(viewer: Viewer) -> Any:
    """Keep when letters come, and which."""
    form = LettersForm()
    try:
        if form.validate():
            people.update_letters(viewer.person_id, form.settings(), clock.now())
            flash("Your letter settings are saved.")
            return see_other("people.letters")
    except Refusal as refusal:
        beside(form, refusal)
    return page("people/letters.html", 422, form=form)


@bp.post("/you/mail", endpoint="try_mail_again")
@signed_in
def try_mail_again(viewer: Viewer) -> Any:
    """Let letters go to an address from which mail came back."""
    dead_addresses.try_again(viewer.person_id)
    flash("Letters go to your address again.")
    return see_other("people.show")


@bp.get("/you/confirmation")
@signed_in
def confirm(viewer: Viewer) -> Any:
    """Ask for a fresh code before something that matters."""
    wanted = entry.wanted(request.args.get("next"))
    return page("people/confirmation.html", viewer=viewer, wanted=wanted)


@bp.post("/you/confirmation")
@signed_in
def send_confirmation(viewer: Viewer) -> Any:
    """Send the fresh code; giving it signs this browser in anew."""
    session["asked"] = sign_in.confirm(
        viewer.person_id,
        binding=entry.bind(),
        origin=network_origin(),
        next_url=entry.wanted(request.form.get("next")),
        now=clock.now(),
    )
    return see_other("sign_in.code")


@bp.get("/you/address")
@signed_in
def address(viewer: Viewer) -> Any:
    """Ask for the new address, after a fresh code."""
    if not is_confirmed(viewer):
        return confirm_first(url_for("people.address"))
    return _address_page(NewAddressForm(formdata=None))


@bp.post("/you/address")
@signed_in
def change_address(viewer: Viewer) -> Any:
    """Send a link and code to the new address."""
    form = NewAddressForm()
    try:
        session["moving_to"] = new_address.ask(
            viewer, form.email.data or "", origin=network_origin(), now=clock.now()
        )
    except StalePage:
        return confirm_first(url_for("people.address"))
    except Refusal as refusal:
        beside(form, refusal)
        return _address_page(form, status_of(refusal))
    return see_other("people.confirm_address")


@bp.get("/you/address/code")
@signed_in
def confirm_address(viewer: Viewer) -> Any:
    """Ask for the code that was sent to the new address."""
    return _address_code_page(viewer, CodeForm(formdata=None))


@bp.post("/you/address/code")
@signed_in
def take_address(viewer: Viewer) -> Any:
    """Move to the new address by its code."""
    form = CodeForm()
    try:
        email = new_address.by_code(viewer, form.code.data or "", clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _address_code_page(viewer, form, status_of(refusal))
    return _moved(email)


@bp.get("/you/address/<token>")
@signed_in
def address_link(viewer: Viewer, token: str) -> Any:
    """Show the button that moves to the new address; looking changes nothing."""
    opened = proofs.opened(token, "", clock.now())
    if opened is None or not opened.live or opened.person_id != viewer.person_id:
        return page("people/address_ended.html", 410)
    return page("people/address_link.html", opened=opened, token=token)


@bp.post("/you/address/<token>")
@signed_in
def use_address_link(viewer: Viewer, token: str) -> Any:
    """Move to the new address by its link."""
    return _moved(new_address.by_link(viewer, token, clock.now()))


def _profile_page(viewer: Viewer, form: ProfileForm, status: int = 200) -> Any:
    mine = organising.listed(circles.of_person(viewer.person_id), clock.now())
    return page("people/show.html", status, form=form, viewer=viewer, circles=mine)


def _address_page(form: NewAddressForm, status: int = 200) -> Any:
    return page("people/address.html", status, form=form)


def _address_code_page(viewer: Viewer, form: CodeForm, status: int = 200) -> Any:
    asked = session.get("moving_to", "")
    return page("people/address_code.html", status, form=form, asked=asked, viewer=viewer)


def _moved(email: str) -> Any:
    session.pop("moving_to", None)
    flash(f"From now on you sign in with {email}. Every other browser is signed out.")
    return see_other("people.show")
