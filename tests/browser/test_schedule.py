"""The organiser's pages of rounds in a real browser: the live preview, and every page under axe."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.test_access import findings, focused
from tests.browser.test_year import set_monthly
from tests.cast import Cast
from tests.web.acting import Acting

LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def quiet(cast: Cast) -> Acting:
    return Acting(cast, opened=False)


@pytest.fixture
def rhythm(quiet: Acting, windows: Windows) -> Page:
    """The page of the rhythm of a circle that has none yet."""
    page = windows("Ada")
    page.goto(f"{quiet.url}/rhythm")
    return page


def test_the_preview_says_beside_its_field_what_is_wrong_and_leaves_the_focus(rhythm: Page):
    number = rhythm.get_by_label("Every how many weeks or months")
    number.fill("13")
    expect(rhythm.locator("#interval-error")).to_have_text("Choose a number from 1 to 12.")
    expect(number).to_have_attribute("aria-invalid", "true")
    assert focused(rhythm) == "Every how many weeks or months"


def test_the_sentence_leaves_when_the_number_is_mended(rhythm: Page):
    number = rhythm.get_by_label("Every how many weeks or months")
    number.fill("0")
    expect(rhythm.locator("#interval-error")).to_be_visible()
    number.fill("3")
    expect(rhythm.locator(".error")).to_have_count(0)
    expect(rhythm.locator("#preview")).to_contain_text("Every three weeks on Tuesday")


def test_the_preview_marks_what_is_shifted(rhythm: Page):
    rhythm.get_by_label("By the month, on a date").check()
    rhythm.get_by_label("Every how many weeks or months").fill("1")
    rhythm.get_by_label("Day of the month").fill("31")
    expect(rhythm.locator("#preview")).to_contain_text("has no 31st, so this is its last day.")


def test_only_the_fields_of_the_pattern_are_shown_without_javascript(quiet: Acting, windows: Windows):
    page = windows("Ada", scripts=False)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("By the month, on a date").check()
    expect(page.get_by_label("Day of the month")).to_be_visible()
    expect(page.get_by_label("Weekday", exact=True)).to_be_hidden()


def test_a_field_that_is_not_shown_never_blocks_saving(quiet: Acting, windows: Windows):
    page = windows("Ada", scripts=False)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("By the month, on a date").check()
    page.get_by_label("Day of the month").fill("99")
    page.get_by_label("By the month, on its last day").check()
    page.get_by_role("button", name="Save the rhythm").click()
    expect(page.locator(".flash")).to_contain_text("The rhythm is set.")


def test_a_wrong_number_is_said_beside_its_field_without_javascript(quiet: Acting, windows: Windows):
    page = windows("Ada", width=390, scripts=False)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("Every how many weeks or months").fill("13")
    page.get_by_role("button", name="Preview the dates").click()
    expect(page.locator("#interval-error")).to_have_text("Choose a number from 1 to 12.")


def test_the_open_round_is_closed_early_and_opened_again(cast: Cast, windows: Windows):
    act = Acting(cast)
    page = windows("Ada", width=390)
    page.goto(f"{act.url}/rounds")
    page.get_by_text("Close it now").click()
    page.get_by_role("button", name="Close round 1").click()
    expect(page.locator(".flash")).to_contain_text("Everybody gets its recap.")
    due = (act.now + timedelta(days=9)).date().isoformat()
    page.locator("#reopen").get_by_label("Due on").fill(due)
    page.get_by_role("button", name="Open it again").click()
    expect(page.locator(".flash")).to_contain_text("Round 1 is open again.")


def test_a_circle_pauses_and_goes_on(quiet: Acting, windows: Windows):
    page = windows("Ada", width=390)
    set_monthly(page, quiet.url)
    until = (quiet.now + timedelta(days=70)).date().isoformat()
    page.get_by_label("Rounds open again from").fill(until)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator("#paused")).to_be_visible()
    assert page.locator(".dates > .skipped").count() in {2, 3}
    page.get_by_role("button", name="End the pause").click()
    expect(page.locator(".dates > .skipped")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_page_of_the_rhythm(
    quiet: Acting, windows: Windows, width: int, scheme: str
):
    page = windows("Ada", width=width, scheme=scheme)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("By the month, on a date").check()
    page.get_by_label("Day of the month").fill("31")
    expect(page.locator("#preview .chip").first).to_be_visible()
    assert findings(page) == []
    page.get_by_label("Day of the month").fill("32")
    expect(page.locator("#monthday-error")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_page_of_rounds_and_of_one_to_come(
    quiet: Acting, windows: Windows, width: int, scheme: str
):
    page = windows("Ada", width=width, scheme=scheme)
    set_monthly(page, quiet.url)
    page.locator(".dates > li").nth(1).get_by_role("link", name="Change").click()
    assert findings(page) == []
    page.get_by_role("button", name="Skip this round").click()
    assert findings(page) == []


@pytest.mark.parametrize("path", ["/rounds", "/rhythm"])
def test_no_page_of_rounds_scrolls_sideways_on_the_smallest_phone(quiet: Acting, windows: Windows, path: str):
    page = windows("Ada", width=320)
    set_monthly(page, quiet.url)
    page.goto(f"{quiet.url}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
