"""The pages of circles: the list, starting one, organising it."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from circle import clock
from circle.extensions import db
from circle.models import Circle, Round
from circle.rules import zones
from tests.cast import Cast
from tests.web.acting import Acting


def _circles(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Circle)) or 0


def test_starting_a_circle_leads_to_inviting(cast: Cast):
    answer = cast.client("Ada").submit("/circles", {"name": "Harbour Circle", "zone": "Europe/London"})
    assert answer.status_code == 303
    assert answer.location.endswith("/organise")


@pytest.mark.parametrize("name", ["", "x" * 81, "x" * 10_000, "a\x07b", "evil\u202eman"])
def test_a_circle_without_a_proper_name_is_refused_beside_the_field(name: str, app: Flask, cast: Cast):
    answer = cast.client("Ada").submit("/circles", {"name": name, "zone": "Europe/London"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert _circles(app) == 0


def test_a_form_that_failed_keeps_the_charter(cast: Cast):
    answer = cast.client("Ada").submit("/circles", {"name": "", "zone": "UTC", "charter": "Warm and short"})
    assert "Warm and short" in answer.text


def test_a_zone_that_does_not_exist_is_refused_beside_the_field(cast: Cast):
    answer = cast.client("Ada").submit("/circles", {"name": "Harbour", "zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert 'id="zone-error"' in answer.text


def test_the_list_names_ones_own_circles(cast: Cast):
    cast.circle("Ben", name="Quay Circle")
    cast.circle("Finn", name="Elsewhere")
    text = cast.client("Ben").get("/circles").text
    assert "Quay Circle" in text
    assert "Elsewhere" not in text


def test_the_list_of_nobodys_circles_says_what_to_do_next(cast: Cast):
    assert "You are not in a circle yet." in cast.client("Finn").get("/circles").text


def test_the_organise_page_is_for_organisers(cast: Cast):
    stage = cast.circle("Ben")
    assert cast.client("Ben").get(f"/circles/{stage.public_id}/organise").status_code == 403


def test_a_strangers_circle_is_not_found(cast: Cast):
    stage = cast.circle("Ben")
    assert cast.client("Finn").get(f"/circles/{stage.public_id}/organise").status_code == 404


def test_the_organise_page_counts_the_seats(cast: Cast):
    stage = cast.circle("Ben")
    text = cast.client("Ada").get(f"/circles/{stage.public_id}/organise").text
    assert "Two members, four seats free" in text


def test_a_circle_takes_a_new_name(cast: Cast):
    stage, ada = cast.circle("Ben"), cast.client("Ada")
    ada.submit(f"/circles/{stage.public_id}", {"name": "Quay Circle", "zone": "UTC", "charter": ""})
    assert "Organise <bdi>Quay Circle</bdi>" in ada.get(f"/circles/{stage.public_id}/organise").text


def test_a_new_name_that_is_too_long_stays_in_its_field(cast: Cast):
    stage, name = cast.circle("Ben"), "x" * 81
    answer = cast.client("Ada").submit(f"/circles/{stage.public_id}", {"name": name, "zone": "UTC"})
    assert answer.status_code == 422
    assert name in answer.text


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"], ids=["ahead", "behind"])
def test_the_day_of_an_erasure_is_one_of_the_circles_clock(zone: str, cast: Cast):
    """At any moment one of the two has another day than UTC."""
    stage, ada = cast.circle("Ben", zone=zone), cast.client("Ada")
    ada.submit(f"/circles/{stage.public_id}/erasure")
    day = zones.local_day(clock.now() + timedelta(days=7), zones.zone(zone))
    text = ada.get(f"/circles/{stage.public_id}/archiving").text
    assert f"will be erased on <strong>{day:%-d %B %Y}</strong>" in text
    assert f"It will be erased on {day:%-d %B %Y}." in ada.get(f"/circles/{stage.public_id}").text


def test_every_member_sees_the_day_of_an_erasure_and_the_way_to_their_own_part(cast: Cast):
    act = Acting(cast, opened=False)
    act.browser("Ada").submit(f"{act.url}/erasure")
    day = zones.local_day(clock.now() + timedelta(days=7), zones.zone("Europe/London"))
    ben = act.browser("Ben")
    for page in ("/circles", act.url, f"{act.url}/rounds"):
        assert f"It will be erased on {day:%-d %B %Y}." in ben.get(page).text
    assert "You are not in a circle yet" not in ben.get("/circles").text
    assert 'href="/you/download">Download what is yours</a>' in ben.get(act.url).text
    assert ben.get("/you/download").status_code == 200


def test_a_circle_that_is_only_archived_has_no_day_of_erasure(cast: Cast):
    act = Acting(cast)
    act.browser("Ada").submit(f"{act.url}/archiving")
    ben = act.browser("Ben")
    for page in ("/circles", act.url):
        assert "will be erased" not in ben.get(page).text
    assert "All your circles are archived" in ben.get("/circles").text


@pytest.mark.parametrize("first", ["Ada", "Ben"])
def test_an_archived_circle_does_not_speak_of_what_comes_next(first: str, cast: Cast):
    stage = cast.circle("Ben")
    pages = ("", "/rounds/across", "/gathering")
    said = ("can open", "comes next", "to go", "first round is open", "opened yet", "Invite somebody")
    url = f"/circles/{stage.public_id}"
    before = "".join(cast.client(first).get(url + page).text for page in pages)
    assert "The first round can open when five have joined: three to go" in before
    cast.client("Ada").submit(f"{url}/archiving")
    after = "".join(cast.client(first).get(url + page).text for page in pages)
    assert "It was archived before its first round." in after
    assert [words for words in said if words in after] == []


def test_the_due_day_stands_in_words_near_and_exact_and_for_programs(cast: Cast):
    act = Acting(cast)
    page = act.browser("Ada").get(act.url).text
    [(moment, words)] = re.findall(
        r'<time datetime="([^"]+)">([^<]+)</time>', page.partition('class="split"')[0]
    )
    with cast.app.app_context():
        due_at = db.session.scalars(select(Round.due_at)).one()
    local = zones.to_local(due_at, zones.zone("Europe/London"))
    assert datetime.fromisoformat(moment) == due_at
    assert words == f"{local:%A %-d %B}, 17:00, in 14 days"
