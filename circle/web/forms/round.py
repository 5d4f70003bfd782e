"""Forms about rounds: opening one by hand, and the rhythm; they map fields, the services decide."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, RadioField, SelectField, StringField, TimeField

from circle.rules import zones
from circle.rules.errors import BadRhythm, BadText, Refusal
from circle.rules.recurrence import YEARS
from circle.rules.rhythm import Pattern, Rhythm, out_of_bounds
from circle.rules.wording import WEEKDAYS
from circle.web.forms.introduction import DayField
from circle.web.forms.zone import ZoneField

PATTERNS = {
    Pattern.WEEKLY.value: "By the week, on a weekday",
    Pattern.MONTHLY_DAY.value: "By the month, on a date",
    Pattern.MONTHLY_LAST_DAY.value: "By the month, on its last day",
    Pattern.MONTHLY_WEEKDAY.value: "By the month, on a weekday",
}
ENDS = {"": "Goes on until you change it", "until": "Ends on a day", "count": "Ends after some rounds"}
NTHS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}


class WholeField(IntegerField):
    """A whole number, perhaps none, with words about what to type when it is something else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number of at most six digits; raise ValueError with a sentence."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if len(text) > 6 or not text.lstrip("-").isascii() or not text.lstrip("-").isdigit():
            raise ValueError("Please give a whole number, in digits.")
        self.data = int(text)


class ClockField(TimeField):
    """A time of day, with words about what to type when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read hours and minutes; raise ValueError with a sentence."""
        self.data = None
        if not any(text.strip() for text in valuelist):
            return
        try:
            super().process_formdata([text.strip()[:5] for text in valuelist])
        except ValueError:
            raise ValueError("Please give the time as hours and minutes, such as 17:00.") from None


class OpenRoundForm(FlaskForm):
    """A round opened by hand."""

    due_on = DayField("Due on")
    due_time = ClockField("At", default=time(17))
    theme = StringField("A theme")


class DueForm(FlaskForm):
    """A new due date of a round."""

    due_on = DayField("Due on")
    due_time = ClockField("At", default=time(17))


class ThemeForm(FlaskForm):
    """What a round is about."""

    theme = StringField("Theme")


class PauseForm(FlaskForm):
    """Until when the coming rounds are skipped."""

    until = DayField("Rounds open again from")


class OccurrenceForm(FlaskForm):
    """When one coming round opens and is due."""

    opens_on = DayField("Opens on")
    opens_time = ClockField("At")
    due_on = DayField("Due on")
    due_time = ClockField("At")


class RhythmForm(FlaskForm):
    """When rounds open by themselves."""

    pattern = RadioField("Rounds open", choices=PATTERNS, default="weekly", validate_choice=False)
    interval = WholeField("Every how many weeks or months", default=4)
    weekday = SelectField(
        "Weekday", choices={str(day): name for day, name in enumerate(WEEKDAYS)}, default="1"
    )
    nth = SelectField("Which one of the month", choices=NTHS, default="1")
    monthday = WholeField("Day of the month", default=1)
    starts_on = DayField("Start on or after")
    opens_at = ClockField("Opens at", default=time(9))
    due_days = WholeField("Due after how many days", default=17)
    due_time = ClockField("Due at", default=time(17))
    zone = ZoneField("On the clock of")
    ends = RadioField("How long", choices=ENDS, default=None, validate_choice=False)
    ends_on = DayField("Last opening until", default=None)
    rounds = WholeField("Number of rounds")

    def rhythm(self) -> Rhythm:
        """Return what was typed, without what its pattern does not use; raise BadRhythm with all faults."""
        read = _Reading()
        pattern = Pattern(read(self.pattern, _chosen, Pattern.WEEKLY.value))
        typed = Rhythm(pattern=pattern, **self._when(read), **self._day(read, pattern))
        if self.zone.data:
            read(self.zone, lambda field: zones.zone(field.data))
        if read.faults:
            faults = out_of_bounds(typed) | read.faults
            raise BadRhythm.of({name: faults[name] for name in self._fields if name in faults})
        return typed

    def _when(self, read: "_Reading") -> dict[str, Any]:
        return {
            "interval": read(self.interval, given, 1),
            "starts_on": read(self.starts_on, given, date(YEARS[0], 1, 1)),
            "ends_on": read(self.ends_on, self._end_of("until", "Choose the last day, or another end.")),
            "rounds": read(
                self.rounds, self._end_of("count", "Give the number of rounds, or choose another end.")
            ),
            "opens_at": read(self.opens_at, given, time()),
            "due_days": read(self.due_days, given, 17),
            "due_time": read(self.due_time, given, time.max),
        }

    def _end_of(self, chosen: str, missing: str) -> Callable[[Field], Any]:
        def end(field: Field) -> Any:
            if self.ends.data not in {None, chosen}:
                return None
            if self.ends.data == chosen and not field.process_errors and field.data is None:
                raise BadText(missing, field=field.name)
            return _perhaps(field)

        return end

    def _day(self, read: "_Reading", pattern: Pattern) -> dict[str, Any]:
        if pattern is Pattern.MONTHLY_DAY:
            return {"monthday": read(self.monthday, given, 1)}
        if pattern is Pattern.MONTHLY_LAST_DAY:
            return {}
        weekday = {"weekday": int(read(self.weekday, _chosen, "0"))}
        return weekday if pattern is Pattern.WEEKLY else weekday | {"nth": int(read(self.nth, _chosen, "1"))}


class _Reading:
    """Reads fields one by one and keeps every fault; `instead` stands in for a field at fault."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}

    def __call__(self, field: Field, how: Callable[[Field], Any], instead: Any = None) -> Any:
        try:
            return how(field)
        except Refusal as refusal:
            self.faults[field.name] = refusal.sentence
            return instead


def shown(rhythm: Rhythm, zone: str) -> dict[str, Any]:
    """Return a rhythm and its clock as the form's fields hold them."""
    held: dict[str, Any] = {name: getattr(rhythm, name) for name in _PLAIN} | {"zone": zone}
    held["ends"] = "until" if rhythm.ends_on else "count" if rhythm.rounds else ""
    held["pattern"] = rhythm.pattern.value
    held["weekday"] = str(rhythm.weekday or 0)
    held["nth"] = str(rhythm.nth or 1)
    held["monthday"] = rhythm.monthday or 1
    return held


_PLAIN = ("interval", "opens_at", "due_days", "due_time", "starts_on", "ends_on", "rounds")


def apart(form: FlaskForm, name: str) -> None:
    """Give the fields of a form ids of their own, for a page on which another form has the same fields."""
    for field in form:
        field.id = f"{name}-{field.name}"


def given(field: Field) -> Any:
    """Return what was typed into a field that needs a value; raise BadText beside it when nothing was."""
    if field.data is None:
        raise BadText(" ".join(field.process_errors) or "Please fill this in.", field=field.name)
    return field.data


def _perhaps(field: Field) -> Any:
    if field.process_errors:
        raise BadText(" ".join(field.process_errors), field=field.name)
    return field.data


def _chosen(field: Any) -> str:
    if field.data not in {value for value, *_ in field.iter_choices()}:
        raise BadText("Please choose from the list.", field=field.name)
    return str(field.data)
