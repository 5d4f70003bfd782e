"""Letter switches: what a person reached by the link in their mail, signed out, may stop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Person
from circle.rules.states import Switch
from circle.services.post import reminders
from circle.services.work import NOT_THE_KEY, writing

EARLIER = {"rounds": (Switch.ROUND_OPENED, Switch.RECAP, Switch.ALL_DONE, Switch.ORGANISING)}
"""What the links of earlier letters name, and the switches it has become."""


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Whom a link speaks for."""

    person_id: int
    name: str
    email: str


def behind(public_id: str) -> LetterReader | None:
    """Return whom a link speaks for, None when they are gone."""
    row = db.session.execute(
        select(Person.id, Person.name, Person.email).where(Person.public_id == public_id)
    ).one_or_none()
    return LetterReader(*row) if row else None


def named(name: str) -> tuple[Switch, ...]:
    """Return the switches that a link turns off; empty for a name that no letter has."""
    return EARLIER.get(name) or tuple(switch for switch in Switch if switch == name)


def stop(person_id: int, switches: Iterable[Switch], now: datetime) -> None:
    """Stop these kinds of letter in all circles; stopping one twice is stopping it once."""
    with writing() as session:
        person = session.get_one(Person, person_id, with_for_update=NOT_THE_KEY, populate_existing=True)
        off = {*person.letters_off.split(), *(switch.value for switch in switches)}
        person.letters_off = " ".join(sorted(off))
        session.flush()
        reminders.schedule_person(person_id, now)
