"""Taking away and being erased, in a browser: files are saved, pages fit, and one press is the way back."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.fit import faults_of
from tests.cast import Cast
from tests.web.acting import Acting


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_organiser_saves_the_circle(cast: Cast, windows: Windows, scripts: bool):
    act = Acting(cast)
    page = windows("Ada", scripts=scripts)
    page.goto(f"{act.url}/organise")
    page.get_by_role("link", name="Download the circle").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download the circle").click()
    assert saved.value.suggested_filename == "circle.json"
    told = json.loads(saved.value.path().read_bytes())
    assert (told["name"], len(told["members"]), len(told["promises"])) == ("Harbour Circle", 5, 20)


def test_somebody_takes_what_is_theirs_goes_and_stays_after_all(cast: Cast, windows: Windows):
    Acting(cast)
    page = windows("Ben", scripts=False)
    page.goto("/you")
    page.get_by_role("link", name="Download", exact=True).click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download everything").click()
    assert json.loads(saved.value.path().read_bytes())["email"] == "ben@example.org"
    page.goto("/you")
    page.get_by_role("link", name="Erase yourself").click()
    page.get_by_role("button", name="Erase me in seven days").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out everywhere")
    page = windows("Ben", scripts=False)
    page.goto("/circles")
    page.get_by_role("button", name="Keep everything").click()
    expect(page.get_by_role("status")).to_contain_text("You stay")


def test_pages_of_who_is_to_be_erased_are_fit_for_everybody(cast: Cast, windows: Windows):
    act = Acting(cast)
    act.browser("Ada").submit("/you/erasure")
    page = windows("Ada")
    ways = ("/you/erasure", "/you/download", f"{act.url}/download", act.url)
    assert {way: faults for way in ways if (faults := faults_of(page, way))} == {}


def test_the_page_before_it_is_fit_for_everybody(cast: Cast, windows: Windows):
    Acting(cast)
    assert faults_of(windows("Ada"), "/you/erasure") == []
