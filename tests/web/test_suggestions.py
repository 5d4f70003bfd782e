"""Pages of suggestions: who fits a member, setting aside and back, one question, and what a link may name."""

import re
from pathlib import Path

import pytest

from circle.extensions import db
from circle.letters import links
from circle.models import Contact, Person
from circle.rules.matching import people
from circle.rules.states import Synergy
from circle.services.knowing.suggestions import Suggested
from tests.acquaintances import know
from tests.web.acting import Acting

LENA = people.Contact("Lena Voss", "Voss & Co", "Shop fitter", "fits out small shops, loves chess")
NOTE = "Ben serves small shops, much like Lena (fits out small shops)."


@pytest.fixture
def act(cast):
    return Acting(cast)


def knows(act: Acting, *known: people.Contact, giver: str = "Ada") -> list[str]:
    person_id = act.cast.person(giver).id
    with act.app.app_context():
        ids = know(person_id, *known)
        refs = [db.session.get_one(Contact, each).public_id for each in ids]
        db.session.rollback()
    return refs


def page(act: Acting, what: str = "", who: str = "Ada", **query: str) -> str:
    url = act.promise_url("Ben", what).rstrip("/")
    return act.browser(who).get(url, query_string=query).text


def linked(act: Acting, *suggested: Suggested) -> str:
    """Return the path of the link in a letter of Ada's that named these people for Ben."""
    with act.app.app_context():
        ada = db.session.get_one(Person, act.cast.person("Ada").id)
        token = links.promise_token(ada, act.promise_id("Ada", "Ben"), (), suggested)
    return f"/promises/{token}"


def test_who_fits_is_shown_with_why_and_the_ways_on(act):
    [ref] = knows(act, LENA)
    shown = page(act)
    assert "Whom could you introduce to <bdi>Ben</bdi>?" in shown
    assert NOTE in shown
    for way in ("draft?to=another&amp;whom=", "asking?whom="):
        assert f"{way}{ref}" in shown
    assert f"whom={ref}" in re.findall(r'href="([^"]*introductions/new[^"]*)"', shown)[0]


def test_nobody_else_reads_a_givers_suggestions(act):
    knows(act, LENA)
    for who in ("Ben", "Cy"):
        url = act.promise_url("Ben", "").rstrip("/")
        assert "Lena" not in act.browser(who).get(url).text


@pytest.mark.parametrize("what", ["draft", "asking"])
def test_a_suggestion_fills_in_the_form(act, what):
    [ref] = knows(act, LENA)
    assert f"whom={ref}" in page(act, what)
    assert 'value="Lena Voss"' in page(act, what, whom=ref).partition("<datalist")[0]


def test_a_suggestion_fills_in_name_and_why_of_a_draft_and_of_a_log(act):
    [ref] = knows(act, LENA)
    for shown in (
        page(act, "draft", whom=ref),
        act.browser("Ada").get(f"{act.log_url()}/new?for={act.stage.refs['Ben']}&whom={ref}").text,
    ):
        assert 'value="Lena Voss"' in shown.partition("<datalist")[0]
        assert re.search(r'<input checked[^>]*value="same_clients"', shown)
        assert NOTE in shown


def test_a_note_is_never_filled_in_as_the_reason_both_will_see(act):
    [ref] = knows(act, LENA)
    shown = act.browser("Ada").get(f"{act.log_url()}/new?for={act.stage.refs['Ben']}&whom={ref}").text
    assert re.search(r'<textarea[^>]*name="reason"[^>]*>\s*</textarea>', shown)


def test_somebody_who_was_not_offered_fills_in_nothing(act):
    knows(act, LENA)
    [other] = knows(act, people.Contact("Ned Hart"), giver="Cy")
    for whom in (other, "x" * 5000, "\0"):
        assert "Ned Hart" not in page(act, "draft", whom=whom)


@pytest.mark.parametrize(("kind", "words"), [("later", "Comes back on"), ("for_good", "For good.")])
def test_one_press_sets_somebody_aside_and_one_brings_them_back(act, kind, words):
    [ref] = knows(act, LENA)
    browser, form = act.browser("Ada"), {"contact": ref, "kind": kind}
    after = browser.submit(act.promise_url("Ben", "dismissals"), form, follow_redirects=True).text
    assert f"<bdi>Lena</bdi> is set aside for <bdi>Ben</bdi>. {words}" in after
    assert NOTE not in after
    assert "Undo" in after
    back = act.promise_url("Ben", "dismissals/removal")
    assert NOTE in browser.submit(back, {"contact": ref}, follow_redirects=True).text


def test_a_stale_button_says_so(act):
    answer = act.browser("Ada").submit(act.promise_url("Ben", "dismissals"), {"contact": "gone"})
    assert (answer.status_code, "not among the people you know" in answer.text) == (409, True)


def test_where_little_is_known_one_question_is_asked_and_its_answer_kept(act):
    [ref] = knows(act, people.Contact("Tom Hale", "", "Translator"))
    assert "Whom does Tom serve?" in page(act)
    form = {"contact": ref, "asked": "SERVES", "answer": "Small shops"}
    after = act.browser("Ada").submit(act.promise_url("Ben", "answer"), form, follow_redirects=True).text
    assert "Ben serves small shops, and so does Tom." in after


def test_an_empty_answer_is_asked_for_again_beside_the_field(act):
    [ref] = knows(act, people.Contact("Tom Hale", "", "Translator"))
    form = {"contact": ref, "asked": "SERVES", "answer": " "}
    answer = act.browser("Ada").submit(act.promise_url("Ben", "answer"), form)
    assert answer.status_code == 422
    assert "Please write a word or two." in answer.text
    # It takes the focus: on a phone the question stands below what the page begins with.
    assert re.search(r"autofocus.*Not saved yet", answer.text)
    assert "Whom does Tom serve?" in answer.text


def test_where_nobody_fits_it_is_said_with_the_three_questions(act):
    knows(act, people.Contact("Ned Hart", line="blacksmith for stables, loves opera"))
    shown = page(act)
    assert "Nobody you wrote down fits yet" in shown
    assert "Who serves the same kind of clients as Ben" in shown
    assert "Who shares a hobby or a cause with Ben?" in shown


def test_somebody_introduced_often_lately_is_shown_last_with_the_reason(act):
    knows(act, LENA)
    act.browser("Ada").submit(act.log_url(), act.form("Cy", "Dee", contact_name="Lena Voss"))
    assert "You introduced them twice in the last two months." in page(act)


def test_the_circle_page_names_one_for_each_member_to_the_giver_alone(act):
    knows(act, LENA, people.Contact("Kit Lowe", line="dentist, cycles to work"))
    shown = act.browser("Ada").get(act.url).text
    assert shown.count(NOTE) == 1
    assert "Kit Lowe" not in shown
    assert "Lena" not in act.browser("Cy").get(act.url).text


def test_the_circle_page_leaves_in_peace_who_was_introduced_often(act):
    knows(act, LENA)
    act.browser("Ada").submit(act.log_url(), act.form("Cy", "Dee", contact_name="Lena Voss"))
    assert NOTE not in act.browser("Ada").get(act.url).text


@pytest.mark.parametrize("way", ["typed", "typed and asked", "typed again", "suggested", "asked signed in"])
def test_a_link_says_where_somebody_works_only_if_they_were_named_to_it(act, way):
    """Else whoever holds a forwarded letter could type names, and read what their giver noted of them."""
    with act.app.app_context():
        know(act.cast.person("Ada").id, people.Contact("Zoe Holm", "Zqfirm", "Zqoffice"))
    url = linked(act, *([Suggested("", "Zoe Holm", "", None)] if way == "suggested" else []))
    reader, typed = act.cast.client(), {"contact_name": "Zoe Holm"}
    if way == "asked signed in":
        act.browser("Ada").submit(act.promise_url("Ben", "asking"), typed)
    elif way == "typed and asked":
        url = reader.submit(f"{url}/asking", typed).headers["Location"]
    elif way == "typed again":
        reader.submit(f"{url}/draft", typed)
        typed["shape"] = "ask_member"
    page = reader.submit(f"{url}/draft", typed, follow_redirects=True).text
    assert "Zoe Holm" in page
    assert ("Zqoffice at Zqfirm" in page) is (way in {"suggested", "asked signed in"})


def test_the_circle_page_stays_light_with_suggestions(act):
    names = ("Lena Voss", "Kit Lowe", "Jo Tan", "Ida Holm")
    knows(act, *(people.Contact(name, line="for small shops, founders, warehouses") for name in names))
    shown = act.browser("Ada").get(act.url).text
    assert "Ben serves small shops" in shown
    asked_for = re.findall(r"/static/((?:css|js)/[^?]+)", shown)
    weight = sum((Path(act.app.static_folder) / path).stat().st_size for path in asked_for)
    assert len(asked_for) == 5
    assert len(shown.encode()) + weight <= 60_000


def test_a_link_offers_who_stood_in_its_letter_and_nobody_else(act):
    knows(act, LENA, people.Contact("Kit Lowe", line="dentist, cycles to work"))
    link = linked(act, Suggested("any", "Lena Voss", NOTE, Synergy.SAME_CLIENTS))
    client = act.cast.client()
    for what in ("", "/draft", "/introduction", "/asking"):
        shown = client.get(link + what).text
        assert "Lena Voss" in shown
        assert "Kit Lowe" not in shown
        # The note may have changed since the letter was written.
        assert "fits out small shops" not in shown


def test_a_link_fills_in_whom_its_reader_picks_and_nobody_before(act):
    knows(act, LENA)
    link = linked(act, Suggested("any", "Lena Voss", NOTE, Synergy.SAME_CLIENTS))
    client = act.cast.client()
    assert 'value="Lena Voss"' not in client.get(f"{link}/draft").text
    picked = client.get(f"{link}/draft?to=another&whom=0").text
    assert 'value="Lena Voss"' in picked
    assert re.search(r'<input checked[^>]*value="same_clients"', picked)


def test_a_log_by_link_keeps_who_was_named_in_reach(act):
    link = linked(act, Suggested("any", "Lena Voss", NOTE, None), Suggested("any", "Jo Tan", NOTE, None))
    client = act.cast.client()
    form = {"contact_name": "Lena Voss", "made_on": act.now.date().isoformat()}
    after = client.submit(f"{link}/introduction", form, follow_redirects=True).text
    assert "to <b><bdi>Lena Voss</bdi></b>" in after


def test_links_of_older_letters_still_work(act):
    token = act.promise_token("Ada", "Ben", "Rosa Lind")
    assert act.cast.client().get(f"/promises/{token}").status_code == 200


def test_the_page_of_somebody_known_says_whom_they_could_meet(act):
    [ref] = knows(act, LENA)
    browser = act.browser("Ada")
    shown = browser.get(f"/people-i-know/{ref}").text
    assert "Whom <bdi>Lena</bdi> could meet" in shown
    assert NOTE in shown
    [draft] = re.findall(r'href="([^"]*/draft\?[^"]*)"', shown)
    picked = browser.get(draft.replace("&amp;", "&")).text
    assert re.search(r'<input[^>]*value="Lena Voss"', picked)
    assert "Whom <bdi>Lena</bdi> could meet" not in act.browser("Ben").get(f"/people-i-know/{ref}").text
    browser.submit(f"/people-i-know/{ref}/archiving")
    assert "Whom <bdi>Lena</bdi> could meet" not in browser.get(f"/people-i-know/{ref}").text


def test_whom_nobody_waits_for_is_named_without_a_way_to_write(act):
    [ref] = knows(act, LENA)
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben"))
    shown = browser.get(f"/people-i-know/{ref}").text
    assert NOTE in shown
    assert "/draft" not in shown


def test_who_was_picked_on_their_page_stands_in_the_form_though_others_fit_better(act):
    better = [
        people.Contact(f"Kit Lowe {letter}", line="for small shops, cycles to work") for letter in "ABCDE"
    ]
    *_, ref = knows(act, *better, people.Contact("Jo Tan", line="cycles"))
    assert "Jo Tan" not in page(act)
    named = r'<input[^>]*value="Jo Tan"'
    assert re.search(named, page(act, "draft", whom=ref))
    assert not re.search(named, page(act, "draft", whom="\0"))
