"""Pages of introductions: logging, editing, answering, and the words beside a field that failed."""

from datetime import timedelta

import pytest

from circle.rules.states import CommitmentState, Outcome
from tests.web.acting import Acting


@pytest.fixture
def act(cast):
    return Acting(cast)


def test_the_log_form_has_the_receiver_ticked_and_the_day_filled_in(act):
    page = act.browser("Ada").get(f"{act.log_url()}/new?for={act.stage.refs['Ben']}").text
    assert (
        f'checked id="receiver_refs-0" name="receiver_refs" type="checkbox" value="{act.stage.refs["Ben"]}"'
        in page
    )
    assert act.now.date().isoformat() in page


def test_only_the_contacts_name_is_needed(act):
    answer = act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    assert (answer.status_code, act.state("Ada", "Ben")) == (303, CommitmentState.INTRODUCED)


def test_the_answer_names_both_and_offers_to_undo(act):
    page = act.browser("Ada").submit(act.log_url(), act.form("Ben", "Cy"), follow_redirects=True).text
    assert "You introduced Ben and Cy to Rosa Lind." in page
    assert page.count(">Undo</button>") == 2


def test_a_fellow_member_as_contact_is_said(act):
    form = act.form("Ben", contact_name="Cy Marsh")
    page = act.browser("Ada").submit(act.log_url(), form, follow_redirects=True).text
    assert "fills no promise" in page


def test_a_double_click_logs_once(act):
    browser = act.browser("Ada")
    for _ in range(2):
        assert browser.submit(act.log_url(), act.form("Ben")).status_code == 303
    assert len(act.refs()) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"contact_name": ""}, "Please type a name."),
        ({"contact_name": "x" * 81}, "Please keep the name to 80 characters."),
        ({"contact_name": "x" * 10_000}, "Please keep the name to 80 characters."),
        ({"contact_name": "Ro\u202esa"}, "cannot be shown"),
        ({"made_on": ""}, "Please give a day."),
        ({"made_on": "yesterday"}, "such as 2026-11-24"),
        ({"made_on": "9999-12-31"}, "still to come"),
        ({"made_on": "0001-01-01"}, "Choose that day or a later one."),
        ({"reason": "x" * 5000}, "Please keep this to 1,000 characters."),
        ({"receiver_refs": ""}, "Choose"),
        ({"receiver_refs": "nobody-knows-them"}, "Choose members of this round"),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field(act, changes, words):
    answer = act.browser("Ada").submit(act.log_url(), {**act.form("Ben"), **changes})
    assert (answer.status_code, words in answer.text, act.refs()) == (422, True, [])


def test_a_form_that_failed_keeps_what_was_typed(act):
    form = act.form("Ben", "Cy", made_on="9999-12-31", reason="Both love bread")
    page = act.browser("Ada").submit(act.log_url(), form).text
    assert all(kept in page for kept in ("Rosa Lind", "Both love bread", "9999-12-31"))


def test_yourself_as_receiver_is_refused_with_words(act):
    answer = act.browser("Ada").submit(act.log_url(), act.form("Ada"))
    assert (answer.status_code, "other than yourself" in answer.text) == (422, True)


def test_a_form_of_a_sealed_round_keeps_its_words_and_offers_the_open_round(act):
    act.turn(15)
    act.now += timedelta(days=16)
    act.open()
    act.now -= timedelta(days=16)
    answer = act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    assert (answer.status_code, f'action="{act.log_url(2)}"' in answer.text, "Rosa Lind" in answer.text) == (
        409,
        True,
        True,
    )


def test_a_sealed_round_without_an_open_one_says_so(act):
    act.turn(15)
    act.turn(60)
    answer = act.browser("Ada").get(f"{act.log_url()}/new")
    assert (answer.status_code, "is finished" in answer.text) == (409, True)


def test_a_round_that_never_was_is_not_found(act):
    assert act.browser("Ada").submit(act.log_url(77), act.form("Ben")).status_code == 404


def test_a_number_beyond_all_rounds_is_not_found(act):
    assert act.browser("Ada").get(f"{act.url}/rounds/99999999999999999999").status_code == 404


def test_a_form_from_a_signed_out_tab_changes_nothing(act, client):
    assert (client.submit(act.log_url(), act.form("Ben")).status_code, act.refs()) == (401, [])


def test_an_edit_is_kept(act):
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben"))
    form = {**act.form(), "contact_name": "Jo Tan", "synergy": "team_up", "channel": "call"}
    assert browser.submit(f"/introductions/{act.refs()[0]}", form).status_code == 303
    assert act.rows()[0].contact_name == "Jo Tan"


def test_an_edit_that_fails_says_why_and_changes_nothing(act):
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben"))
    answer = browser.submit(f"/introductions/{act.refs()[0]}", act.form(contact_name=""))
    assert (answer.status_code, act.rows()[0].contact_name) == (422, "Rosa Lind")


def test_the_edit_page_shows_what_was_said(act):
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben", synergy="team_up", reason="Both love bread"))
    page = browser.get(f"/introductions/{act.refs()[0]}").text
    assert "Both love bread" in page
    assert 'checked id="synergy-1"' in page


def test_a_withdrawal_is_one_button(act):
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben"))
    for _ in range(2):
        assert browser.submit(f"/introductions/{act.refs()[0]}/withdrawal").status_code == 303
    assert act.state("Ada", "Ben") is CommitmentState.OPEN


def test_an_answered_introduction_offers_no_withdrawal(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    act.browser("Ben").submit(f"/introductions/{act.refs()[0]}/answer", {"outcome": "met"})
    page = act.browser("Ada").get(f"/introductions/{act.refs()[0]}").text
    assert "Withdraw it" not in page
    assert act.browser("Ada").submit(f"/introductions/{act.refs()[0]}/withdrawal").status_code == 409


def test_the_receiver_answers_with_one_button(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    answer = act.browser("Ben").submit(f"/introductions/{act.refs()[0]}/answer", {"outcome": "met"})
    assert (answer.status_code, act.rows()[0].outcome) == (303, Outcome.MET)


def test_an_answer_that_is_none_is_refused_in_words(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    answer = act.browser("Ben").submit(f"/introductions/{act.refs()[0]}/answer", {"outcome": "magic"})
    assert (answer.status_code, "Choose one of the answers" in answer.text) == (409, True)


def test_thanks_are_shared_only_when_the_box_is_ticked(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    url, browser = f"/introductions/{act.refs()[0]}/thanks", act.browser("Ben")
    browser.submit(url, {"text": "What a find"})
    alone = act.rows()[0].thanks_shared
    browser.submit(url, {"text": "What a find", "shared": "y"})
    assert (alone, act.rows()[0].thanks_shared) == (False, True)


def test_thanks_that_are_too_long_keep_what_was_typed(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    answer = act.browser("Ben").submit(f"/introductions/{act.refs()[0]}/thanks", {"text": "Nice " * 200})
    assert (answer.status_code, "Nice Nice" in answer.text) == (422, True)


@pytest.mark.parametrize("what", ["", "/withdrawal", "/answer", "/thanks"])
@pytest.mark.parametrize("who", ["Cy", "Finn"])
def test_somebody_elses_introduction_is_not_found(act, who, what):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    assert act.browser(who).submit(f"/introductions/{act.refs()[0]}{what}").status_code == 404


def test_the_receiver_cannot_edit(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    assert act.browser("Ben").submit(f"/introductions/{act.refs()[0]}", act.form()).status_code == 404


def test_the_receiver_reads_an_introduction_without_its_form(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", reason="Both love bread"))
    page = act.browser("Ben").get(f"/introductions/{act.refs()[0]}").text
    assert ("Both love bread" in page, "contact_name" in page) == (True, False)
