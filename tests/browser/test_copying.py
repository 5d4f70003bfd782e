"""What a person would copy has a button where scripts run, and it says aloud that it did."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.cast import Cast
from tests.web.acting import Acting


@pytest.fixture
def act(cast: Cast) -> Acting:
    """Ada has a draft for Ben, an invitation link to hand on, and a calendar address."""
    act = Acting(cast)
    ada = act.browser("Ada")
    typed = {"contact_name": "Jo Tan", "shape": "together", "synergy": ""}
    ada.submit(act.promise_url("Ben", "draft"), typed)
    ada.submit(f"{act.url}/invitations/link")
    ada.submit("/you/calendar")
    return act


def pages(act: Acting) -> dict[str, int]:
    """Return the pages with something to copy, and how many buttons each has."""
    return {act.promise_url("Ben", "draft"): 2, f"{act.url}/organise": 1, "/you/calendar": 1}


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_each_button_copies_its_field_and_says_so(act: Acting, windows: Windows):
    page = windows("Ada")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for path, count in pages(act).items():
        page.goto(path)
        expect(page.locator("[data-copy]:visible")).to_have_count(count)
        for button in page.locator("[data-copy]").all():
            field = page.locator(f"[id='{button.get_attribute('data-copy')}']")
            button.click()
            expect(button).to_have_text("Copied")
            expect(page.locator("[data-announcer]")).to_have_text("Copied")
            assert copied(page) == field.input_value() != ""


def test_without_scripts_the_field_stands_there_to_be_selected(act: Acting, windows: Windows):
    page = windows("Ada", scripts=False)
    for path, count in pages(act).items():
        page.goto(path)
        expect(page.locator("[data-copy]")).to_have_count(count)
        expect(page.locator("[data-copy]:visible")).to_have_count(0)
        for button in page.locator("[data-copy]").all():
            expect(page.locator(f"[id='{button.get_attribute('data-copy')}']")).to_be_visible()
