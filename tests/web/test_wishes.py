"""Wishes on the pages: asked on the circle page and by the letter's link, and the way to look again."""

import re

import pytest

from circle.extensions import db
from circle.letters import links
from circle.models import Circle, Membership, Person, Round
from circle.rules.states import CommitmentState
from circle.services.work import writing
from tests.cast import DOES
from tests.snapshot import rows
from tests.web.acting import Acting

SHARPER = "Warehouse owners near Preston who still plan on paper"


@pytest.fixture
def act(cast) -> Acting:
    return Acting(cast)


@pytest.fixture
def link(act: Acting) -> str:
    """Dee's link to say her wish, from the letter that the round has opened."""
    return wish_link(act, "Dee")


def wish_link(act: Acting, first: str) -> str:
    with act.app.app_context():
        person = db.session.get_one(Person, act.cast.person(first).id)
        round_id = db.session.query(Round.id).scalar()
        return "/wish/" + links.wish(person, round_id).rpartition("/")[2]


def wish(act: Acting, first: str) -> str:
    with act.app.app_context():
        return db.session.get_one(Person, act.cast.person(first).id).wish


def part(page: str, heading: str) -> str:
    found = re.search(rf"<section[^>]*><header><h2>{heading}</h2>.*?</section>", page, re.DOTALL)
    return found[0] if found else ""


def test_the_circle_page_asks_until_it_is_said(act):
    dee = act.browser("Dee")
    before = part(dee.get(act.url).text, "Your wish")
    dee.submit(f"{act.url}/wish", {"wish": SHARPER})
    after = part(dee.get(act.url).text, "Your wish")
    assert ("<details>" in before, "<details>" in after, SHARPER in after) == (False, True, True)


def test_keeping_it_as_it_is_answers_too(act):
    dee = act.browser("Dee")
    dee.submit(f"{act.url}/wish", {"wish": DOES["Dee"][4]})
    assert "<details>" in part(dee.get(act.url).text, "Your wish")


def test_a_wish_too_long_is_shown_again_with_what_was_typed(act):
    answer = act.browser("Dee").submit(f"{act.url}/wish", {"wish": "x" * 301})
    assert answer.status_code == 422
    assert ("x" * 301 in answer.text, 'aria-invalid="true"' in answer.text) == (True, True)


def test_it_is_asked_again_after_a_pass_until_it_is_sharper(act):
    dee = act.browser("Dee")
    dee.submit(f"{act.url}/wish", {"wish": DOES["Dee"][4]})
    act.browser("Cy").submit(act.promise_url("Dee", "no-fit"), {"line": ""})
    asked = part(dee.get(act.url).text, "Your wish")
    answer = dee.submit(f"{act.url}/wish", {"wish": SHARPER})
    said = dee.get(answer.location).text
    assert "Cy found no fit." in asked
    assert "Cy, who found no fit before, will be asked to look again." in said
    assert "<details>" in part(said, "Your wish")


def test_the_giver_looks_again_from_the_circle_page(act):
    cy = act.browser("Cy")
    cy.submit(act.promise_url("Dee", "no-fit"), {"line": ""})
    assert "Look again" not in cy.get(act.url).text
    act.browser("Dee").submit(f"{act.url}/wish", {"wish": SHARPER})
    page = cy.get(act.url).text
    assert ("Look again" in page, "<bdi>Dee</bdi> says it more exactly now." in page) == (True, True)
    cy.submit(act.promise_url("Dee", "opening"))
    assert act.state("Cy", "Dee") is CommitmentState.OPEN


def test_the_giver_looks_again_by_the_link_of_the_letter(act, client):
    act.browser("Cy").submit(act.promise_url("Dee", "no-fit"), {"line": ""})
    act.browser("Dee").submit(f"{act.url}/wish", {"wish": SHARPER})
    link = f"/promises/{act.promise_token('Cy', 'Dee')}"
    page = client.get(link).text
    assert ("Look again for Dee?" in page, SHARPER in page) == (True, True)
    client.submit(f"{link}/opening")
    assert act.state("Cy", "Dee") is CommitmentState.OPEN


def test_the_link_says_it_signed_out(act, link, client):
    assert DOES["Dee"][4] in client.get(link).text
    answer = client.submit(link, {"wish": SHARPER})
    assert (answer.status_code, wish(act, "Dee")) == (303, SHARPER)


def test_looking_at_the_link_changes_nothing(act, link, client):
    before = rows(act.app)
    client.get(link)
    client.head(link)
    assert rows(act.app) == before


def test_the_link_shows_nobody_else(act, link, client):
    page = client.get(link).text
    assert not [words for first in ("Ada", "Ben", "Cy") for words in DOES[first] if words in page]


def test_a_forged_link_is_not_found(act, link, client):
    assert client.get(link[:-4] + "AAAA").status_code == 404


@pytest.mark.parametrize("how", ["sealed", "left", "signed out everywhere", "archived"])
def test_the_link_ends(act, link, client, how):
    with act.app.app_context(), writing() as session:
        dee = session.get_one(Person, act.cast.person("Dee").id)
        round_ = session.query(Round).one()
        if how == "sealed":
            round_.sealed_at = act.now
        elif how == "left":
            membership = session.query(Membership).filter_by(person_id=dee.id).one()
            membership.left_at, membership.seat = act.now, None
        elif how == "archived":
            session.get_one(Circle, act.stage.id).archived_at = act.now
        else:
            dee.link_epoch += 1
    assert client.get(link).status_code == 410
    assert client.submit(link, {"wish": SHARPER}).status_code == 410
    assert wish(act, "Dee") == DOES["Dee"][4]


def test_a_wish_stands_with_each_name_on_the_log_form(act):
    page = act.browser("Ada").get(f"{act.url}/rounds/1/introductions/new").text
    assert all(f"Would like to meet: {DOES[first][4]}" in page for first in ("Ben", "Cy", "Dee", "Eve"))


def test_the_rounds_page_keeps_what_was_wished_for(act):
    act.turn(15)
    act.browser("Dee").submit(f"{act.url}/wish", {"wish": SHARPER})
    page = act.browser("Ada").get(f"{act.url}/rounds/1").text
    assert (DOES["Dee"][4] in page, SHARPER in page) == (True, False)


def test_who_joined_after_the_opening_is_not_asked_on_the_page(act):
    act.cast.join(act.stage, act.cast.person("Gil"))
    assert part(act.browser("Gil").get(act.url).text, "Your wish") == ""


def test_an_emptied_wish_is_said_to_be_empty(act):
    dee = act.browser("Dee")
    page = dee.submit(f"{act.url}/wish", {"wish": " "}, follow_redirects=True).text
    assert "Your wish is empty now." in page
    assert "Noted." not in page
