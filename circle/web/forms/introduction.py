"""Forms about introductions and promises; they map fields, the services decide."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from circle.rules.errors import BadDate
from circle.rules.states import Channel, Outcome, Shape, Synergy

NOTES = {
    "same_clients": "Different businesses that serve the same kind of client",
    "team_up": "Similar businesses that gain from cooperating",
    "shared_interest": "A hobby or a cause in common",
    "": "You can say so later",
}


class DayField(DateField):
    """A calendar day, with words about what to type when it is none."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a day; raise ValueError with a sentence that says how to type it."""
        self.data = None
        if not any(text.strip() for text in valuelist):
            return
        try:
            super().process_formdata([text.strip() for text in valuelist])
        except ValueError:
            raise ValueError("Please give the day as year-month-day, such as 2026-11-24.") from None


class SynergyForm(FlaskForm):
    """Why people are put together; it may be left open."""

    synergy = RadioField(
        "What could come of it?",
        choices={one.value: one.words for one in Synergy} | {"": "Not sure yet"},
        default="",
        validate_choice=False,
    )

    def chosen_synergy(self) -> Synergy | None:
        """Return the reason chosen, if any."""
        return next((one for one in Synergy if one.value == self.synergy.data), None)


class MadeForm(SynergyForm):
    """What was made; only the contact's name is required."""

    contact_name = StringField("To whom?")
    made_on = DayField("When")
    channel = SelectField(
        "How",
        choices={"": "Not said"} | {one.value: one.words for one in Channel},
        validate_choice=False,
    )
    reason = TextAreaField("Why you thought of it")

    def said(self) -> dict[str, Any]:
        """Return what was typed and chosen, as services name it; raise BadDate."""
        return {
            "contact_name": self.contact_name.data or "",
            "made_on": self.chosen_day(),
            "synergy": self.chosen_synergy(),
            "channel": self.chosen_channel(),
            "reason": self.reason.data or "",
        }

    def chosen_day(self) -> date:
        """Return the day typed; raise BadDate with what cannot be read about it."""
        if self.made_on.data is None:
            raise BadDate(" ".join(self.made_on.process_errors) or "Please give a day.", field="made_on")
        return self.made_on.data

    def chosen_channel(self) -> Channel | None:
        """Return the way chosen, if any."""
        return next((one for one in Channel if one.value == self.channel.data), None)


class LogForm(MadeForm):
    """One log, for one member or several."""

    # The service decides who may be chosen: the roster may have changed since the page was read.
    receiver_refs = SelectMultipleField(
        "Whom do you introduce?",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    idea = HiddenField()
    """The parked idea that this is made of; it is settled with it."""
    organisation = StringField("Organisation")
    position = StringField("Position")
    line = StringField("What they do, whom they serve, what they love")

    def about(self) -> dict[str, str]:
        """Return what was typed about the contact, for the giver's own list."""
        return {name: self[name].data or "" for name in ("organisation", "position", "line")}


class OutsideForm(LogForm):
    """One log outside rounds: for members, or for somebody else one knows."""

    other_name = StringField("Whom did you introduce?")
    receiver_refs = SelectMultipleField(
        "Or members of your circles",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class NoFitForm(FlaskForm):
    """An honest no, with a line to the receiver if wanted."""

    line = StringField("A line for them")


class AskForm(FlaskForm):
    """Whom the giver asks first."""

    contact_name = StringField("Whom do you ask?")


class WriteForm(SynergyForm):
    """Whom the giver writes to, and why."""

    contact_name = StringField("Whom do you write to?")

    shape = RadioField(
        "Which mail?",
        choices={one.value: one.words for one in Shape},
        default=Shape.TOGETHER.value,
        validate_choice=False,
    )

    def chosen_shape(self) -> Shape:
        """Return to whom the mail goes first, to both if nothing else was chosen."""
        return next((one for one in Shape if one.value == self.shape.data), Shape.TOGETHER)


class DraftForm(FlaskForm):
    """The words of a draft."""

    subject = StringField("Subject")
    text = TextAreaField("Text")


class AnswerForm(FlaskForm):
    """What came of it."""

    outcome = RadioField(
        "What came of it?", choices={one.value: one.words for one in Outcome}, validate_choice=False
    )

    note = TextAreaField("A note that only the two of you see")

    def said_note(self) -> str | None:
        """Return the note typed, None where the form had no room for one."""
        return (self.note.data or "") if self.note.raw_data else None

    def chosen(self) -> Outcome | None:
        """Return the answer chosen, None for anything else."""
        return next((one for one in Outcome if one.value == self.outcome.data), None)


class ThanksForm(FlaskForm):
    """Thanks to the giver, shared only if wanted."""

    text = TextAreaField("Your thanks")
    shared = BooleanField("Share with the circle")
