"""Whoever logs on a phone comes back to the row that changed, sees it, and can undo it there."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Windows
from tests.cast import Cast
from tests.web.acting import Acting


@pytest.fixture
def act(cast: Cast) -> Acting:
    return Acting(cast)


def row_of(act: Acting, page: Page, name: str) -> Locator:
    return page.locator(f"#for-{act.stage.refs[name]}")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_log_on_a_phone_comes_back_to_its_row(scripts: bool, act: Acting, windows: Windows):
    page = windows("Ada", width=390, scripts=scripts)
    page.goto(f"{act.log_url()}/new?for={act.stage.refs['Eve']}")
    page.get_by_label("To whom").fill("Rosa Lind")
    page.get_by_role("button", name="Log it").click()
    row = row_of(act, page, "Eve")
    expect(row.get_by_role("status")).to_contain_text("You introduced Eve to Rosa Lind.")
    expect(row.get_by_role("status")).to_be_in_viewport()
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_role("status")).to_contain_text("Withdrawn.")
    expect(row.get_by_role("link", name="Introduce Eve")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_answer_on_a_phone_comes_back_to_its_row(scripts: bool, act: Acting, windows: Windows):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    page = windows("Ben", width=390, scripts=scripts)
    page.goto(act.url)
    row = page.locator(f"#made-{act.refs()[0]}")
    row.locator("summary").first.click()
    row.get_by_role("button", name="We met").click()
    expect(row.get_by_role("status")).to_contain_text("Thank you. Ada will read it")
    expect(row.get_by_role("status")).to_be_in_viewport()


def test_what_was_done_is_read_out_and_the_keyboard_goes_on_from_its_row(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(f"{act.log_url()}/new?for={act.stage.refs['Eve']}")
    page.get_by_label("To whom").fill("Rosa Lind")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("[data-announcer]")).to_contain_text("You introduced Eve to Rosa Lind.")
    row = row_of(act, page, "Eve")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert row.evaluate("row => row.contains(document.activeElement)")
