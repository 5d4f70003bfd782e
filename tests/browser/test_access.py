"""Everybody can use it: main pages under axe, a log by keyboard alone, the round without JavaScript."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from circle import clock
from circle.services.membership import archiving
from tests.browser.conftest import Windows
from tests.browser.fit import faults_of, focused
from tests.cast import Cast
from tests.web import tour, world
from tests.web.acting import Acting

STATES = ("alone", "waiting", "open", "closed", "archived")


@pytest.fixture
def act(cast: Cast) -> Acting:
    """A round in which something is made, asked and passed, so that every mark is on the page."""
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    ada.submit(act.promise_url("Cy", "asking"), {"contact_name": "Jo Tan"})
    ada.submit(act.promise_url("Dee", "no-fit"))
    return act


def test_every_page_of_every_role_is_fit_for_everybody(app: Flask, cast: Cast, windows: Windows):
    here, unfit = world.build(app, cast), {}
    for role, paths in tour.tours(app, cast, here):
        assert paths, f"nothing is different for {role}"
        page = windows(tour.PLAYED_BY[role])
        unfit |= {f"{role}: {endpoint}": faults_of(page, path) for endpoint, path in paths.items()}
        assert len(page.context.cookies()) == 1
    assert {where: faults for where, faults in unfit.items() if faults} == {}


@pytest.mark.parametrize("state", STATES)
def test_a_circle_is_fit_for_everybody_in_every_state(state: str, cast: Cast, windows: Windows):
    circle, page = circle_in(state, cast), windows("Ada")
    unfit = {way: faults_of(page, circle + way) for way in ways_of(state)}
    assert {way: faults for way, faults in unfit.items() if faults} == {}


def ways_of(state: str) -> tuple[str, ...]:
    """Return what there is to see of a circle in this state, below its own path."""
    ways = ("", "/rounds", "/gathering", "/rounds/across")
    return ways if state == "archived" else (*ways, "/organise", "/rhythm")


def circle_in(state: str, cast: Cast) -> str:
    """Return the path of a circle of Ada's that is in this state."""
    if state == "alone":
        return f"/circles/{cast.circle().public_id}"
    act = Acting(cast, opened=state != "waiting")
    if state == "closed":
        act.turn(days=15)
    if state == "archived":
        with cast.app.app_context():
            archiving.archive(act.stage.id, cast.person("Ada").id, clock.now())
    return act.url


def test_an_introduction_is_logged_by_keyboard_alone(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    walk_to(page, "Introduce Eve")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Introduce Eve")
    walk_to(page, "To whom?")
    page.keyboard.type("Rosa Lind")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("You introduced Eve to Rosa Lind.")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))


def test_an_introduction_is_logged_without_javascript(act: Acting, windows: Windows):
    page = windows("Ada", width=390, scripts=False)
    page.goto(act.url)
    page.locator("#given").get_by_role("link", name="Introduce Eve").click()
    page.get_by_label("To whom").fill("Rosa Lind")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator(".flash")).to_contain_text("You introduced Eve to Rosa Lind.")


def test_a_failed_log_says_why_without_javascript(act: Acting, windows: Windows):
    page = windows("Ada", width=390, scripts=False)
    page.goto(f"{act.log_url()}/new?for={act.stage.refs['Eve']}")
    page.get_by_label("To whom").fill("   ")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("#contact_name-error")).to_have_text("Please type a name.")


def walk_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    pytest.fail(f"the keyboard never came to {name}")


def test_the_matrix_is_read_out_in_words(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    read = page.locator("table.matrix").aria_snapshot()
    assert re.findall('columnheader "(.*)"', read) == ["Ada", "Ben", "Cy", "Dee", "Eve", "Made"]
    assert 'row "Ada (you) introduced asking passed this round still open 1/4"' in read
    assert 'row "Ben still open still open still open still open 0/4"' in read
