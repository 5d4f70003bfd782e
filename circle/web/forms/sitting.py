"""Forms of fifteen minutes: an idea that comes, an answer, and the days on which one takes them."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from circle.rules.wording import WEEKDAYS
from circle.services.thinking.ideas import Parking
from circle.services.thinking.quarters import Quarter


class ThoughtForm(FlaskForm):
    """What comes to mind with one thought."""

    began = HiddenField()
    contact_name = StringField("Who comes to mind?")
    member = SelectField("A member of your circles", choices=[], validate_choice=False)
    words = TextAreaField("Your idea, in a line")
    answer = StringField("What you know")

    def parking(self) -> Parking:
        """Return what was typed of an idea."""
        return Parking(
            contact_name=(self.contact_name.data or "").strip(),
            words=(self.words.data or "").strip(),
            member_ref=self.member.data or "",
        )

    def sitting(self) -> int:
        """Return which sitting the page belonged to, 0 for none."""
        text = self.began.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0


class QuarterForm(FlaskForm):
    """On which days, and where one is reminded."""

    weekdays = SelectMultipleField(
        "On which days?",
        choices={str(day): name for day, name in enumerate(WEEKDAYS)},
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    in_letter = BooleanField(
        "In my daily letter",
        description="On days a letter may come, unless the daily letter is off or paused.",
    )
    in_calendar = BooleanField(
        "In my calendar", description="A quarter of an hour that comes again each week."
    )
    hour = SelectField(
        "At what time, in the calendar?",
        choices={str(hour): f"{hour:02}:00" for hour in range(24)},
        validate_choice=False,
    )

    @classmethod
    def of(cls, kept: Quarter) -> "QuarterForm":
        """Return the form filled in with what is kept."""
        facts = {
            "weekdays": [str(day) for day in sorted(kept.weekdays)],
            "in_letter": kept.in_letter,
            "in_calendar": kept.in_calendar,
            "hour": str(kept.hour),
        }
        return cls(formdata=None, data=facts)

    def chosen(self) -> Quarter:
        """Return what was chosen; a choice that is not on the list becomes one the rules refuse."""
        weekdays = frozenset(_whole(day) for day in self.weekdays.data or ())
        return Quarter(weekdays, _whole(self.hour.data), self.in_letter.data, self.in_calendar.data)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 2 else -1
