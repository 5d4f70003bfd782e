"""Sign-in: asking for the mail, the code, the link, and signing out."""

from typing import Any

from flask import Blueprint, current_app, flash, request, session, url_for

from circle import clock
from circle.formats.addresses import read_address
from circle.rules.errors import Refusal, TooManyAttempts
from circle.rules.limits import may_start
from circle.services.door import proofs, sessions, sign_in
from circle.services.door.proofs import Opened
from circle.services.door.sign_in import SignedIn
from circle.web.access import anyone, bearer, current_viewer
from circle.web.forms.sign_in import AddressForm, CodeForm
from circle.web.frame import entry
from circle.web.frame.answers import beside, network_origin, page, see_other
from circle.web.frame.links import read_invitation

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@anyone
def new() -> Any:
    """Ask for an address; who is signed in already goes on."""
    wanted = entry.wanted(request.args.get("next"))
    if current_viewer():
        return entry.onward(wanted)
    email = request.args.get("email", "")[:254]
    return page("sign_in/new.html", form=AddressForm(formdata=None, data={"email": email, "next": wanted}))


@bp.post("/sign-in")
@anyone
def create() -> Any:
    """Send the mail; known and unknown addresses get the same answer."""
    form = AddressForm()
    wanted = entry.wanted(form.next.data)
    try:
        address = read_address(form.email.data or "")
        _ask(address, wanted)
    except Refusal as refusal:
        beside(form, refusal)
        return page("sign_in/new.html", status_of(refusal), form=form)
    session["asked"] = address
    return see_other("sign_in.code")


@bp.get("/sign-in/code")
@anyone
def code() -> Any:
    """Ask for the code from the mail."""
    if not entry.binding():
        return see_other("sign_in.new")
    return page("sign_in/code.html", form=CodeForm(formdata=None), asked=session.get("asked", ""))


@bp.post("/sign-in/code")
@anyone
def check() -> Any:
    """Sign in with the code, in the browser that asked for it."""
    form = CodeForm()
    if not entry.binding():
        flash("Please ask for a mail in this browser first.")
        return see_other("sign_in.new")
    try:
        signed = sign_in.by_code(form.code.data or "", entry.binding(), clock.now(), **_browser())
    except Refusal as refusal:
        beside(form, refusal)
        return page("sign_in/code.html", status_of(refusal), form=form, asked=session.get("asked", ""))
    return _welcome(signed)


@bp.get("/sign-in/<token>")
@bearer
def link(token: str) -> Any:
    """Show one button in the browser that asked, the code's field in any other; looking changes nothing."""
    opened = _opened(token)
    return _link_page(opened, token, CodeForm(formdata=None)) if opened.live else _ended(opened)


@bp.post("/sign-in/<token>")
@bearer
def use(token: str) -> Any:
    """Sign in with the link, and with its code where this browser did not ask."""
    form = CodeForm()
    try:
        signed = sign_in.by_link(token, entry.binding(), clock.now(), code=form.code.data or "", **_browser())
    except Refusal as refusal:
        opened = _opened(token)
        beside(form, refusal)
        return _link_page(opened, token, form, status_of(refusal)) if opened.live else _ended(opened)
    return _welcome(signed)


@bp.post("/sign-out")
@anyone
def end() -> Any:
    """End the session of this browser."""
    if session.get("sid"):
        sessions.sign_out(session["sid"])
    session.clear()
    flash("You are signed out in this browser.")
    return see_other("pages.front")


def status_of(refusal: Refusal) -> int:
    """Return the status of a form that was refused."""
    return 429 if isinstance(refusal, TooManyAttempts) else 422


def _ask(address: str, wanted: str) -> None:
    sign_in.request(
        address,
        binding=entry.bind(),
        origin=network_origin(),
        next_url=wanted,
        may_join=_may_join(address, wanted),
        now=clock.now(),
    )


def _may_join(address: str, wanted: str) -> bool:
    """Say whether somebody unknown may come in: to start a circle, or to answer an invitation."""
    if may_start(current_app.config["CIRCLE_START"], address, member=False):
        return True
    endpoint, values = entry.route_of(wanted) or ("", {})
    carried = read_invitation(values["token"]) if endpoint == "invitations.show" else None
    return carried is not None and sign_in.is_invited(carried.public_id, clock.now())


def _browser() -> dict[str, str]:
    return {"device": entry.device(), "former": session.get("sid", "")}


def _opened(token: str) -> Opened:
    forgotten = Opened(email="", purpose=None, person_id=None, bound=False, used=False, live=False)
    return proofs.opened(token, entry.binding(), clock.now()) or forgotten


def _link_page(opened: Opened, token: str, form: CodeForm, status: int = 200) -> Any:
    return page("sign_in/link.html", status, opened=opened, token=token, form=form)


def _ended(opened: Opened) -> Any:
    return page("sign_in/ended.html", 410, opened=opened)


def _welcome(signed: SignedIn) -> Any:
    entry.enter(signed.sid)
    if signed.named:
        return entry.onward(signed.next_url)
    return see_other("people.show", next=entry.wanted(signed.next_url) or url_for("circles.list"))
