"""The form of one's wish: one line."""

from flask_wtf import FlaskForm
from wtforms import StringField


class WishForm(FlaskForm):
    """Whom somebody would like to meet now."""

    wish = StringField("Whom would you like to meet now?")
