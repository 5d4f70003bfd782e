"""The organiser's pages of rounds in a real browser: the live preview, and every page under axe."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.fit import findings, focused
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


def test_every_fault_stands_beside_its_field_while_one_types(rhythm: Page):
    rhythm.get_by_label("By the month, on a date").check()
    rhythm.get_by_label("Every how many weeks or months").fill("13")
    rhythm.get_by_label("Day of the month").fill("32")
    expect(rhythm.locator(".error")).to_have_count(2)
    expect(rhythm.locator("[data-first-of]")).to_have_text("2 things to mend above.")


def test_a_phone_sees_the_next_opening_while_one_types(quiet: Acting, windows: Windows):
    page = windows("Ada", width=390)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("Weekday", exact=True).select_option(label="Friday")
    line = page.locator("[data-first-of]")
    expect(line).to_contain_text("Next opening: Friday")
    expect(line).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_start_that_fits_is_one_press_away(cast: Cast, windows: Windows, scripts: bool):
    act = Acting(cast)
    page = windows("Ada", width=390, scripts=scripts)
    page.goto(f"{act.url}/rhythm")
    page.get_by_label("By the month, on its last day").check()
    page.get_by_label("Start on or after").fill(act.now.date().isoformat())
    page.get_by_label("Every how many weeks or months").fill("1")
    page.get_by_label("Due after how many days").fill("5")
    if not scripts:
        page.get_by_role("button", name="Preview the dates").click()
    page.get_by_role("button", name="Start on or after").click()
    expect(page.locator("#preview .dates > li")).to_have_count(6)


def test_a_refused_due_date_is_seen_at_once_on_a_phone(cast: Cast, windows: Windows):
    act = Acting(cast)
    page = windows("Ada", width=390)
    page.goto(f"{act.url}/rounds")
    page.locator("#extending-due_on").fill("2026-01-01")
    page.get_by_role("button", name="Change the due date").click()
    expect(page.locator(".faults")).to_be_in_viewport()
    expect(page.locator(".faults")).to_be_focused()
    page.locator(".faults a").click()
    expect(page.locator("#extending-due_on")).to_be_focused()
    page.reload()
    page.goto(page.url.partition("#")[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Rounds")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_before_another_rhythm_and_before_none(
    quiet: Acting, windows: Windows, width: int, scheme: str
):
    page = windows("Ada", width=width, scheme=scheme)
    set_monthly(page, quiet.url)
    page.locator(".dates > li").nth(1).get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Skip this round").click()
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("Every how many weeks or months").fill("2")
    page.get_by_role("button", name="Save the rhythm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the rhythm?")
    assert findings(page) == []
    page.goto(f"{quiet.url}/rhythm/removal")
    assert findings(page) == []
    page.goto(f"{quiet.url}/leaving")
    assert findings(page) == []


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_the_page_of_rounds_with_what_is_to_mend(
    cast: Cast, windows: Windows, width: int, scheme: str
):
    act = Acting(cast)
    page = windows("Ada", width=width, scheme=scheme)
    page.goto(f"{act.url}/rounds")
    page.locator("#extending-due_on").fill("2026-01-01")
    page.get_by_role("button", name="Change the due date").click()
    expect(page.locator(".faults")).to_be_visible()
    assert findings(page) == []


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
