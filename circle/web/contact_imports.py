"""Imports of contacts: brought, looked at with how it was taken, kept or given up, and undone."""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from circle import clock
from circle.formats.people.columns import WORDS
from circle.formats.people.text import FILE_LIMIT
from circle.rules.errors import CannotReadFile, ListIsFull, OtherColumns, Refusal, StalePage
from circle.rules.wording import listed
from circle.services.door.sessions import Viewer
from circle.services.knowing import import_page, imports, undoing
from circle.services.knowing.import_page import Preview
from circle.services.knowing.undoing import Undoing
from circle.web.access import current_viewer, signed_in
from circle.web.forms.contact_import import BringForm, chosen_columns
from circle.web.frame.answers import beside, page, see_other
from circle.web.frame.uploads import takes

bp = Blueprint("contact_imports", __name__)

IMPORTS = "/people-i-know/imports"
CHOICES = {"": "Passed over"} | {column.value: words for column, words in WORDS.items()}
LONGEST_REQUEST = 4 * FILE_LIMIT
"""A file too large is read up to here, so that its sentence stands beside it with all else that was typed."""
NAMED = 10
"""Names of those who stay that are read out at once."""
TOO_LARGE = "This file is larger than 5 MB. Please split it and bring the parts one by one."


@bp.get(f"{IMPORTS}/new")
@signed_in
def new(viewer: Viewer) -> Any:
    """Ask for a file of people, and list what was brought before."""
    return _new_page(viewer, BringForm(formdata=None))


@bp.post(IMPORTS)
@takes(LONGEST_REQUEST, FILE_LIMIT + 1)
@signed_in
def create(viewer: Viewer) -> Any:
    """Hold what was brought, to be looked at first."""
    form = BringForm()
    try:
        ref = imports.bring(viewer.person_id, *form.brought(), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _new_page(viewer, form, 422)
    return see_other("contact_imports.show", ref=ref)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Any:
    """Say beside the field that a file is too large even to be looked at."""
    viewer = current_viewer()
    if viewer is None:
        # What was sent cannot be shown again to be sent anew.
        return see_other("sign_in.new", next=url_for("contact_imports.new"))
    form = BringForm(formdata=None)
    beside(form, CannotReadFile(TOO_LARGE, field="file"))
    return _new_page(viewer, form, 413)


@bp.get(f"{IMPORTS}/<ref>")
@signed_in
def show(viewer: Viewer, ref: str) -> Any:
    """Show what a file would do before it is kept."""
    seen = import_page.preview(viewer.person_id, ref)
    if seen is None:
        return _kept_page(viewer, ref)
    return _preview_page(seen)


@bp.post(f"{IMPORTS}/<ref>/columns")
@signed_in
def columns(viewer: Viewer, ref: str) -> Any:
    """Take the columns as chosen, and show what comes of it."""
    _refuse_unknown(viewer, ref)
    if chosen := chosen_columns(request.form):
        imports.take_columns(viewer.person_id, ref, chosen)
    return see_other("contact_imports.show", ref=ref)


@bp.post(f"{IMPORTS}/<ref>/keeping")
@signed_in
def keep(viewer: Viewer, ref: str) -> Any:
    """Put everybody new on the list, if the columns are as they were looked at."""
    _refuse_unknown(viewer, ref)
    chosen = chosen_columns(request.form)
    try:
        count = imports.keep(viewer.person_id, ref, clock.now(), chosen)
    except (OtherColumns, ListIsFull, StalePage) as refusal:
        if chosen and isinstance(refusal, OtherColumns):
            imports.take_columns(viewer.person_id, ref, chosen)
        flash(refusal.sentence, "message" if isinstance(refusal, OtherColumns) else "error")
        return see_other("contact_imports.show", ref=ref)
    undo = Markup(' <a href="{}">Undo</a>').format(url_for("contact_imports.undo_page", ref=ref))
    said = f"{'One person is' if count == 1 else f'{count:,} people are'} on your list now."
    flash((Markup("{}").format(said) + undo) if count else said)
    return see_other("contacts.list")


@bp.post(f"{IMPORTS}/<ref>/giving-up")
@signed_in
def give_up(viewer: Viewer, ref: str) -> Any:
    """Let go of a file without keeping anybody."""
    imports.give_up(viewer.person_id, ref)
    flash("Given up. Nobody was added.")
    return see_other("contact_imports.new")


@bp.get(f"{IMPORTS}/<ref>/undoing")
@signed_in
def undo_page(viewer: Viewer, ref: str) -> Any:
    """Say what undoing an import means before it is done."""
    return _kept_page(viewer, ref)


@bp.post(f"{IMPORTS}/<ref>/undoing")
@signed_in
def undo(viewer: Viewer, ref: str) -> Any:
    """Take off the list whom an import brought."""
    if undoing.look(viewer.person_id, ref) is None:
        abort(404)
    flash(_undone_words(undoing.undo(viewer.person_id, ref)))
    return see_other("contacts.list")


def _new_page(viewer: Viewer, form: BringForm, status: int = 200) -> Any:
    kept = import_page.kept(viewer.person_id)
    waiting = import_page.waiting(viewer.person_id)
    return page("contact_imports/new.html", status, form=form, kept=kept, waiting=waiting)


def _preview_page(seen: Preview) -> Any:
    return page("contact_imports/show.html", seen=seen, choices=CHOICES)


def _kept_page(viewer: Viewer, ref: str) -> Any:
    would = undoing.look(viewer.person_id, ref)
    if would is None:
        abort(404)
    return page("contact_imports/undoing.html", would=would, ref=ref)


def _refuse_unknown(viewer: Viewer, ref: str) -> None:
    if not imports.is_there(viewer.person_id, ref):
        abort(404)


def _undone_words(done: Undoing) -> str:
    counts = {0: "Nobody has", 1: "One person has"}
    left = f"{counts.get(done.leaving, f'{done.leaving:,} people have')} left your list."
    if not done.staying:
        return left
    names = [one.name for one in done.staying[:NAMED]]
    more = len(done.staying) - len(names)
    stay = listed([*names, f"{more:,} more"] if more else names)
    return f"{left} {stay} stay{'s' if len(done.staying) == 1 else ''}."
