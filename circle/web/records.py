"""Records: every introduction one made and received, and logging one outside rounds."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from markupsafe import Markup

from circle import clock
from circle.rules.errors import Refusal
from circle.rules.states import Outcome, Synergy
from circle.rules.wording import apart
from circle.services.door.sessions import Viewer
from circle.services.giving import fellows, made_days
from circle.services.giving.fellows import Fellow
from circle.services.knowing import contacts, keeping
from circle.services.own_record import outside, record
from circle.services.own_record.outside import OutsideLogging
from circle.services.own_record.record import NOTHING, Sought
from circle.services.thinking import ideas, parked
from circle.web.access import signed_in
from circle.web.forms.introduction import NOTES, OutsideForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("records", __name__)

LONGEST = 100
WAYS = {"": "Made and received", "made": "Made by you", "received": "Made for you"}
SYNERGIES = {"": "Any reason"} | {one.value: one.words for one in Synergy} | {NOTHING: "No reason said"}
OUTCOMES = {"": "Any outcome"} | {one.value: one.words for one in Outcome} | {NOTHING: "No word yet"}


@bp.get("/record")
@signed_in
def show(viewer: Viewer) -> Any:
    """Show the introductions that answer what was looked for, a page at a time."""
    asked = {name: request.args.get(name, "").replace("\0", "")[:LONGEST] for name in _NAMES}
    sought = Sought(**asked)
    number = request.args.get("page", 1, type=int)
    found = record.read(viewer.person_id, viewer.zone, sought, number, clock.now())
    choices = {
        "way": ("Which way", WAYS),
        "person": ("With whom", {"": "Anybody"} | dict(found.people)),
        "synergy": ("Why", SYNERGIES),
        "outcome": ("What came of it", OUTCOMES),
        "round": ("Round", {"": "Any round"} | dict(found.rounds)),
    }
    chosen = {name: value for name, value in asked.items() if value}
    return page("records/show.html", found=found, sought=sought, choices=choices, chosen=chosen)


@bp.get("/record/introductions/new")
@signed_in
def new(viewer: Viewer) -> Any:
    """Ask who was put together outside rounds, with what is known filled in."""
    wanted, known = request.args.get("for", ""), request.args.get("to", "")[:LONGEST]
    days = made_days.outside_rounds(viewer.person_id, clock.now())
    idea = parked.one(viewer.person_id, request.args.get("idea", ""))
    facts = {"receiver_refs": [wanted], "contact_name": (idea.contact if idea else "") or known}
    form = OutsideForm(
        formdata=None, data={**facts, "made_on": days.latest, "idea": idea.ref if idea else ""}
    )
    return _form_page(viewer, form)


@bp.post("/record/introductions")
@signed_in
def create(viewer: Viewer) -> Any:
    """Keep an introduction in one's own record."""
    form = OutsideForm()
    try:
        refs = tuple(form.receiver_refs.data or ())
        logging = OutsideLogging(receiver_refs=refs, other_name=form.other_name.data or "", **form.said())
        keeping.refuse_too_long(form.about())
        [first, *_] = outside.log(viewer.person_id, logging, clock.now())
        keeping.write_down(viewer.person_id, logging.contact_name, form.about())
    except Refusal as refusal:
        beside(form, refusal)
        return _form_page(viewer, form, 422)
    ideas.settle(viewer.person_id, form.idea.data or "", clock.now())
    change = Markup(' <a href="{}">Change or undo</a>').format(url_for("introductions.edit", ref=first))
    flash(Markup("It stands in your record.") + change)
    return see_other("records.show")


def offered(viewer: Viewer, refusal: Refusal) -> Any:
    """Offer one's own record for what a round takes no more, with everything that was typed."""
    form = OutsideForm()
    form.form_errors.append(f"{refusal.sentence} Sending this form now keeps it in your own record.")
    return _form_page(viewer, form, 409)


def _form_page(viewer: Viewer, form: OutsideForm, status: int = 200) -> Any:
    members = fellows.of(viewer.person_id)
    several = len({one.circle for one in members}) > 1
    form.receiver_refs.choices = {
        one.ref: f"{one.name} ({one.circle})" if several else one.name for one in members
    }
    return page(
        "records/new.html",
        status,
        form=form,
        days=made_days.outside_rounds(viewer.person_id, clock.now()),
        names=contacts.names_known_by(viewer.person_id),
        notes=NOTES,
        wishes={one.ref: _note(one) for one in members},
    )


def _note(fellow: Fellow) -> str:
    waits = (
        f"Round {fellow.number} still waits for you to introduce {apart(fellow.first_name)}: log it there."
    )
    wish = f"Would like to meet: {apart(fellow.wish)}" if fellow.wish else ""
    return "\n".join(part for part in (waits if fellow.is_outstanding else "", wish) if part)


_NAMES = ("words", "way", "person", "synergy", "outcome", "round")
