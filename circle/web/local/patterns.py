"""Every part of the look in every state, for whoever works on it; local mode only."""

from flask import Blueprint
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from circle.rules.states import Channel
from circle.web import access
from circle.web.frame.answers import page

bp = Blueprint("patterns", __name__)


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
    samples = Samples(formdata=None)
    samples.validate()
    return page("patterns/show.html", samples=samples)
