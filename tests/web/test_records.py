"""The record on its pages: found, kept outside rounds, and offered for what a round takes no more."""

from datetime import timedelta

import pytest

from circle.rules.states import Outcome
from tests.web.acting import Acting

ROSA, TOM = "Rosa Lind", "Tom Müller"
NOTE = "She knows every warehouse in the north."


@pytest.fixture
def act(cast) -> Acting:
    return Acting(cast)


def said(act: Acting, **changes: object) -> dict[str, object]:
    return {"contact_name": ROSA, "other_name": TOM, "made_on": act.now.date().isoformat(), **changes}


def test_two_people_are_kept_and_found(act):
    ada = act.browser("Ada")
    answer = ada.submit("/record/introductions", said(act, reason="Both sail."))
    page = ada.get(answer.location).text
    assert (answer.status_code, TOM in page, "One introduction: one made." in page) == (303, True, True)
    assert TOM in ada.get("/record?words=muller").text
    assert "Nothing here answers that" in ada.get("/record?words=Idris").text


def test_an_empty_record_says_what_will_stand_there(act):
    assert "What you log for a round comes here by itself" in act.browser("Ada").get("/record").text


def test_a_form_without_names_comes_back_with_what_was_typed(act):
    answer = act.browser("Ada").submit("/record/introductions", said(act, other_name="", reason="Both sail."))
    assert (answer.status_code, "Both sail." in answer.text, "write their name" in answer.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize(
    "query", ["page=0", "page=-3", "page=x", "page=99999999999999999999", "words=%00", "outcome=x"]
)
def test_odd_addresses_are_answered(act, query):
    ada = act.browser("Ada")
    ada.submit("/record/introductions", said(act))
    assert ada.get(f"/record?{query}").status_code == 200


def test_it_is_changed_and_withdrawn_from_its_page(act):
    ada = act.browser("Ada")
    ada.submit("/record/introductions", said(act))
    [ref] = act.refs()
    assert TOM in ada.get(f"/introductions/{ref}").text
    ada.submit(f"/introductions/{ref}", said(act, other_name="Hana Kubo"))
    ada.submit(f"/introductions/{ref}/outcome", {"outcome": "met", "note": NOTE})
    page = ada.get("/record").text
    assert all(words in page for words in ("Hana Kubo", "We met", NOTE))
    assert ada.submit(f"/introductions/{ref}/withdrawal").location.endswith("/record")
    assert "Hana Kubo" not in ada.get("/record").text


def test_its_page_is_nobody_elses(act):
    act.browser("Ada").submit("/record/introductions", said(act))
    [ref] = act.refs()
    ben = act.browser("Ben")
    assert ben.get(f"/introductions/{ref}").status_code == 404
    assert ben.submit(f"/introductions/{ref}/outcome", {"outcome": "met"}).status_code == 404


def test_a_member_introduced_outside_rounds_reads_and_answers_it(act):
    refs = [act.stage.refs["Ben"]]
    act.browser("Ada").submit("/record/introductions", said(act, other_name="", receiver_refs=refs))
    [ref] = act.refs()
    ben = act.browser("Ben")
    assert ROSA in ben.get(f"/introductions/{ref}").text
    answer = ben.submit(f"/introductions/{ref}/answer", {"outcome": "met", "note": NOTE})
    assert answer.location.endswith("/record")
    assert [(row.outcome, row.outcome_note) for row in act.rows()] == [(Outcome.MET, NOTE)]
    assert NOTE in act.browser("Ada").get("/record").text


def test_the_link_of_the_letter_answers_it_too(act, client):
    refs = [act.stage.refs["Ben"]]
    act.browser("Ada").submit("/record/introductions", said(act, other_name="", receiver_refs=refs))
    link = f"/introduced/{act.introduction_token('Ben', act.refs()[0])}"
    assert ROSA in client.get(link).text
    client.submit(f"{link}/answer", {"outcome": "met", "note": NOTE})
    assert NOTE in client.get(link).text


def test_a_sealed_round_without_an_open_one_offers_the_record_with_all_that_was_typed(act):
    act.turn(15)
    act.turn(60)
    ada = act.browser("Ada")
    answer = ada.submit(act.log_url(), act.form("Ben", reason="Both sail."))
    kept = (ROSA, "Both sail.", 'action="/record/introductions"', 'checked id="receiver_refs-0"')
    assert (answer.status_code, [words for words in kept if words not in answer.text]) == (409, [])
    ada.submit("/record/introductions", act.form("Ben", reason="Both sail."))
    assert [(row.round_id, row.reason) for row in act.rows()] == [(None, "Both sail.")]


def test_a_sealed_round_beside_an_open_one_offers_both(act):
    act.turn(15)
    act.now += timedelta(days=16)
    act.open()
    act.now -= timedelta(days=16)
    page = act.browser("Ada").submit(act.log_url(), act.form("Ben")).text
    assert (f'action="{act.log_url(2)}"' in page, 'formaction="/record/introductions"' in page) == (
        True,
        True,
    )


def test_a_link_whose_round_is_sealed_loses_nothing_that_was_typed(act, client):
    link = f"/promises/{act.promise_token('Ada', 'Ben')}"
    act.turn(15)
    act.turn(60)
    answer = client.submit(f"{link}/introduction", act.form("Ben", reason="Both sail."))
    assert (answer.status_code, ROSA in answer.text, "Both sail." in answer.text) == (410, True, True)
    onward = f"/rounds/1/introductions/new?for={act.stage.refs['Ben']}"
    assert "/rounds/1/introductions/new" in answer.text
    assert "Keep it in your own record" in act.browser("Ada").get(act.url + onward).text


def test_the_giver_reads_the_note_and_nobody_else_does(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    [ref] = act.refs()
    act.browser("Ben").submit(f"/introductions/{ref}/answer", {"outcome": "met", "note": NOTE})
    readers = {
        first: NOTE
        in act.browser(first).get(f"{act.url}").text + act.browser(first).get(f"{act.url}/rounds/1").text
        for first in ("Ada", "Ben", "Cy")
    }
    assert readers == {"Ada": True, "Ben": True, "Cy": False}


def test_a_note_too_long_is_shown_again_beside_its_field(act, client):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    [ref] = act.refs()
    long = {"outcome": "met", "note": "x" * 501}
    signed_in = act.browser("Ben").submit(f"/introductions/{ref}/answer", long)
    by_link = client.submit(f"/introduced/{act.introduction_token('Ben', ref)}/answer", long)
    assert [(page.status_code, "x" * 501 in page.text) for page in (signed_in, by_link)] == [(422, True)] * 2


def test_who_left_reads_their_record_without_ways_into_the_circle(act):
    act.browser("Ben").submit(act.log_url(), act.form("Ada"))
    ben = act.browser("Ben")
    ben.submit(f"{act.url}/leaving")
    page = ben.get("/record").text
    assert (ROSA in page, "/introductions/" + act.refs()[0] in page) == (True, False)


def test_a_member_a_round_waits_for_is_named_beside_their_box(act):
    page = act.browser("Ada").get("/record/introductions/new").text
    assert "Round 1 still waits for you to introduce Ben: log it there." in page
