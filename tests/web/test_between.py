"""What was made between rounds, on the pages: kept when it is logged, and counted with one press."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from circle.models import Round
from circle.models.base import as_row
from circle.rules.states import CommitmentState
from circle.services.work import writing
from tests.web.acting import Acting

IDRIS = "Idris Bello"
OFFER = "Count it in this round"


@pytest.fixture
def act(cast) -> Acting:
    """Ada made one for Ben in her own record; the round that takes it is open."""
    acting = Acting(cast)
    acting.browser("Ada").submit("/record/introductions", acting.form("Ben", contact_name=IDRIS))
    return acting


def offered(page: str) -> str:
    found = re.search(r'name="introduction" value="([^"]+)"', page)
    return found[1] if found else ""


def test_the_circle_page_offers_it_and_one_press_counts_it(act):
    ada = act.browser("Ada")
    page = ada.get(act.url).text
    assert (OFFER in page, IDRIS in page) == (True, True)
    answer = ada.submit(act.promise_url("Ben", "counting"), {"introduction": offered(page)})
    assert (answer.status_code, act.state("Ada", "Ben")) == (303, CommitmentState.INTRODUCED)
    assert OFFER not in ada.get(act.url).text


def test_the_page_of_whom_to_think_of_offers_it(act):
    assert OFFER in act.browser("Ada").get(act.promise_url("Ben", "").rstrip("/")).text


def test_the_link_of_a_letter_offers_it_without_a_name_that_stood_not_in_it(act):
    url = f"/promises/{act.promise_token('Ada', 'Ben')}"
    reader = act.cast.client()
    page = reader.get(url).text
    assert (OFFER in page, IDRIS in page) == (True, False)
    reader.submit(f"{url}/counting", {"introduction": offered(page)})
    assert act.state("Ada", "Ben") is CommitmentState.INTRODUCED
    assert act.promise("Ada", "Ben").by_link


@pytest.mark.parametrize("first", ["Ben", "Cy", "Dee"])
def test_nobody_else_is_offered_it(act, first):
    page = act.browser(first).get(act.url).text
    assert (OFFER in page, IDRIS in page) == (False, False)


@pytest.mark.parametrize("ref", ["", "\0", "x" * 1_000, "nosuchone"])
def test_what_is_not_there_is_refused_in_words(act, ref):
    answer = act.browser("Ada").submit(act.promise_url("Ben", "counting"), {"introduction": ref})
    assert (answer.status_code, "no such introduction" in answer.text) == (409, True)


def test_a_log_after_the_round_says_that_it_is_kept(act):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    with act.app.app_context(), writing() as session:
        long_ago = act.now - timedelta(days=2)
        session.execute(update(as_row(Round)).values(due_at=long_ago, turns_at=long_ago))
    act.turn(0)
    page = ada.submit(act.log_url(), act.form("Ben", contact_name="Jo Tan"), follow_redirects=True).text
    assert "For Ben it is kept in your record: the next round offers to count it." in page
