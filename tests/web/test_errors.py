"""Errors are pages like the others: plain words, one way on, and nothing told that is not the reader's."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.test_factory import site
from tests.web import tour, world


def ways_on(page: str) -> list[str]:
    """Return the buttons and links in the main part of a page."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.findall(r"<a [^>]*>([^<]+)</a>", main)


def test_somebody_signed_in_is_led_to_their_circles(cast):
    answer = cast.client("Finn").get("/nowhere")
    assert (answer.status_code, ways_on(answer.text)) == (404, ["Your circles"])


def test_a_stranger_is_led_to_the_first_page(client):
    assert ways_on(client.get("/nowhere").text) == ["To the first page"]
    assert ways_on(client.put("/sign-in").text) == ["To the first page"]


def test_a_member_on_an_organisers_page_is_led_back_to_the_circle(app, cast):
    path = tour.url_of(app, "circles.organise", world.build(app, cast))
    answer = cast.client("Ben").get(path)
    assert (answer.status_code, ways_on(answer.text)) == (403, ["Back to the circle"])
    assert "<title>This page is for organisers · Circle</title>" in answer.text


def test_a_stranger_to_a_circle_does_not_learn_its_name(app, cast):
    path = tour.url_of(app, "circles.organise", world.build(app, cast))
    answer = cast.client("Finn").get(path)
    assert (answer.status_code, "Harbour" in answer.text) == (404, False)


@pytest.fixture
def broken(tmp_path: Path) -> Flask:
    """A site whose database is away."""
    return site(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/gone/circle.db")


def test_while_the_database_is_away_the_page_says_so_and_may_be_tried_again(broken, caplog):
    browser = broken.test_client()
    with browser.session_transaction() as session:
        session["sid"] = "somebody"
    answer = browser.get("/circles")
    assert (answer.status_code, ways_on(answer.text)) == (500, ["Try again"])
    assert "Something went wrong on our side" in answer.text
    assert not re.search(r"sqlite|Traceback|gone|unable to open", answer.text)


def test_a_site_that_is_not_set_up_says_so_in_its_own_look(tmp_path):
    app = site(tmp_path, CIRCLE_MODE="production", BASE_URL="https://circle.example.org")
    browser, base = app.test_client(), app.config["BASE_URL"]
    page = browser.get("/", base_url=base).text
    assert ways_on(page) == ["Try again"]
    assert "<nav" not in page
    [style] = re.findall(r'href="([^"]+tokens[^"]+)"', page)
    with browser.get(style, base_url=base) as answer:
        assert answer.status_code == 200
