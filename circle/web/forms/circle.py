"""The form in which a circle says what it is."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField

from circle.rules.zones import zone_names


class CircleForm(FlaskForm):
    """Name, time zone and charter; the rules judge them."""

    name = StringField("Name of the circle")
    zone = SelectField("Time zone", validate_choice=False)
    charter = TextAreaField("What counts for us")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = zone_names()
        chosen = self.zone.data
        # A zone kept under an older name stays choosable.
        more = [chosen] if chosen and chosen not in listed else []
        self.zone.choices = {"": "Choose a time zone"} | {name: _shown(name) for name in (*more, *listed)}


def _shown(name: str) -> str:
    return name.replace("_", " ")
