"""On a phone: a second look after a sharper wish, what came of it, and fifteen minutes with two ideas."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from circle.rules.states import CommitmentState
from tests.browser.conftest import Windows
from tests.browser.fit import COLOURS, EVERYTHING, findings
from tests.cast import Cast
from tests.web.acting import Acting
from tests.web.test_wishes import SHARPER, wish_link

PHONE = 390


@pytest.fixture
def act(cast: Cast) -> Acting:
    return Acting(cast)


def is_calm(page: Page) -> None:
    """Nothing for axe to say in this window, and nothing wider than it."""
    assert findings(page, COLOURS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_a_pass_a_sharper_wish_and_a_second_look(act: Acting, windows: Windows):
    cy, dee = windows("Cy", width=PHONE), windows("Dee", width=PHONE)
    cy.goto(act.url)
    row = cy.locator(f'#given [data-receiver="{act.stage.refs["Dee"]}"]')
    row.get_by_role("link", name="No fit this round").click()
    cy.get_by_label("A line for them").fill("I know nobody with a warehouse.")
    cy.get_by_role("button", name="No fit this round").click()
    dee.goto(act.url)
    asks = dee.locator("#your-wish")
    expect(asks).to_contain_text("Cy found no fit.")
    is_calm(dee)
    asks.get_by_label("Whom would you like to meet now?").fill(SHARPER)
    asks.get_by_role("button", name="Keep it").click()
    expect(dee.get_by_role("status").first).to_contain_text("Cy, who found no fit before")
    cy.goto(act.url)
    expect(row).to_contain_text(SHARPER)
    is_calm(cy)
    row.get_by_role("button", name="Look again").click()
    expect(row.get_by_role("link", name="Introduce Dee")).to_be_visible()
    assert act.state("Cy", "Dee") is CommitmentState.OPEN


def test_a_wish_is_said_from_the_letter_signed_out(act: Acting, windows: Windows):
    for width, scheme in ((1280, "light"), (PHONE, "dark")):
        page = windows(width=width, scheme=scheme)
        page.goto(wish_link(act, "Dee"))
        assert findings(page, COLOURS if scheme == "dark" else EVERYTHING) == []
    page.get_by_label("Whom would you like to meet now?").fill(SHARPER)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("Whom would you like to meet now?")).to_have_value(SHARPER)


def test_what_came_of_it_and_thanks_are_read_by_the_giver(act: Acting, windows: Windows):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", reason="Both sail."))
    [ref] = act.refs()
    ben = windows(width=PHONE)
    ben.goto(f"/introduced/{act.introduction_token('Ben', ref)}")
    ben.get_by_label("A note that only you and Ada see").fill("She knows every bakery in town.")
    ben.get_by_role("button", name="We met").click()
    ben.get_by_label("Your thanks to Ada").fill("That was a lovely lunch.")
    ben.get_by_role("button", name="Send").click()
    is_calm(ben)
    ada = windows("Ada", width=PHONE)
    ada.goto("/record")
    line = ada.locator(f'[data-introduction="{ref}"]')
    for words in ("We met", "She knows every bakery in town.", "That was a lovely lunch.", "Both sail."):
        expect(line).to_contain_text(words)
    expect(ada.get_by_text("One introduction: one made. One led to a meeting or more.")).to_be_visible()
    is_calm(ada)


def test_fifteen_minutes_with_two_parked_ideas_that_come_back(act: Acting, windows: Windows):
    first = windows("Ada", width=PHONE)
    first.goto(act.url)
    first.get_by_role("link", name="Take fifteen minutes to think").click()
    is_calm(first)
    first.get_by_role("button", name="Begin").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Whom could Ben meet?")
    is_calm(first)
    first.get_by_label("Who comes to mind?").fill("Rosa Lind")
    first.get_by_label("Your idea, in a line").fill("She runs three bakeries.")
    first.get_by_role("button", name="Park the idea").click()
    # Another device goes on where this one was; it has no scripts.
    second = windows("Ada", width=PHONE, scripts=False)
    second.goto("/fifteen-minutes")
    expect(second.get_by_role("heading", level=1)).to_have_text("Whom could Cy meet?")
    second.get_by_label("Your idea, in a line").fill("Ask at the museum.")
    second.get_by_role("button", name="Park the idea").click()
    second.get_by_role("button", name="Nobody today, go on").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("That was it for today")
    expect(second.get_by_text("You parked two ideas.")).to_be_visible()
    for receiver in ("Ben", "Cy"):
        act.browser("Ada").submit(act.promise_url(receiver, "no-fit"), {"line": ""})
    act.turn(15)
    act.now += timedelta(days=16)
    act.open()
    first.goto(act.url)
    ideas = first.locator("#ideas [data-idea]")
    expect(ideas).to_have_count(2)
    is_calm(first)
    ideas.filter(has_text="Ask at the museum.").get_by_role("button", name="Drop it").click()
    expect(ideas).to_have_count(1)
    ideas.get_by_role("link", name="Introduce Ben").click()
    expect(first.get_by_label("To whom?")).to_have_value("Rosa Lind")
    first.get_by_role("button", name="Log it").click()
    expect(first.locator("#ideas")).to_have_count(0)
    assert [row.contact_name for row in act.rows()] == ["Rosa Lind"]


def test_the_pages_of_thinking_are_calm_for_everybody(act: Acting, windows: Windows):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", reason="Both sail."))
    for path in ("/record", "/record/introductions/new", "/you/fifteen-minutes", "/fifteen-minutes"):
        page = windows("Ada")
        page.goto(path)
        assert findings(page) == [], path
        narrow = windows("Ada", width=320, scheme="dark")
        narrow.goto(path)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320, path
