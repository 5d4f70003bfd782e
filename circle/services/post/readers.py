"""Readers: when and which letters one person wants."""

from datetime import date

from circle.models import Person
from circle.rules import zones
from circle.rules.reminders import Reader


def reader_of(person: Person) -> Reader:
    """Return when a person reads letters."""
    return Reader(
        zone=zones.zone(person.zone),
        hour=person.letter_hour,
        weekdays=frozenset(int(day) for day in person.letter_weekdays),
        paused_until=person.letters_paused_until,
    )


def wants(person: Person, switch: str, day: date) -> bool:
    """Say whether a person wants the letters of this switch on a day of theirs.

    To who is to be erased none go, nor where mail comes back.
    """
    paused = person.letters_paused_until is not None and day < person.letters_paused_until
    reached = person.mail_refused_at is None and person.erase_at is None
    return reached and not paused and switch not in person.letters_off.split()
