"""Forms of the door: an address, a code."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField


class AddressForm(FlaskForm):
    """Where to send the mail, and where to go afterwards."""

    email = EmailField("Your email address")
    next = HiddenField()


class CodeForm(FlaskForm):
    """The code from the mail."""

    code = StringField("Code", description="Eight letters and digits, such as K7QM-2RTX.")
