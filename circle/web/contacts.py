"""Contacts: the private list of people one knows, and each of them."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from markupsafe import Markup

from circle import clock
from circle.formats.people.csv_out import csv_bytes
from circle.rules.errors import AlreadyKnown, Refusal
from circle.services.door.sessions import Viewer
from circle.services.knowing import contact_page, erasing, keeping, list_page, meetable
from circle.services.knowing.contact_page import ContactPage
from circle.services.knowing.list_page import Wanted
from circle.services.work import end_reading
from circle.web.access import confirmed_lately, signed_in
from circle.web.forms.contact import ContactForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("contacts", __name__)

LIST = "/people-i-know"


@bp.get(LIST, endpoint="list")
@signed_in
def list_known(viewer: Viewer) -> Any:
    """Show the people one knows, a page at a time."""
    return _list_page(viewer, archived=False)


@bp.get(f"{LIST}/archive")
@signed_in
def archived(viewer: Viewer) -> Any:
    """Show those one keeps without having them suggested."""
    return _list_page(viewer, archived=True)


@bp.get(f"{LIST}.csv")
@signed_in
@confirmed_lately
def export(viewer: Viewer) -> Any:
    """Download the whole list as CSV."""
    known = list_page.everybody_known(viewer.person_id)
    end_reading()
    wire = csv_bytes(known)
    named = {"Content-Disposition": 'attachment; filename="people-i-know.csv"'}
    return Response(wire, mimetype="text/csv", headers=named)


@bp.get(f"{LIST}/new")
@signed_in
def new(viewer: Viewer) -> Any:  # noqa: ARG001 - the gate's signature
    """Ask whom to put on the list."""
    return page("contacts/new.html", form=ContactForm(formdata=None))


@bp.post(LIST)
@signed_in
def create(viewer: Viewer) -> Any:
    """Put somebody on the list."""
    form = ContactForm()
    try:
        ref = keeping.add(viewer.person_id, form.typed(), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return page("contacts/new.html", 422, form=form, mend=_mend(refusal))
    known = _known(viewer, ref)
    link = Markup('<a href="{}"><bdi>{}</bdi></a>').format(_url("show", ref), known.person.name)
    flash(link + " is on your list.")
    return see_other("contacts.list")


@bp.get(f"{LIST}/<ref>")
@signed_in
def show(viewer: Viewer, ref: str) -> Any:
    """Show somebody, what is written down of them, and where they stand."""
    known = _known(viewer, ref)
    form = ContactForm(formdata=None, data=asdict(known.person))
    could_meet = () if known.archived_at else meetable.members(viewer.person_id, known.id, clock.now())
    return page("contacts/show.html", known=known, form=form, could_meet=could_meet)


@bp.post(f"{LIST}/<ref>")
@signed_in
def update(viewer: Viewer, ref: str) -> Any:
    """Write down what is known of somebody."""
    known, form = _known(viewer, ref), ContactForm()
    try:
        keeping.edit(viewer.person_id, ref, form.typed())
    except Refusal as refusal:
        beside(form, refusal)
        return page("contacts/show.html", 422, known=known, form=form, mend=_mend(refusal))
    flash("Saved.")
    return see_other("contacts.show", ref=ref)


@bp.post(f"{LIST}/<ref>/archiving")
@signed_in
def archive(viewer: Viewer, ref: str) -> Any:
    """Keep somebody without having them suggested."""
    _known(viewer, ref)
    name = keeping.archive(viewer.person_id, ref, clock.now())
    flash(f"{name} is in your archive. Nobody is suggested from there.")
    return see_other("contacts.show", ref=ref)


@bp.post(f"{LIST}/<ref>/archiving/removal")
@signed_in
def unarchive(viewer: Viewer, ref: str) -> Any:
    """Take somebody out of the archive."""
    _known(viewer, ref)
    flash(f"{keeping.unarchive(viewer.person_id, ref)} is back on your list.")
    return see_other("contacts.show", ref=ref)


@bp.get(f"{LIST}/<ref>/erasure")
@signed_in
def erasure(viewer: Viewer, ref: str) -> Any:
    """Say what erasing somebody means before it is done."""
    return page("contacts/erasure.html", known=_known(viewer, ref))


@bp.post(f"{LIST}/<ref>/erasure")
@signed_in
def erase(viewer: Viewer, ref: str) -> Any:
    """Erase somebody."""
    _known(viewer, ref)
    flash(f"{erasing.erase(viewer.person_id, ref, clock.now())} is erased.")
    return see_other("contacts.list")


def _list_page(viewer: Viewer, *, archived: bool) -> Any:
    asked = request.args
    number = asked.get("page", "")
    wanted = Wanted(
        words=asked.get("words", ""),
        letter=asked.get("letter", "")[:1],
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1,
        archived=archived,
    )
    shown = list_page.read(viewer.person_id, wanted)
    here = "contacts.archived" if archived else "contacts.list"
    return page("contacts/list.html", shown=shown, wanted=shown.wanted, here=here)


def _known(viewer: Viewer, ref: str) -> ContactPage:
    known = contact_page.read(viewer.person_id, ref)
    if known is None:
        abort(404)
    return known


def _mend(refusal: Refusal) -> str:
    """Return a link to whoever has the name already, empty for any other refusal."""
    if not isinstance(refusal, AlreadyKnown) or not refusal.ref:
        return ""
    return Markup('<a href="{}">Look at who is there</a>').format(_url("show", refusal.ref))


def _url(act: str, ref: str) -> str:
    return url_for(f"contacts.{act}", ref=ref)
