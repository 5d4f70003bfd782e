"""Pages of progress: on paper one sheet each, whoever is in the circle, and on the smallest phone."""

import re
from datetime import timedelta
from itertools import permutations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from circle.models import Commitment, Introduction, Person, RosterMember
from circle.rules.states import CommitmentState, Outcome, Synergy
from circle.services.work import writing
from tests.browser.conftest import Windows
from tests.cast import Cast
from tests.web.acting import Acting

PLAIN = ("Ada Obi", "Ben Katz", "Cy Marsh", "Dee Patel", "Eve Ruiz", "Gil Haddad")
HOSTILE = (
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswesse",
    "عبد الرحمن بن محمد آل سعود المعروف بأبي يوسف",
    "王小明 · 株式会社東京特許許可局横浜支店長",
    "W" * 80,
    "Þórdís Kolbrún Reykfjörð Gylfadóttir-Hallgrímsdóttir af Seltjarnarnesi",
    "🧑‍🚀 Zoë",
)
WISH = (
    "Owners of small hotels in the north-west who are about to renovate, or to open a second house by the sea"
)
THANKS = "We talked for two hours about boats and budgets, and I left with three more names and a plan."


@pytest.fixture
def act(cast: Cast) -> Acting:
    """Six in a round in which everything is made and much is said."""
    act = Acting(cast, opened=False)
    cast.join(act.stage, cast.person("Gil"))
    act.open()
    return act


def call(act: Acting, names: tuple[str, ...]) -> None:
    """Give everybody their name and a wish, and let everybody introduce everybody, with thanks for six."""
    with act.app.app_context(), writing() as session:
        people = session.scalars(select(Person).order_by(Person.id)).all()
        members = {one.person_id: one for one in session.scalars(select(RosterMember))}
        promises = {(one.giver_id, one.receiver_id): one for one in session.scalars(select(Commitment))}
        for person, name in zip(people, names, strict=True):
            person.name, person.wish = name, WISH
            members[person.id].wish = WISH
        for at, (giver, receiver) in enumerate(permutations(people, 2)):
            promise = promises[giver.id, receiver.id]
            promise.state = CommitmentState.INTRODUCED
            session.add(
                Introduction(
                    circle_id=act.stage.id,
                    round_id=promise.round_id,
                    commitment_id=promise.id,
                    giver_id=giver.id,
                    receiver_id=receiver.id,
                    contact_name=names[at % 6],
                    synergy=list(Synergy)[at % 3],
                    made_on=(act.now + timedelta(days=at % 5)).date(),
                    logged_at=act.now,
                    outcome=list(Outcome)[at % 5],
                    thanks=THANKS if at % 5 == 0 else "",
                    thanks_at=act.now if at % 5 == 0 else None,
                    thanks_shared=at % 5 == 0,
                )
            )


def sheets(page: Page) -> int:
    """Print a page on A4 and count the sheets."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


@pytest.mark.parametrize("path", ["", "/rounds/1", "/gathering"])
@pytest.mark.parametrize("names", [PLAIN, HOSTILE], ids=["plain", "hostile"])
def test_six_members_fit_on_one_sheet(path: str, names: tuple[str, ...], act: Acting, windows: Windows):
    call(act, names)
    page = windows("Ada")
    page.goto(act.url + path)
    expect(page.get_by_text(THANKS).first).to_be_attached()
    assert sheets(page) == 1


def test_a_page_that_is_long_takes_more_than_one_sheet(act: Acting, windows: Windows):
    """Else the count of sheets could not fail."""
    page = windows("Ada")
    page.goto("/patterns")
    assert sheets(page) > 1


@pytest.mark.parametrize("width", [320, 640])
@pytest.mark.parametrize("path", ["/rounds/1", "/gathering", "/rounds/across"])
def test_no_name_makes_a_page_scroll_sideways(path: str, width: int, act: Acting, windows: Windows):
    call(act, HOSTILE)
    page = windows("Ada", width=width)
    page.goto(act.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_meeting_of_six_fits_on_one_screen(act: Acting, windows: Windows):
    call(act, PLAIN)
    page = windows("Ada", width=1920)
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{act.url}/gathering")
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080


def test_the_sheet_that_is_passed_round_names_nobody_outside_the_circle(act: Acting, windows: Windows):
    call(act, PLAIN)
    page = windows("Ada")
    page.goto(f"{act.url}/rounds/1")
    known = page.locator(".made li li b:visible")
    expect(known).to_have_count(10)  # Ada's five and the five that were made for her
    page.emulate_media(media="print")
    expect(page.locator(".made li li:visible")).to_have_count(30)
    expect(known).to_have_count(0)


def test_marks_stay_apart_where_the_colours_are_the_readers(act: Acting, windows: Windows):
    call(act, PLAIN)
    page = windows("Ada")
    page.emulate_media(forced_colors="active")
    page.goto(f"{act.url}/rounds/across")
    look = "one => (({fill, strokeWidth, strokeDasharray}) => fill + strokeWidth + strokeDasharray)"
    look += "(getComputedStyle(one))"
    looks = [page.locator(f"rect.{name}").first.evaluate(look) for name in ("in-time", "late", "promised")]
    assert len(set(looks)) == 3
