"""What is done from the circle page comes back to the row it was done in, with the way to undo it."""

import re

import pytest
from werkzeug.test import TestResponse

from circle.rules.states import CommitmentState
from tests.cast import Cast
from tests.client import Client
from tests.web.acting import Acting


@pytest.fixture
def act(cast: Cast) -> Acting:
    return Acting(cast)


def row_after(browser: Client, answer: TestResponse) -> str:
    """Follow an answer and return the row it leads to, as the page shows it."""
    assert answer.status_code == 303
    address, _, row = answer.location.partition("#")
    page = browser.get(address).text
    assert page.count(f'id="{row}"') == 1
    return page.partition(f'id="{row}"')[2].partition("</li>")[0]


def undo_in(row: str) -> str:
    return re.findall(r'class="flash undoable".*?action="([^"]+)"', row, re.DOTALL)[0].replace("&amp;", "&")


def test_a_log_comes_back_to_its_row_and_is_undone_there(act: Acting):
    ada = act.browser("Ada")
    row = row_after(ada, ada.submit(act.log_url(), act.form("Cy")))
    assert "You introduced Cy to Rosa Lind." in row
    again = row_after(ada, ada.submit(undo_in(row)))
    assert "Withdrawn. Your promise to Cy is open again." in again
    assert act.state("Ada", "Cy") is CommitmentState.OPEN


def test_a_log_for_several_is_undone_row_by_row(act: Acting):
    ada = act.browser("Ada")
    # Named against the order of their seats, so that the rows cannot be right by chance.
    page = ada.get(ada.submit(act.log_url(), act.form("Eve", "Cy")).location.partition("#")[0]).text
    rows = {
        name: page.partition(f'id="for-{act.stage.refs[name]}"')[2].partition("</li>")[0]
        for name in ("Cy", "Eve")
    }
    ada.submit(undo_in(rows["Cy"]))
    assert (act.state("Ada", "Cy"), act.state("Ada", "Eve")) == (
        CommitmentState.OPEN,
        CommitmentState.INTRODUCED,
    )


def test_asking_is_undone_in_its_row_and_spares_nobody(act: Acting):
    ada = act.browser("Ada")
    row = row_after(ada, ada.submit(act.promise_url("Ben", "asking"), {"contact_name": "Jo Tan"}))
    assert "Noted. Come back when you have an answer." in row
    undone = row_after(ada, ada.submit(undo_in(row)))
    assert "Your introduction for Ben is open again.</p>" in undone
    assert "not suggested" not in undone


def test_a_pass_is_undone_in_its_row(act: Acting):
    ada = act.browser("Ada")
    row = row_after(ada, ada.submit(act.promise_url("Dee", "no-fit"), {"line": "Nobody yet."}))
    assert "Noted: no fit for Dee" in row
    row_after(ada, ada.submit(undo_in(row)))
    assert act.state("Ada", "Dee") is CommitmentState.OPEN


def test_a_yes_counts_in_its_row_and_is_undone_there(act: Acting):
    ada = act.browser("Ada")
    typed = {"contact_name": "Jo Tan", "shape": "together", "synergy": ""}
    ada.submit(act.promise_url("Eve", "draft"), typed)
    row = row_after(ada, ada.submit(act.promise_url("Eve", "draft/sending")))
    assert "You introduced Eve to Jo Tan." in row
    row_after(ada, ada.submit(undo_in(row)))
    assert act.state("Ada", "Eve") is CommitmentState.OPEN


@pytest.mark.parametrize(
    ("what", "form", "said"),
    [
        ("answer", {"outcome": "met"}, "Ada will read it"),
        ("thanks", {"text": "Grand."}, "on their way to Ada"),
    ],
)
def test_an_answer_comes_back_to_the_introduction(what, form, said, act: Acting):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    ben = act.browser("Ben")
    row = row_after(ben, ben.submit(f"/introductions/{act.refs()[0]}/{what}", form))
    assert said in row
    assert "Change your" in row


def test_changed_thanks_are_saved_and_said_to_be_changed(act: Acting):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    ben, url = act.browser("Ben"), f"/introductions/{act.refs()[0]}/thanks"
    first = row_after(ben, ben.submit(url, {"text": "Grand."}))
    assert '<button class="button">Save</button>' in first
    changed = row_after(ben, ben.submit(url, {"text": "Grander."}))
    assert "Changed." in changed
    assert "on their way" not in changed


def test_a_wish_comes_back_to_the_wish(act: Acting):
    ada = act.browser("Ada")
    answer = ada.submit(f"{act.url}/wish", {"wish": "Bakers"})
    section = ada.get(act.url).text.partition(f'id="{answer.location.partition("#")[2]}"')[2]
    assert "Noted. The others read it" in section.partition("</section>")[0]


def test_what_has_no_row_on_the_next_page_is_said_at_its_top(act: Acting):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Cy"))
    page = ada.get("/people-i-know").text
    assert "You introduced Cy to Rosa Lind." in page.partition('class="flashes"')[2]
    assert "You introduced Cy" not in ada.get(act.url).text


def test_from_any_page_it_is_one_step_to_the_only_circle(act: Acting):
    ada = act.browser("Ada")
    ways = re.findall(
        r'<a href="([^"]+)">Your circles</a>', ada.get("/meetings/new").text.partition("<main")[0]
    )
    assert [ada.get(way).location for way in ways] == [act.url]
