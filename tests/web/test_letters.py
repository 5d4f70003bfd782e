"""Choosing letters by the link in a mail: signed out, safe to open, one click to stop."""

from datetime import timedelta

import pytest
from flask import Flask

from circle import clock
from circle.models import Person
from circle.rules.states import Switch
from circle.services.tokens import sign
from circle.services.work import writing
from tests.cast import Cast
from tests.client import Client
from tests.snapshot import rows


def link(cast: Cast, first: str = "Ada", switch: str = "daily") -> str:
    token = sign(str(cast.app.secret_key), "letters", cast.person(first).public_id, switch)
    return f"/letters/{token}"


def person(app: Flask, cast: Cast, first: str = "Ada") -> Person:
    with app.app_context(), writing() as session:
        found = session.get_one(Person, cast.person(first).id)
        session.refresh(found)
        session.expunge(found)
        return found


def test_opening_the_link_changes_nothing(app: Flask, cast: Cast, client: Client):
    url = link(cast)
    before = rows(app)
    assert [client.get(url).status_code, client.head(url).status_code] == [200, 200]
    assert rows(app) == before


def test_one_click_stops_the_kind_of_the_letter(app: Flask, cast: Cast, client: Client):
    client.post(link(cast), data={"List-Unsubscribe": "One-Click"})
    assert person(app, cast).letters_off == "daily"


def test_one_click_is_answered_without_a_redirect(cast: Cast, client: Client):
    assert client.post(link(cast)).status_code == 200


def test_one_click_leaves_the_other_kinds_on(app: Flask, cast: Cast, client: Client):
    client.post(link(cast, switch="recap"))
    assert person(app, cast).letters_off == "recap"


@pytest.mark.parametrize("switch", Switch)
def test_each_kind_has_a_page_that_names_it(cast: Cast, client: Client, switch: Switch):
    assert f"<p>{switch.words}.</p>" in client.get(link(cast, switch=switch.value)).text


def test_a_link_of_before_the_kinds_were_parted_stops_all_it_stood_for(
    app: Flask, cast: Cast, client: Client
):
    client.post(link(cast, switch="rounds"))
    assert person(app, cast).letters_off == "all_done organising recap round_opened"


def test_a_link_that_names_no_kind_is_not_found(cast: Cast, client: Client):
    assert client.get(link(cast, switch="everything")).status_code == 404


def test_stopping_twice_is_stopping_once(app: Flask, cast: Cast, client: Client):
    client.post(link(cast))
    client.post(link(cast))
    assert person(app, cast).letters_off == "daily"


def test_a_stopped_kind_can_be_turned_on_again(app: Flask, cast: Cast, client: Client):
    client.post(link(cast))
    form = {**{switch.value: "y" for switch in Switch}, "hour": "18", "weekdays": ["0", "3"]}
    client.submit(f"{link(cast)}/settings", form)
    kept = person(app, cast)
    assert (kept.letters_off, kept.letter_hour, kept.letter_weekdays) == ("", 18, "03")


def test_a_pause_in_the_past_is_refused_beside_its_field(cast: Cast, client: Client):
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    form = {"daily": "y", "hour": "9", "weekdays": "0", "paused_until": yesterday}
    answer = client.submit(f"{link(cast)}/settings", form)
    assert answer.status_code == 422
    assert "Choose a day from today on" in answer.text


def test_settings_need_the_token_of_the_page(cast: Cast, client: Client):
    assert client.post(f"{link(cast)}/settings", data={"hour": "9"}).status_code == 400


@pytest.mark.parametrize("url", ["/letters/forged", "/letters/forged/settings"])
def test_a_forged_link_is_not_found(client: Client, url: str):
    assert client.submit(url).status_code == 404


def test_a_link_of_another_purpose_is_not_found(cast: Cast, client: Client):
    token = sign(str(cast.app.secret_key), "invitation-mail", cast.person("Ada").public_id, "daily")
    assert client.get(f"/letters/{token}").status_code == 404
