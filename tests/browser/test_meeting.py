"""On a phone, after a meeting: six people pasted, three introductions made."""

import re

import pytest
from playwright.sync_api import Page, expect

from circle.rules.states import CommitmentState
from tests.browser.conftest import Windows
from tests.browser.fit import findings
from tests.browser.test_thinking import PHONE, is_calm
from tests.cast import Cast
from tests.web.acting import Acting

SIX = """1. Rosa Lind, runs three bakeries, rosa@example.net
- Tom Müller <tom@example.net>
Idris Bello (Bello Boats)
hana@example.net Hana Kubo
Mia Wolf
Zoë Marr; zoe@example.net
"""
MAILTO = re.compile(r"^mailto:rosa@example\.net,ben@example\.org\?subject=Rosa")


@pytest.fixture
def act(cast: Cast) -> Acting:
    return Acting(cast)


def write_to(page: Page, *names: str) -> None:
    """Choose these people and write the mail."""
    for name in names:
        page.get_by_role("checkbox", name=re.compile(f"^{name}")).check()
    page.get_by_role("button", name="Write the mail").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_after_a_meeting_with_six_pasted_names_three_introductions(
    scripts: bool, act: Acting, windows: Windows
):
    page = windows("Ada", width=PHONE, scripts=scripts)
    page.goto("/people-i-know")
    page.get_by_role("link", name="After a meeting").click()
    page.get_by_label("Whom did you meet?").fill(SIX)
    page.get_by_label("Where you met").fill("Trade fair")
    expect(page.get_by_label("Keep them among the people I know")).to_be_checked()
    page.get_by_role("button", name="Choose whom to put together").click()
    expect(page.get_by_role("checkbox")).to_have_count(10)

    write_to(page, "Rosa Lind", "Ben Katz")
    expect(page.get_by_label("Subject")).to_have_value("Rosa Lind, meet Ben Katz")
    link = page.get_by_role("link", name="Open it in your mail program")
    expect(link).to_have_attribute("href", MAILTO)
    page.get_by_label("Text").fill("Rosa and Ben, you should meet.\n\nAda")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_label("Text")).to_have_value("Rosa and Ben, you should meet.\n\nAda")
    page.get_by_role("button", name="Yes, I sent it").click()
    expect(page.get_by_role("status").first).to_contain_text("It counts for Ben.")

    write_to(page, "Tom Müller", "Cy Marsh")
    page.get_by_role("button", name="Yes, I sent it").click()
    expect(page.get_by_role("status").first).to_contain_text("It counts for Cy.")

    write_to(page, "Hana Kubo", "Zoë Marr")
    page.get_by_role("button", name="Yes, I sent it").click()
    expect(page.get_by_role("status").first).to_contain_text("It stands in your own record.")
    expect(page.locator("#mails [data-mail]")).to_have_count(3)
    expect(page.locator("#mails").get_by_text("Sent on")).to_have_count(3)

    page.goto("/record")
    expect(page.get_by_text("Three introductions: three made.")).to_be_visible()
    page.goto("/people-i-know")
    expect(page.locator("ul.people > li")).to_have_count(6)
    states = [act.state("Ada", one) for one in ("Ben", "Cy", "Dee")]
    assert states == [CommitmentState.INTRODUCED] * 2 + [CommitmentState.OPEN]


def test_its_pages_are_calm_for_everybody(act: Acting, windows: Windows):
    page, narrow = windows("Ada"), windows("Ada", width=PHONE, scheme="dark")
    page.goto("/meetings/new")
    page.get_by_role("button", name="Choose whom to put together").click()
    expect(page.get_by_role("alert")).to_contain_text("Write down whom you met, one on each line.")
    assert findings(page) == []
    page.get_by_label("Whom did you meet?").fill(SIX)
    page.get_by_role("button", name="Choose whom to put together").click()
    page.get_by_role("button", name="Write the mail").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one of those whom you met.")
    assert findings(page) == []
    meeting = page.url.removesuffix("/drafts")
    write_to(page, "Rosa Lind", "Mia Wolf", "Ben Katz")
    assert findings(page) == []
    for address in (page.url, meeting, "/meetings/new"):
        narrow.goto(address)
        is_calm(narrow)
