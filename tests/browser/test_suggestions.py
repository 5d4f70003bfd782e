"""Whom to introduce, on a phone: from the circle page to a draft, setting aside and back, one question."""

import pytest
from playwright.sync_api import Page, expect

from circle.rules.matching import people
from tests.acquaintances import know
from tests.browser.conftest import Windows
from tests.browser.fit import findings
from tests.cast import Cast
from tests.web.acting import Acting

KNOWN = (
    people.Contact("Lena Voss", "Voss & Co", "Shop fitter", "fits out small shops, loves chess"),
    people.Contact("Tom Hale", "", "Translator"),
)


@pytest.fixture
def act(cast: Cast) -> Acting:
    act = Acting(cast)
    ada = cast.person("Ada").id
    with act.app.app_context():
        know(ada, *KNOWN)
    return act


@pytest.fixture
def phone(act: Acting, windows: Windows) -> Page:
    page = windows("Ada", width=390)
    page.goto(act.url)
    return page


def test_a_suggestion_becomes_a_draft_without_typing(phone: Page):
    row = phone.locator("[data-receiver]").filter(has_text="Ben Katz")
    expect(row).to_contain_text("Lena Voss: Ben serves small shops, much like Lena")
    row.get_by_role("link", name="More ideas for Ben").click()
    phone.get_by_role("link", name="Write to Lena").click()
    expect(phone.get_by_label("Whom do you write to?")).to_have_value("Lena Voss")
    expect(phone.get_by_label("Same clients")).to_be_checked()
    phone.get_by_role("button", name="Make a draft").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your mail to Lena Voss")


def test_somebody_is_set_aside_and_comes_back(phone: Page):
    phone.get_by_role("link", name="More ideas for Ben").click()
    phone.get_by_role("button", name="Not for Ben").click()
    expect(phone.get_by_text("Lena is set aside for Ben. For good.")).to_be_visible()
    phone.get_by_role("button", name="Undo").click()
    expect(phone.locator("#fitting")).to_contain_text("Lena Voss")


def test_one_answer_makes_somebody_fit(phone: Page):
    phone.get_by_role("link", name="More ideas for Ben").click()
    phone.get_by_label("Whom does Tom serve?").fill("Small shops")
    phone.get_by_role("button", name="Keep it").click()
    expect(phone.locator("#fitting")).to_contain_text("Ben serves small shops, and so does Tom.")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_is_wide_enough_and_open_to_everybody(act: Acting, windows: Windows, width: int):
    page = windows("Ada", width=width)
    page.goto(act.promise_url("Ben", "").rstrip("/"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_from_somebodys_own_page_to_a_draft(act: Acting, windows: Windows, width: int):
    page = windows("Ada", width=width)
    page.goto("/people-i-know?words=Lena")
    page.get_by_role("link", name="Lena Voss").click()
    expect(page.locator("#could-meet")).to_contain_text("Ben serves small shops, much like Lena")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    page.get_by_role("link", name="Write it").click()
    expect(page.get_by_label("Whom do you write to?")).to_have_value("Lena Voss")
