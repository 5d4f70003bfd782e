"""Letter switches: what a person reached by the link in their mail, signed out, may stop."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Person
from circle.rules.states import MailKind
from circle.services.post import reminders
from circle.services.work import NOT_THE_KEY, writing

SWITCHES: dict[str, str] = {
    "daily": "The daily letter, with reminders and news",
    "rounds": "A round has opened, all is made, how it went",
}


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


def stop(person_id: int, switch: str, now: datetime) -> None:
    """Stop one kind of letter in all circles; stopping it twice is stopping it once."""
    if switch not in {kind.switch for kind in MailKind}:
        raise ValueError(f"no letter has the switch {switch!r}")
    with writing() as session:
        person = session.get_one(Person, person_id, with_for_update=NOT_THE_KEY, populate_existing=True)
        person.letters_off = " ".join(sorted({*person.letters_off.split(), switch}))
        session.flush()
        reminders.schedule_person(person_id, now)
