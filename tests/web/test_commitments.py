"""Pages of promises: no fit, asking first, taking back."""

import html
import re

import pytest

from circle.rules.states import CommitmentState
from tests.web.acting import Acting


@pytest.fixture
def act(cast):
    return Acting(cast)


def test_no_fit_is_one_button_and_a_line_if_wanted(act):
    browser = act.browser("Ada")
    assert browser.get(act.promise_url("Ben", "no-fit")).status_code == 200
    assert browser.submit(act.promise_url("Ben", "no-fit"), {"line": "Sorry"}).status_code == 303
    assert act.state("Ada", "Ben") is CommitmentState.PASSED


def test_the_receiver_reads_the_line_on_the_circle_page(act):
    act.browser("Ada").submit(act.promise_url("Ben", "no-fit"), {"line": "Would a supplier help?"})
    assert "Would a supplier help?" in act.browser("Ben").get(act.url).text


def test_nobody_else_reads_the_line(act):
    act.browser("Ada").submit(act.promise_url("Ben", "no-fit"), {"line": "Would a supplier help?"})
    pages = [act.browser("Cy").get(url).text for url in (act.url, f"{act.url}/rounds/1")]
    assert not any("supplier" in page for page in pages)


def test_a_line_that_is_too_long_keeps_what_was_typed(act):
    answer = act.browser("Ada").submit(act.promise_url("Ben", "no-fit"), {"line": "long " * 100})
    assert (answer.status_code, "long long" in answer.text) == (422, True)


def test_asking_first_leads_to_a_log_form_with_the_name_filled_in(act):
    browser = act.browser("Ada")
    browser.submit(act.promise_url("Ben", "asking"), {"contact_name": "Marta Koch"})
    page = browser.get(f"{act.log_url()}/new?for={act.stage.refs['Ben']}").text
    assert 'value="Marta Koch"' in page


def test_asking_nobody_is_answered_beside_the_field(act):
    answer = act.browser("Ada").submit(act.promise_url("Ben", "asking"), {"contact_name": ""})
    assert (answer.status_code, "Please type a name." in answer.text) == (422, True)


def test_the_form_of_asking_can_be_read(act):
    assert act.browser("Ada").get(act.promise_url("Ben", "asking")).status_code == 200


@pytest.mark.parametrize("what", ["no-fit", "asking"])
def test_taking_it_back_is_one_button(act, what):
    browser = act.browser("Ada")
    browser.submit(act.promise_url("Ben", what), {"contact_name": "Marta Koch"})
    for _ in range(2):
        assert browser.submit(act.promise_url("Ben", "opening")).status_code == 303
    assert act.state("Ada", "Ben") is CommitmentState.OPEN


def test_an_introduction_is_not_taken_back_by_the_wrong_button(act):
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben"))
    assert browser.submit(act.promise_url("Ben", "opening")).status_code == 409


@pytest.mark.parametrize("what", ["no-fit", "asking", "opening"])
def test_a_promise_to_yourself_is_not_found(act, what):
    assert act.browser("Ada").submit(act.promise_url("Ada", what)).status_code == 404


def test_who_said_not_now_is_named_as_left_in_peace(act):
    ada = act.browser("Ada")
    ada.submit(act.promise_url("Ben", "asking"), {"contact_name": "Marta Koch"})
    page = ada.submit(act.promise_url("Ben", "opening"), {}, follow_redirects=True).text
    assert "Your introduction for Ben is open again. Marta is not suggested for Ben for two months." in page


def undo_in(page):
    """Return the address of the way to undo what was just done."""
    return html.unescape(re.search(r'action="([^"]+)"[^>]*>(?:(?!</form>).)*Undo', page, re.DOTALL).group(1))


@pytest.mark.parametrize("press", ["log", "no-fit", "not now"])
def test_undo_brings_back_whom_you_asked(act, press):
    ada = act.browser("Ada")
    asking = act.promise_url("Ben", "asking")
    ada.submit(asking, {"contact_name": "Marta Koch"}, follow_redirects=True)
    if press == "log":
        page = ada.submit(act.log_url(), act.form("Ben"), follow_redirects=True).text
    else:
        url = act.promise_url("Ben", "opening" if press == "not now" else press)
        page = ada.submit(url, {}, follow_redirects=True).text
    assert "You asked <b><bdi>Marta Koch" not in page
    page = ada.submit(undo_in(page), {}, follow_redirects=True).text
    assert "waits for an answer again" in page
    assert "You asked <b><bdi>Marta Koch" in page
