"""The ring, the matrix and the lists answer one another: by mouse, by touch, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.cast import Cast
from tests.web.acting import Acting


@pytest.fixture
def act(cast: Cast) -> Acting:
    """Ada introduced Ben and asks for Cy; Dee made something for Ada."""
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    ada.submit(act.promise_url("Cy", "asking"), {"contact_name": "Jo Tan"})
    act.browser("Dee").submit(act.log_url(), act.form("Ada"))
    return act


def lit(page: Page) -> tuple[list[str | None], list[str | None]]:
    """Return which arcs of the ring and which cells of the matrix stand out, as giver-receiver by seat."""
    arcs = page.eval_on_selector_all("svg.ring .lit", "all => all.map(one => one.dataset.arc)")
    cells = page.eval_on_selector_all(
        "table.matrix .lit", "all => all.map(one => `${one.parentNode.rowIndex - 1}-${one.cellIndex - 1}`)"
    )
    return arcs, cells


def said(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


def cell(act: Acting, giver: str, receiver: str) -> str:
    refs = act.stage.refs
    return f'td[data-giver="{refs[giver]}"][data-receiver="{refs[receiver]}"]'


def test_a_cell_answers_in_the_ring_by_mouse_and_by_focus(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    page.hover(cell(act, "Ada", "Cy"))
    assert (lit(page), said(page)) == ((["0-2"], ["0-2"]), "Ada for Cy: asking")
    page.mouse.move(0, 0)
    assert (lit(page), said(page)) == (([], []), "")
    page.focus(cell(act, "Ada", "Ben"))
    assert (lit(page), said(page)) == ((["0-1"], ["0-1"]), "Ada for Ben: introduced")


def test_an_arc_answers_in_the_matrix(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    arc = page.locator('svg.ring [data-arc="3-0"]')
    arc.scroll_into_view_if_needed()
    on_it = arc.evaluate(
        "it => { const at = it.getPointAtLength(it.getTotalLength() / 4).matrixTransform(it.getScreenCTM());"
        " return [at.x, at.y]; }"
    )
    page.mouse.move(*on_it)
    assert (lit(page), said(page)) == ((["3-0"], ["3-0"]), "Dee for Ada: introduced")


def test_a_member_in_the_ring_answers_with_all_they_promised(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    page.locator("svg.ring g").nth(3).hover()
    assert lit(page)[1] == ["3-0", "3-1", "3-2", "3-4"]
    assert said(page) == "Dee: 1 of 4 made"


def test_a_line_of_either_list_answers_in_ring_and_matrix(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    page.locator("#given").get_by_role("link", name="Introduce Eve").focus()
    assert (lit(page), said(page)) == ((["0-4"], ["0-4"]), "Ada for Eve: still open")
    page.locator("#received li", has_text="Dee").hover()
    assert (lit(page), said(page)) == ((["3-0"], ["3-0"]), "Dee for Ada: introduced")


def test_arrows_walk_the_matrix_and_its_names(act: Acting, windows: Windows):
    page = windows("Ada")
    page.goto(act.url)
    page.focus(cell(act, "Ada", "Ben"))
    page.keyboard.press("ArrowRight")
    assert lit(page)[1] == ["0-2"]
    page.keyboard.press("ArrowDown")
    # From Ben for Cy over Ben's own place, which is empty, to Ben for Ada and to his name.
    for key in ("ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    assert said(page) == "Ben: 0 of 4 made"
    expect(page.locator("svg.ring g.named")).to_have_text("BK")


def test_a_tap_answers_on_a_phone(act: Acting, windows: Windows):
    page = windows("Ada", width=390)
    page.goto(act.url)
    page.locator(cell(act, "Ada", "Cy")).click()
    expect(page.locator("[data-said]")).to_have_text("Ada for Cy: asking")


def test_without_scripts_the_same_facts_stand_in_the_table(act: Acting, windows: Windows):
    page = windows("Ada", scripts=False)
    page.goto(act.url)
    expect(page.locator(f'{cell(act, "Ada", "Cy")}[data-state="asking"]')).to_have_text("…asking")
