"""The form in which a person says which letters come, and when."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from circle.rules.wording import WEEKDAYS
from circle.services.letter_switches import SWITCHES
from circle.services.people import LetterSettings

HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]


class LettersForm(FlaskForm):
    """Hour, weekdays, a pause, and each kind of letter on or off."""

    on = SelectMultipleField(
        "Letters that come",
        choices=list(SWITCHES.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    hour = SelectField("Hour of the daily letter", choices=HOURS)
    weekdays = SelectMultipleField(
        "Days of the daily letter",
        choices=DAYS,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    paused_until = DateField("Pause all letters until", validators=[Optional()])

    @classmethod
    def of(cls, settings: LetterSettings) -> Self:
        """Return the form as it shows these settings."""
        return cls(
            formdata=None,
            on=[switch for switch in SWITCHES if switch not in settings.off],
            hour=str(settings.hour),
            weekdays=[str(day) for day in sorted(settings.weekdays)],
            paused_until=settings.paused_until,
        )

    def chosen(self) -> LetterSettings:
        """Return the settings as they were chosen."""
        return LetterSettings(
            hour=int(self.hour.data),
            weekdays=frozenset(int(day) for day in self.weekdays.data or []),
            off=frozenset(SWITCHES) - frozenset(self.on.data or []),
            paused_until=self.paused_until.data,
        )
