"""The form about somebody a person knows; it maps fields, the services decide."""

from dataclasses import fields

from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField

from circle.formats.people.person import PersonKnown


class ContactForm(FlaskForm):
    """What somebody wrote down of a person they know; only the name is required."""

    name = StringField("Name")
    organisation = StringField("Organisation")
    position = StringField("Position")
    line = TextAreaField(
        "What they do, whom they serve, what they love",
        description="In any words. The more it says, the better the site can tell who fits whom.",
    )
    where_met = StringField("Where you met")
    email = EmailField("Email", description="Put into your own drafts only. The site never writes there.")

    def typed(self) -> PersonKnown:
        """Return what was typed."""
        return PersonKnown(**{field.name: self[field.name].data or "" for field in fields(PersonKnown)})
