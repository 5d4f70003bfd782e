"""What was typed into a form whose page is no longer true: it is shown again, to be copied."""

from dataclasses import dataclass

from flask import request

LABELS = {
    "contact_name": "To whom",
    "reason": "Why you thought of it",
    "line": "A line for them",
    "words": "Your idea",
    "answer": "What you know",
    "people": "Whom you met",
    "where_met": "Where you met",
    "subject": "Subject",
    "wish": "Whom you would like to meet",
    "text": "Text",
    "theme": "Theme",
    "note": "A line of your own",
    "until": "Open again from",
    "opens_on": "Opens on",
    "opens_time": "Opens at",
    "due_on": "Due on",
    "due_time": "Due at",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """One thing somebody typed, under the words of its field."""

    name: str
    label: str
    text: str


def typed() -> tuple[Typed, ...]:
    """Return what this request typed into the forms that may come too late, without what was left empty."""
    given = ((name, label, request.form.get(name, "")) for name, label in LABELS.items())
    return tuple(Typed(*one) for one in given if one[2].strip())
