"""The form in which a circle says what it is."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from circle.web.forms.zone import ZoneField


class CircleForm(FlaskForm):
    """Name, time zone and charter; the rules judge them."""

    name = StringField("Name of the circle")
    zone = ZoneField("Time zone")
    charter = TextAreaField("What counts for us")
