"""Forms after a meeting: whom one met, and whom to put together; they map fields, the services decide."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from circle.rules.errors import BadDate
from circle.services.meeting.meetings import Told
from circle.web.forms.introduction import DayField, SynergyForm


class MeetingForm(FlaskForm):
    """Whom somebody met, where and when."""

    people = TextAreaField(
        "Whom did you meet?",
        description="One on each line, with an address where you have one: “Rosa Lind, runs a cold store, "
        "rosa@example.org”. Rows of a spreadsheet and cards do too.",
    )
    where_met = StringField("Where you met")
    met_on = DayField("When")
    keep = BooleanField(
        "Keep them among the people I know",
        description="With what you wrote of them and where you met. Only you see that list.",
    )

    def told(self) -> Told:
        """Return what was typed; raise BadDate."""
        return Told(
            people=self.people.data or "",
            where_met=self.where_met.data or "",
            met_on=self._day(),
            keep=bool(self.keep.data),
        )

    def _day(self) -> date:
        if self.met_on.data is None:
            raise BadDate(" ".join(self.met_on.process_errors) or "Please give a day.", field="met_on")
        return self.met_on.data


class TogetherForm(SynergyForm):
    """Two or three people, at least one of them met, and what could come of it."""

    met = SelectMultipleField(
        "Whom you met",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    members = SelectMultipleField(
        "Members of your circles",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
