"""Forms about oneself: profile, letters, a new address."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from circle.rules.states import Switch
from circle.rules.wording import WEEKDAYS
from circle.services.door.people import LetterSettings, Profile
from circle.web.forms.zone import ZoneField


class ProfileForm(FlaskForm):
    """What a person tells their circles."""

    name = StringField("Your name", description="As the others know you.")
    zone = ZoneField(
        "Time zone", "Choose your time zone", description="Letters come and days are counted by your clock."
    )
    does = StringField("What I do", description="One line, as you would say it to somebody new.")
    serves = StringField("Clients I serve", description="What kind of people or firms come to you?")
    interests = StringField("Interests", description="Hobbies and causes that somebody might share.")
    wish = StringField("Whom I would like to meet now", description="The more exact, the easier to help.")
    forwardable = TextAreaField(
        "A few lines others can forward",
        description="About you, in the third person: what they can paste into an introduction.",
    )
    next = HiddenField()

    def profile(self) -> Profile:
        """Return what was typed."""
        fields = ("name", "zone", "does", "serves", "interests", "wish", "forwardable")
        return Profile(**{field: self[field].data or "" for field in fields})


class Day(DateField):
    """A day that says how to mend it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; none when it was left empty."""
        try:
            self.data = date.fromisoformat(valuelist[0]) if valuelist and valuelist[0] else None
        except ValueError:
            self.data = None
            raise ValueError("Write the day as 2026-12-24, or leave it empty.") from None


class LettersForm(FlaskForm):
    """When letters may come, and which."""

    hour = SelectField(
        "Hour of the daily letter",
        choices={str(hour): f"{hour:02}:00" for hour in range(24)},
        validate_choice=False,
    )
    weekdays = SelectMultipleField(
        "Days a letter may come",
        choices={str(day): name for day, name in enumerate(WEEKDAYS)},
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    daily = BooleanField(
        Switch.DAILY.words,
        description="On days with something to say: what is still open, who introduced you, thanks.",
    )
    round_opened = BooleanField(
        Switch.ROUND_OPENED.words, description="Once a round, with those you promise an introduction."
    )
    recap = BooleanField(Switch.RECAP.words, description="Once a round, when it closes.")
    all_done = BooleanField(
        Switch.ALL_DONE.words, description="At most once a round, when all is made before it is due."
    )
    organising = BooleanField(
        Switch.ORGANISING.words,
        description="Rarely: a round waits for members, or somebody took on the organising.",
    )
    paused_until = Day(
        "No letters until",
        description="Letters start again on this day. Leave it empty to keep them coming.",
    )

    @property
    def switches(self) -> list[BooleanField]:
        """The fields that turn one kind of letter on or off."""
        return [self[switch.value] for switch in Switch]

    @classmethod
    def of(cls, kept: LetterSettings) -> "LettersForm":
        """Return the form filled in with what is kept."""
        return cls(
            formdata=None,
            data={
                "hour": str(kept.hour),
                "weekdays": [str(day) for day in sorted(kept.weekdays)],
                "paused_until": kept.paused_until,
            }
            | {switch.value: switch not in kept.off for switch in Switch},
        )

    def settings(self) -> LetterSettings:
        """Return what was chosen; a choice that is not on the list becomes one the rules refuse."""
        off = frozenset(switch.value for switch in Switch if not self[switch.value].data)
        weekdays = frozenset(_whole(day) for day in self.weekdays.data or ())
        return LetterSettings(_whole(self.hour.data), weekdays, off, self.paused_until.data)


class NewAddressForm(FlaskForm):
    """The address to move to."""

    email = EmailField("New email address")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 2 else -1
