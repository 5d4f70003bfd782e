"""The front page, and the way into the demo."""

from flask import Flask

from tests.cast import Cast
from tests.client import Client


def test_the_front_page_says_why_in_a_few_lines(client: Client):
    text = client.get("/").text
    assert "Three reasons to put two people together" in text


def test_the_front_page_offers_the_demo_beside_starting_a_circle(client: Client):
    text = client.get("/").text
    assert "Look around the demo circle" in text
    assert "Start a circle" in text


def test_who_has_one_circle_goes_straight_there(cast: Cast):
    stage = cast.circle("Ben")
    assert cast.client("Ben").get("/").location.endswith(f"/circles/{stage.public_id}")


def test_who_has_several_circles_chooses(cast: Cast):
    cast.circle("Ben")
    cast.circle("Ben", name="Quay Circle")
    assert cast.client("Ben").get("/").location.endswith("/circles")


def test_the_demo_is_entered_as_its_organiser(client: Client):
    assert client.submit("/demo").location.endswith("/circles/demo")
    assert client.get("/circles/demo/organise").status_code == 200


def test_the_demo_is_there_in_local_mode_only(app: Flask):
    from circle.factory import create_app

    production = create_app(
        {
            "CIRCLE_MODE": "production",
            "BASE_URL": "https://circle.example.org",
            "SECRET_KEY": "s" * 40,
            "DATABASE_URL": "sqlite://",
        }
    )
    local, there = ({rule.endpoint for rule in site.url_map.iter_rules()} for site in (app, production))
    assert "pages.demo" in local - there
