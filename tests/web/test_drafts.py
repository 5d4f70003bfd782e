"""Writing it on the pages, behind both doors: signed in, and by the link in a letter."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from circle.models import Contact
from circle.rules.states import Channel, CommitmentState
from circle.services.work import writing
from tests.client import Client
from tests.snapshot import rows
from tests.web.acting import Acting


@pytest.fixture
def act(cast) -> Acting:
    return Acting(cast)


@pytest.fixture(params=["signed in", "by link"])
def door(request, act) -> tuple[Client, str]:
    """A browser and the address of Ada's promise for Ben behind each door."""
    if request.param == "signed in":
        return act.browser("Ada"), act.promise_url("Ben", "draft").removesuffix("/draft")
    return act.cast.client(), f"/promises/{act.promise_token('Ada', 'Ben')}"


def written(door: tuple[Client, str]) -> tuple[Client, str]:
    """Make a draft and return the address of the promise for who typed the name."""
    browser, promise = door
    answer = browser.submit(f"{promise}/draft", {"contact_name": "Lena Krüger", "synergy": "team_up"})
    assert answer.status_code == 303
    return browser, answer.location.removesuffix("/draft")


def test_the_form_asks_for_one_name(door):
    browser, promise = door
    page = browser.get(f"{promise}/draft").text
    assert ("Write a mail for" in page, "Who should meet <bdi>Ben</bdi>?" in page) == (True, True)


def test_a_draft_leads_to_a_link_into_the_mail_program(door):
    browser, promise = written(door)
    page = browser.get(f"{promise}/draft").text
    [link] = re.findall(r'<a class="button primary" href="(mailto:[^"]+)"', page)
    assert "Lena Krüger, meet Ben Katz" in unquote(unescape(link))
    assert "%0D%0A" in link
    assert 'data-copy="text"' in page


@pytest.mark.parametrize(("shape", "whom"), [("ask_contact", "Lena Krüger"), ("ask_member", "Ben")])
def test_asking_one_of_them_first_leads_on_to_the_mail_to_both(door, act, shape, whom):
    browser, promise = door
    typed = {"contact_name": "Lena Krüger", "synergy": "team_up", "shape": shape}
    promise = browser.submit(f"{promise}/draft", typed).location.removesuffix("/draft")
    page = browser.get(f"{promise}/draft").text
    assert f"Your mail to <bdi>{whom}</bdi>" in page
    assert "May I introduce you to" in page
    answer = browser.submit(f"{promise}/draft/sending", {})
    assert act.state("Ada", "Ben") is CommitmentState.ASKING
    assert "Noted. Come back when you have an answer." in browser.get(answer.location).text
    assert 'value="Lena Krüger"' in browser.get(f"{promise}/draft").text
    browser.submit(f"{promise}/draft", typed | {"shape": "together"})
    assert "Lena Krüger, meet Ben Katz" in browser.get(f"{promise}/draft").text


def test_the_address_of_the_contact_stands_in_its_givers_mail_alone(act):
    browser, promise = written((act.browser("Ada"), act.promise_url("Ben", "draft").removesuffix("/draft")))
    with act.app.app_context(), writing() as session:
        session.scalars(select(Contact)).one().email = "lena@example.org"
    assert "mailto:ben@example.org,lena@example.org?" in browser.get(f"{promise}/draft").text
    by_link = f"/promises/{act.promise_token('Ada', 'Ben', 'Lena Krüger')}"
    assert "lena@example.org" not in act.cast.client().get(f"{by_link}/draft").text


def test_the_receivers_address_is_told_to_who_is_signed_in_alone(act):
    _, signed_in = written((act.browser("Ada"), act.promise_url("Ben", "draft").removesuffix("/draft")))
    assert "mailto:ben@example.org?" in act.browser("Ada").get(f"{signed_in}/draft").text
    browser, by_link = act.cast.client(), f"/promises/{act.promise_token('Ada', 'Ben', 'Lena Krüger')}"
    page = browser.get(f"{by_link}/draft").text
    assert ("mailto:?subject" in page, "example.org" in page) == (True, False)


def test_a_draft_the_letter_did_not_name_is_not_shown_by_its_link(act, client):
    act.browser("Ada").submit(act.promise_url("Ben", "draft"), {"contact_name": "Lena Krüger"})
    link = f"/promises/{act.promise_token('Ada', 'Ben')}"
    page = client.get(f"{link}/draft").text
    assert "Lena" not in page + client.get(link).text
    assert "You have a draft for <bdi>Ben</bdi> already" in page


@pytest.mark.parametrize("path", ["/draft/sending", "/draft/removal", "/draft/text"])
def test_a_link_that_does_not_name_a_draft_does_nothing_with_it(path, act, client):
    act.browser("Ada").submit(act.promise_url("Ben", "draft"), {"contact_name": "Lena Krüger"})
    link, before = f"/promises/{act.promise_token('Ada', 'Ben')}", rows(act.app)
    answer = client.submit(link + path, {"text": "Hello"}, follow_redirects=True)
    assert (answer.status_code in {200, 409}, "Lena" in answer.text) == (True, False)
    assert rows(act.app) == before


def test_guessing_whom_a_draft_is_to_shows_none_of_its_words(act, client):
    promise = act.promise_url("Ben", "draft")
    browser = act.browser("Ada")
    browser.submit(promise, {"contact_name": "Lena Krüger"})
    browser.submit(f"{promise}/text", {"subject": "Canary", "text": "Canary"})
    link = f"/promises/{act.promise_token('Ada', 'Ben')}/draft"
    page = client.submit(link, {"contact_name": "Lena Krüger"}, follow_redirects=True).text
    assert ("Your mail to" in page, "Canary" in page) == (True, False)


def test_changed_words_are_kept(door):
    browser, promise = written(door)
    browser.submit(f"{promise}/draft/text", {"subject": "Meet & greet", "text": "Hello <both>"})
    page = browser.get(f"{promise}/draft").text
    assert ("Meet &amp; greet" in page, "Hello &lt;both&gt;" in page) == (True, True)


def test_words_that_are_too_long_stay_in_the_form(door):
    browser, promise = written(door)
    answer = browser.submit(f"{promise}/draft/text", {"subject": "s" * 201, "text": "Hello both"})
    assert (answer.status_code, 'id="subject-error"' in answer.text, "Hello both" in answer.text) == (
        422,
        True,
        True,
    )


def test_i_sent_it_logs_it(act, door):
    browser, promise = written(door)
    browser.submit(f"{promise}/draft/sending")
    [made] = act.rows()
    assert (made.channel, made.by_link) == (Channel.EMAIL, promise.startswith("/promises/"))
    assert act.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_drop_it_lets_go_of_it_and_the_promise_is_as_before(act, door):
    browser, promise = written(door)
    assert browser.submit(f"{promise}/draft/removal").status_code == 303
    assert "Did you send it to" not in browser.get(f"{promise}/draft").text
    assert act.state("Ada", "Ben") is CommitmentState.OPEN


def test_the_next_visit_asks_first(act):
    browser, _ = written((act.browser("Ada"), act.promise_url("Ben", "draft").removesuffix("/draft")))
    page = browser.get(act.url).text
    assert 0 < page.index("Did you send it to <bdi>Lena Krüger</bdi>?") < page.index("introductions to make")


def test_somebody_else_is_not_asked(act):
    written((act.browser("Ada"), act.promise_url("Ben", "draft").removesuffix("/draft")))
    assert "Did you send it" not in act.browser("Ben").get(act.url).text


def test_the_way_picked_in_the_letter_stands_out(act, client):
    act.browser("Ada").submit(act.promise_url("Ben", "draft"), {"contact_name": "Lena Krüger"})
    link = f"/promises/{act.promise_token('Ada', 'Ben', 'Lena Krüger')}/draft"
    for say, words in (("sent", "Yes, I sent it"), ("drop", "Drop it")):
        assert re.search(rf'class="button primary">{words}', client.get(f"{link}?say={say}").text)


def test_a_yes_leads_to_the_mail_to_both_with_the_reason_that_was_given(act):
    browser, promise = act.browser("Ada"), act.promise_url("Ben", "draft")
    asks = {"contact_name": "Lena Krüger", "synergy": "team_up", "shape": "ask_contact"}
    browser.submit(promise, asks)
    browser.submit(f"{promise}/sending", {})
    for receiver in ("Cy", "Dee", "Eve"):
        browser.submit(act.promise_url(receiver, "no-fit"), {"line": ""})
    assert f'href="{promise}">They said yes to Ben' in browser.get(act.url).text
    page = browser.get(promise).text
    assert "A yes from <bdi>Lena Krüger</bdi>" in page
    assert "Which mail?" not in page
    assert re.search(r'<input[^>]*checked[^>]*value="team_up"', page)
    assert "Which mail?" in browser.get(f"{promise}?to=another").text


def test_the_reason_goes_with_whoever_it_was_given_for(act):
    browser, promise = act.browser("Ada"), act.promise_url("Ben", "draft")
    browser.submit(promise, {"contact_name": "Lena Krüger", "synergy": "team_up", "shape": "ask_contact"})
    browser.submit(f"{promise}/sending", {})
    browser.submit(act.promise_url("Ben", "asking"), {"contact_name": "Tom Hale"})
    assert act.promise("Ada", "Ben").draft_synergy is None


def test_the_question_is_written_from_the_page_of_asking(door):
    browser, promise = door
    page = browser.get(f"{promise}/asking").text
    assert re.search(rf'formaction="{promise}/draft" name="shape" value="ask_contact"', page)
    typed = {"contact_name": "Lena Krüger", "shape": "ask_contact"}
    answer = browser.submit(f"{promise}/draft", typed, follow_redirects=True)
    assert "May I introduce you to Ben Katz?" in answer.text


@pytest.mark.parametrize("path", ["/draft", "/asking"])
def test_what_is_made_already_asks_for_nobody_else(path, door):
    browser, promise = written(door)
    browser.submit(f"{promise}/draft/sending")
    answer = browser.get(promise + path, follow_redirects=True)
    assert ("Whom do you" in answer.text, "You introduced" in answer.text) == (False, True)


def test_not_yet_keeps_what_was_changed(door):
    browser, promise = written(door)
    changed = {"subject": "Meet", "text": "Hello both", "later": "y"}
    answer = browser.submit(f"{promise}/draft/text", changed)
    assert not answer.location.endswith("/draft")
    assert "Hello both" in browser.get(f"{promise}/draft").text


def test_where_they_met_is_called_to_mind_for_who_is_signed_in_alone(act):
    browser, promise = written((act.browser("Ada"), act.promise_url("Ben", "draft").removesuffix("/draft")))
    with act.app.app_context(), writing() as session:
        session.scalars(select(Contact)).one().where_met = "Canary fair"
    page = browser.get(f"{promise}/draft").text
    assert page.count("Canary fair") == 1
    assert "Canary" not in page.partition("<textarea")[2]
    by_link = f"/promises/{act.promise_token('Ada', 'Ben', 'Lena Krüger')}"
    assert "Canary" not in act.cast.client().get(f"{by_link}/draft").text
