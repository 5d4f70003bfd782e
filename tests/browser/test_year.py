"""A year in a circle: the rhythm set and changed, rounds moved and skipped, people who come and go."""

import re
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.cast import Cast
from tests.web.acting import Acting


@pytest.fixture
def quiet(cast: Cast) -> Acting:
    return Acting(cast, opened=False)


def set_monthly(page: Page, url: str) -> None:
    """Set a monthly rhythm on the first Tuesday."""
    page.goto(f"{url}/rhythm")
    page.get_by_label("By the month, on a weekday").check()
    page.get_by_label("Every how many weeks or months").fill("1")
    page.get_by_label("Which one of the month").select_option(label="first")
    page.get_by_label("Weekday", exact=True).select_option(label="Tuesday")
    page.get_by_role("button", name="Save the rhythm").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_monthly_rhythm_is_set_with_a_preview(quiet: Acting, windows: Windows, scripts: bool):
    page = windows("Ada", width=390, scripts=scripts)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("By the month, on its last day").check()
    expect(page.get_by_label("Weekday", exact=True)).to_be_hidden()
    page.get_by_label("Every how many weeks or months").fill("1")
    if not scripts:
        page.get_by_role("button", name="Preview the dates").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Every month on the last day at 09:00")
    expect(preview.locator(".dates > li")).to_have_count(6)
    page.get_by_role("button", name="Save the rhythm").click()
    expect(page.locator(".lede")).to_contain_text("Every month on the last day at 09:00")


def test_another_rhythm_asks_with_before_and_after(quiet: Acting, windows: Windows):
    page = windows("Ada")
    set_monthly(page, quiet.url)
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("Opens at").fill("10:00")
    page.get_by_role("button", name="Save the rhythm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the rhythm?")
    page.get_by_role("button", name="Keep editing").click()
    expect(page.get_by_label("Opens at")).to_have_value("10:00")
    page.get_by_role("button", name="Save the rhythm").click()
    page.get_by_role("button", name="Change the rhythm").click()
    expect(page.locator(".lede")).to_contain_text("at 10:00")


def test_one_round_is_moved_and_another_skipped_and_put_back(quiet: Acting, windows: Windows):
    page = windows("Ada", width=390)
    set_monthly(page, quiet.url)
    rows = page.locator(".dates > li")
    rows.nth(0).get_by_role("link", name="Change").click()
    moved = page.get_by_label("Opens on").input_value()
    later = (datetime.fromisoformat(moved) + timedelta(days=1)).date().isoformat()
    page.get_by_label("Opens on").fill(later)
    page.get_by_role("button", name="Save these dates").click()
    expect(rows.nth(0)).to_contain_text("Moved from")
    rows.nth(1).get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Skip this round").click()
    expect(rows.nth(1)).to_contain_text("An organiser skipped it.")
    rows.nth(1).get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Let it open").click()
    expect(rows.nth(1)).not_to_contain_text("An organiser skipped it.")


def test_a_move_into_another_round_offers_the_way_to_that_one(quiet: Acting, windows: Windows):
    page = windows("Ada")
    set_monthly(page, quiet.url)
    page.locator(".dates > li").nth(0).get_by_role("link", name="Change").click()
    due = page.get_by_label("Due on").input_value()
    page.get_by_label("Due on").fill((datetime.fromisoformat(due) + timedelta(days=30)).date().isoformat())
    page.get_by_role("button", name="Save these dates").click()
    expect(page.locator(".error")).to_contain_text("The next round opens on")
    page.get_by_role("link", name="Move or skip the round of").click()
    expect(page.get_by_role("button", name="Skip this round")).to_be_visible()


def test_a_late_joiner_is_added_to_the_open_round(cast: Cast, app, windows: Windows):
    act = Acting(cast)
    gil = cast.person("Gil")
    cast.join(act.stage, gil)
    page = windows("Ada", width=390)
    page.goto(f"{act.url}/organise")
    page.get_by_role("button", name="Add to the open round").click()
    expect(page.locator("#round")).to_contain_text("Gil Haddad")
    page.goto(act.url)
    expect(page.locator("table.matrix tbody tr")).to_have_count(6)


def test_a_member_goes_away_and_returns(cast: Cast, windows: Windows):
    act = Acting(cast)
    page = windows("Ben", width=390)
    page.goto("/you/away")
    page.get_by_role("button", name="Save these days").click()
    page.goto(act.url)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Nothing is asked of you"))
    page.goto("/you/away")
    page.get_by_role("button", name="I am back").click()
    page.goto(act.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Four introductions to make")


def test_the_circle_is_handed_over(cast: Cast, windows: Windows):
    act = Acting(cast)
    page = windows("Ada", width=390)
    page.goto(f"{act.url}/leaving")
    page.get_by_role("button", name=re.compile("^Make organiser.*Ben")).click()
    page.get_by_role("button", name="Leave the circle").click()
    ben = windows("Ben")
    ben.goto(f"{act.url}/organise")
    expect(ben.get_by_role("heading", level=1)).to_contain_text("Organise")
    expect(ben.locator("#members")).not_to_contain_text("Ada Obi")


def test_a_nudge_is_seen_before_it_is_sent(cast: Cast, windows: Windows):
    act = Acting(cast)
    page = windows("Ada", width=390)
    page.goto(f"{act.url}/organise")
    page.get_by_role("link", name="Nudge Ben Katz").click()
    page.get_by_label("A line of your own").fill("We meet on Thursday.")
    page.get_by_role("button", name="See it with the line").click()
    expect(page.locator("pre")).to_contain_text("We meet on Thursday.")
    page.get_by_role("button", name="Send the nudge").click()
    expect(page.locator(".flash")).to_contain_text("Reminded Ben Katz.")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_on_the_pages_of_change(quiet: Acting, windows: Windows, width: int, scheme: str):
    page = windows("Ada", width=width, scheme=scheme)
    set_monthly(page, quiet.url)
    page.locator(".dates > li").nth(0).get_by_role("link", name="Change").click()
    assert Axe().run(page).response["violations"] == []
    page.goto(f"{quiet.url}/rhythm")
    page.get_by_label("Opens at").fill("10:00")
    page.get_by_role("button", name="Save the rhythm").click()
    assert Axe().run(page).response["violations"] == []
