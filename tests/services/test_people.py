"""What people tell of themselves, when their letters come, and the one person behind an address."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from circle.extensions import db
from circle.models import Person
from circle.rules.errors import BadAddress, BadDate, BadName, BadText, UnknownZone
from circle.rules.states import NewsKind
from circle.services.door import people
from circle.services.door.people import LetterSettings, Profile
from circle.services.post import news
from circle.services.work import writing
from tests.cast import NOON, Cast

TOLD = Profile(
    "Ada Obi", "Europe/Berlin", "Translator", "Law firms", "Chess", "Partners abroad", "She…\nwrites."
)
KEPT = LetterSettings(7, frozenset({0, 2, 6}), frozenset({"recap"}), None)


@pytest.fixture
def ada(cast: Cast, context: Flask):
    return cast.person("Ada")


def row(actor) -> Person:
    return db.session.get_one(Person, actor.id, populate_existing=True)


def test_a_profile_is_kept_as_told(ada):
    people.update_profile(ada.id, TOLD, NOON)
    assert people.profile(ada.id) == TOLD


def test_a_new_wish_is_dated(ada):
    people.update_profile(ada.id, TOLD, NOON)
    assert row(ada).wish_at == NOON


def test_an_unchanged_wish_keeps_its_date(ada):
    people.update_profile(ada.id, TOLD, NOON)
    people.update_profile(ada.id, replace(TOLD, does="Interpreter"), NOON + timedelta(days=1))
    assert row(ada).wish_at == NOON


@pytest.mark.parametrize("name", ["", "   ", "a" * 81, "a" * 10_000, "Ada\u202eibO", "Ada\x00"])
def test_a_name_that_is_none_is_refused(ada, name):
    with pytest.raises(BadName):
        people.update_profile(ada.id, replace(TOLD, name=name), NOON)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe/Berlin\x00"])
def test_a_zone_that_is_none_is_refused_beside_its_field(ada, zone):
    with pytest.raises(UnknownZone) as refused:
        people.update_profile(ada.id, replace(TOLD, zone=zone), NOON)
    assert refused.value.field == "zone"


@pytest.mark.parametrize("field", ["does", "serves", "interests", "wish", "forwardable"])
def test_a_text_that_is_too_long_is_refused_beside_its_field(ada, field):
    with pytest.raises(BadText) as refused:
        people.update_profile(ada.id, replace(TOLD, **{field: "x" * 2001}), NOON)
    assert refused.value.field == field


def test_who_has_no_name_has_chosen_no_zone(context):
    with writing():
        person_id = people.person_for("new@example.org", NOON).id
    assert people.profile(person_id).zone == ""


def test_two_spellings_of_an_address_are_one_person(ada):
    with writing():
        found = people.person_for("ADA@Example.org", NOON).id
    assert found == ada.id


def test_a_new_person_gets_the_name_given(context):
    with writing():
        person = people.person_for("new@example.org", NOON, name="  Nia   Bell ", zone="")
        told = (person.name, person.zone)
    assert told == ("Nia Bell", "UTC")


def test_what_is_no_address_makes_no_person(context):
    with pytest.raises(BadAddress), writing():
        people.person_for("nobody", NOON)


def test_letter_settings_are_kept_as_chosen(ada):
    people.update_letters(ada.id, KEPT, NOON)
    assert people.letter_settings(ada.id) == KEPT


def test_letters_need_a_day(ada):
    with pytest.raises(BadText) as refused:
        people.update_letters(ada.id, replace(KEPT, weekdays=frozenset()), NOON)
    assert refused.value.field == "weekdays"


@pytest.mark.parametrize("hour", [-1, 24])
def test_letters_come_at_an_hour_of_the_day(ada, hour):
    with pytest.raises(BadText) as refused:
        people.update_letters(ada.id, replace(KEPT, hour=hour), NOON)
    assert refused.value.field == "hour"


@pytest.mark.parametrize("days", [-1, 367])
def test_a_pause_ends_within_a_year(ada, days):
    with pytest.raises(BadDate):
        people.update_letters(ada.id, replace(KEPT, paused_until=NOON.date() + timedelta(days=days)), NOON)


def test_a_pause_that_has_passed_ends_with_the_next_change(ada):
    paused = replace(KEPT, paused_until=NOON.date() + timedelta(days=3))
    people.update_letters(ada.id, paused, NOON)
    people.update_letters(ada.id, replace(paused, hour=8), NOON + timedelta(days=4))
    assert people.letter_settings(ada.id).paused_until is None


def test_waiting_news_moves_with_the_hour(ada):
    with writing():
        news.tell(ada.id, NewsKind.THANKED, circle_id=None, now=NOON)
    assert row(ada).news_due_at == NOON + timedelta(hours=21)
    people.update_letters(ada.id, replace(KEPT, hour=18), NOON)
    assert row(ada).news_due_at == NOON + timedelta(hours=6)
