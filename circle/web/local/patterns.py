"""Every part of the look in every state, for whoever works on it; local mode only."""

from datetime import date

from flask import Blueprint
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from circle.rules.states import Channel
from circle.web import access
from circle.web.forms.round import DueForm
from circle.web.frame.answers import page

bp = Blueprint("patterns", __name__)


ROUNDS = tuple(
    {
        "day": day,
        "month": f"{day:%b}",
        "label": f"{day:%A}",
        "mark": mark,
        "opens": "09:00",
        "due": due,
        "notes": notes,
        "skipped": mark == "skipped",
    }
    for day, mark, due, notes in (
        (date(2026, 12, 1), "", "Friday 18 December, 17:00", ()),
        (date(2027, 1, 5), "moved", "Friday 22 January, 17:00", ("A week later than the rhythm says.",)),
        (date(2027, 2, 2), "skipped", "Friday 19 February, 17:00", ()),
    )
)
"""Rounds to come: as the rhythm says, moved, and skipped."""


class Samples(FlaskForm):
    """One field of each kind; it is never sent anywhere."""

    contact_name = StringField("To whom?", [DataRequired("Type the name of the person you introduced.")])
    made_on = DateField("When")
    channel = SelectField("How", choices={channel.value: channel.words for channel in Channel})
    email = EmailField("Their address", description="Only you see it.")
    reason = TextAreaField("Why you thought of it")
    shared = BooleanField("Share with the circle")


@bp.get("/patterns")
@access.local_only
def show() -> tuple[str, int]:
    """Show the parts, with one field in error."""
    samples = Samples(formdata=None, meta={"csrf": False})
    samples.validate()
    return page("patterns/show.html", samples=samples, due=DueForm(formdata=None), rounds=ROUNDS)
