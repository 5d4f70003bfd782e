"""People: who they are, what they tell their circles, and when letters may come."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from circle.extensions import db
from circle.formats.addresses import address_key, read_address
from circle.models import Person
from circle.rules import names, zones
from circle.rules.errors import BadDate, BadText, UnknownZone
from circle.rules.states import Switch
from circle.services.giving import wishes
from circle.services.membership import absences
from circle.services.post import reminders
from circle.services.work import NOT_THE_KEY, writing

DOES_LIMIT = 200
LINE_LIMIT = 300
FORWARDABLE_LIMIT = 2000
LONGEST_PAUSE_DAYS = 366


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person tells their circles."""

    name: str
    zone: str
    does: str = ""
    serves: str = ""
    interests: str = ""
    wish: str = ""
    forwardable: str = ""


@dataclass(frozen=True, slots=True)
class LetterSettings:
    """When letters may come (local hour, weekdays with Monday 0), and the switches that are off."""

    hour: int
    weekdays: frozenset[int]
    off: frozenset[str]
    paused_until: date | None


def person_for(email: str, now: datetime, **profile: Any) -> Person:
    """Find the person with this address or make them, inside a unit of work; raise BadAddress.

    What the profile leaves empty keeps its default; raise BadName and UnknownZone for the rest.
    """
    address = read_address(email)
    found = _with_key(address_key(address))
    given = _given(profile)
    return found or _made(Person(email=address, email_key=address_key(address), created_at=now, **given))


def profile(person_id: int) -> Profile:
    """Return what a person tells their circles; a person without a name has not chosen a zone either."""
    person = db.session.get_one(Person, person_id)
    told = Profile(
        person.name,
        person.zone,
        person.does,
        person.serves,
        person.interests,
        person.wish,
        person.forwardable,
    )
    return told if told.name else replace(told, zone="")


def update_profile(person_id: int, profile: Profile, now: datetime) -> None:
    """Keep what a person tells; raise BadName, BadText or UnknownZone beside the field."""
    clean = _clean(profile)
    with writing() as session:
        wishes.hold_readers(person_id)
        person = session.get_one(Person, person_id, populate_existing=True)
        moved = person.zone != clean.zone
        _keep(person, clean)
        if person.wish != clean.wish:
            wishes.heard(person, clean.wish, now)
        if moved:
            person.quarter_changed_at = now
            session.flush()
            reminders.schedule_person(person_id, now)
            absences.reckon(person, now)


def letter_settings(person_id: int) -> LetterSettings:
    """Return when letters may come to a person."""
    person = db.session.get_one(Person, person_id)
    weekdays = frozenset(int(day) for day in person.letter_weekdays)
    off = frozenset(person.letters_off.split())
    return LetterSettings(person.letter_hour, weekdays, off, person.letters_paused_until)


def update_letters(person_id: int, chosen: LetterSettings, now: datetime) -> None:
    """Keep when letters may come; raise BadText or BadDate beside the field."""
    with writing() as session:
        person = session.get_one(Person, person_id, with_for_update=NOT_THE_KEY, populate_existing=True)
        today = zones.local_day(now, zones.zone(person.zone))
        if chosen.paused_until == person.letters_paused_until and _is_over(person, today):
            chosen = replace(chosen, paused_until=None)
        _check_letters(chosen, today)
        person.letter_hour = chosen.hour
        person.letter_weekdays = "".join(str(day) for day in sorted(chosen.weekdays))
        person.letters_off = " ".join(sorted(chosen.off))
        person.letters_paused_until = chosen.paused_until
        session.flush()
        reminders.schedule_person(person_id, now)


def _given(profile: dict[str, Any]) -> dict[str, Any]:
    given = {field: value for field, value in profile.items() if value}
    if "name" in given:
        given["name"] = names.clean_name(given["name"])
    if "zone" in given:
        zones.zone(given["zone"])
    return given


def _with_key(key: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email_key == key))


def _made(person: Person) -> Person:
    key = person.email_key
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError:
        # Two browsers proved the same new address at once: both are this one person.
        return db.session.scalars(select(Person).where(Person.email_key == key)).one()
    return person


def _clean(profile: Profile) -> Profile:
    name = names.clean_name(profile.name)
    if not profile.zone:
        raise UnknownZone(field="zone")
    zones.zone(profile.zone)
    return Profile(
        name,
        profile.zone,
        _line("does", profile.does, DOES_LIMIT),
        _line("serves", profile.serves),
        _line("interests", profile.interests),
        wishes.cleaned(profile.wish),
        _text("forwardable", profile.forwardable),
    )


def _line(field: str, text: str, limit: int = LINE_LIMIT) -> str:
    try:
        return names.clean_line(text, limit)
    except BadText as refusal:
        raise BadText(refusal.sentence, field=field) from refusal


def _text(field: str, text: str) -> str:
    try:
        return names.clean_text(text, FORWARDABLE_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field=field) from refusal


def _keep(person: Person, clean: Profile) -> None:
    person.name, person.zone, person.does = clean.name, clean.zone, clean.does
    person.serves, person.interests = clean.serves, clean.interests
    person.forwardable = clean.forwardable


def _is_over(person: Person, today: date) -> bool:
    # The form shows what is kept; a pause that ended meanwhile must not stand in the way of the rest.
    return person.letters_paused_until is not None and person.letters_paused_until < today


def _check_letters(chosen: LetterSettings, today: date) -> None:
    if not 0 <= chosen.hour <= 23:
        raise BadText("Choose an hour from the list.", field="hour")
    if not chosen.weekdays or not chosen.weekdays <= frozenset(range(7)):
        raise BadText("Choose at least one day, or turn the daily letter off.", field="weekdays")
    if not chosen.off <= frozenset(Switch):
        raise BadText("Choose from the letters shown.")
    if chosen.paused_until and not 0 <= (chosen.paused_until - today).days <= LONGEST_PAUSE_DAYS:
        raise BadDate("Choose a day from today on, within a year, or leave it empty.", field="paused_until")
