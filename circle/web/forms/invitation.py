"""The forms of inviting and of answering an invitation."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField


class InviteForm(FlaskForm):
    """Addresses pasted in any usual form."""

    addresses = TextAreaField("Email addresses")


class LinkForm(FlaskForm):
    """Making a link; `after` is the newest invitation the page showed."""

    after = HiddenField()


class AcceptanceForm(FlaskForm):
    """What a new person says of themself when accepting."""

    name = StringField("Your name")
    zone = HiddenField()


class RefusalForm(FlaskForm):
    """Declining, and if wanted for good."""

    never_again = BooleanField("And never invite this address again")
