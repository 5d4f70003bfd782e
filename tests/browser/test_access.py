"""Everybody can use it: main pages under axe, a log by keyboard alone, the round without JavaScript."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.cast import Cast
from tests.web.acting import Acting

PAGES = {
    "front": (None, "/"),
    "sign-in": (None, "/sign-in"),
    "circle": ("Ada", "{circle}"),
    "circles": ("Ada", "/circles"),
    "log": ("Ada", "{circle}/rounds/1/introductions/new"),
    "round": ("Ada", "{circle}/rounds/1"),
    "schedule": ("Ada", "{circle}/rounds"),
    "organise": ("Ada", "{circle}/organise"),
    "you": ("Ada", "/you"),
    "letters": ("Ada", "/you/letters"),
    "rhythm": ("Ada", "{circle}/rhythm"),
    "leaving": ("Ada", "{circle}/leaving"),
    "nudge": ("Ada", "{circle}/nudges/new"),
    "archive": ("Ada", "{circle}/archiving"),
    "calendar": ("Ada", "/you/calendar"),
    "away": ("Ada", "/you/away"),
    "patterns": (None, "/patterns"),
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
}


@pytest.fixture
def act(cast: Cast) -> Acting:
    """A round in which something is made, asked and passed, so that every mark is on the page."""
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    ada.submit(act.promise_url("Cy", "asking"), {"contact_name": "Jo Tan"})
    ada.submit(act.promise_url("Dee", "no-fit"))
    return act


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_wide_light_page(name: str, act: Acting, windows: Windows):
    assert findings(opened(name, act, windows)) == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_narrow_dark_page(name: str, act: Acting, windows: Windows):
    assert findings(opened(name, act, windows, width=390, scheme="dark"), COLOURS) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_the_smallest_phone(name: str, act: Acting, windows: Windows):
    page = opened(name, act, windows, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


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


def opened(name: str, act: Acting, windows: Windows, **look: object) -> Page:
    """Open one of the main pages."""
    who, path = PAGES[name]
    page = windows(who, **look)
    page.goto(path.format(circle=act.url))
    return page


def findings(page: Page, options: dict[str, object] | None = None) -> list[str]:
    """Return what axe finds, rule by rule with where."""
    found = Axe().run(page, options=options).response
    assert found["passes"], "axe looked at nothing"
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found["violations"]]


def walk_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    pytest.fail(f"the keyboard never came to {name}")


def focused(page: Page) -> str:
    """Return the label or the words of what has the focus."""
    return str(
        page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
    )
