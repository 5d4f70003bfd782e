"""A receiver's link: it answers and thanks signed out for one introduction, and ends when it should."""

from datetime import timedelta

import pytest

from circle.extensions import db
from circle.models import Introduction, Round
from circle.rules.states import Outcome, RoundState
from circle.services.door import sessions
from circle.services.giving import introductions
from circle.services.membership import archiving, memberships
from circle.services.work import writing
from tests.cast import DOES
from tests.snapshot import rows
from tests.web.acting import Acting

POSTS = {"/answer": {"outcome": "met"}, "/thanks": {"text": "What a find"}}


@pytest.fixture
def act(cast) -> Acting:
    """A round in which Ada introduced Ben to Rosa, and Cy to somebody else."""
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben", reason="You both sail.", synergy="shared_interest"))
    ada.submit(act.log_url(), act.form("Cy", contact_name="Canary Known"))
    return act


@pytest.fixture
def link(act: Acting) -> str:
    """Ben's link to what Ada made for him."""
    return f"/introduced/{act.introduction_token('Ben', act.refs()[0])}"


def made(act: Acting) -> Introduction:
    return act.rows()[0]


def test_it_shows_the_introduction_and_nothing_else_of_the_circle(act, link, client):
    page = client.get(link).text
    assert all(words in page for words in ("Rosa Lind", "You both sail.", "Shared interest"))
    others = [words for first in ("Cy", "Dee", "Eve") for words in DOES[first]]
    assert not [words for words in (*others, "Canary", "example.org", "Harbour") if words in page]


def test_it_offers_all_answers_and_puts_the_one_picked_in_the_letter_first(link, client):
    page = client.get(f"{link}?say=met").text
    assert all(one.words in page for one in Outcome)
    assert page.index(Outcome.MET.words) < page.index(Outcome.IN_TOUCH.words)
    assert page.index('class="button primary" name="outcome" value="met"') > 0


@pytest.mark.parametrize("outcome", Outcome)
def test_each_answer_works_signed_out(outcome, act, link, client):
    answer = client.submit(f"{link}/answer", {"outcome": outcome.value})
    assert (answer.status_code, answer.location) == (303, link)
    assert made(act).outcome is outcome


def test_thanks_stay_between_the_two_unless_shared(act, link, client):
    client.submit(f"{link}/thanks", {"text": "What a find"})
    assert (made(act).thanks, made(act).thanks_shared) == ("What a find", False)
    client.submit(f"{link}/thanks", {"text": "What a find", "shared": "y"})
    assert made(act).thanks_shared


def test_thanks_changed_by_the_link_are_said_to_be_changed(link, client):
    first = client.submit(f"{link}/thanks", {"text": "What a find"}, follow_redirects=True).text
    assert "on their way to Ada" in first
    changed = client.submit(f"{link}/thanks", {"text": "A real find"}, follow_redirects=True).text
    assert "Changed." in changed


def test_thanks_without_a_word_say_so_beside_the_field(link, client):
    answer = client.submit(f"{link}/thanks", {"text": " "})
    assert (answer.status_code, 'id="text-error"' in answer.text) == (422, True)


def test_an_answer_nobody_offered_changes_nothing(act, link, client):
    before = rows(act.app)
    assert client.submit(f"{link}/answer", {"outcome": "splendid"}).status_code == 409
    assert rows(act.app) == before


def test_signed_in_as_somebody_else_it_says_whose_it_is_and_acts_for_them(act, link):
    browser = act.browser("Cy")
    assert "You are signed in as <bdi>Cy Marsh</bdi>" in browser.get(link).text
    browser.submit(f"{link}/answer", {"outcome": "met"})
    assert made(act).outcome is Outcome.MET


def test_signed_in_as_the_receiver_it_says_nothing_of_it(act, link):
    assert "You are signed in as" not in act.browser("Ben").get(link).text


def test_looking_changes_nothing(act, link, client):
    before = rows(act.app)
    seen = [
        fetch(f"{link}{say}").status_code for fetch in (client.head, client.get) for say in ("", "?say=met")
    ]
    assert set(seen) == {200}
    assert rows(act.app) == before


@pytest.mark.parametrize("path", POSTS)
def test_a_post_without_the_pages_token_changes_nothing(path, act, link, client):
    before = rows(act.app)
    assert client.post(link + path, data=POSTS[path]).status_code == 400
    assert rows(act.app) == before


@pytest.mark.parametrize("path", POSTS)
def test_what_was_withdrawn_meanwhile_says_so(path, act, link, client):
    with act.app.app_context():
        introductions.withdraw(act.cast.person("Ada").id, act.refs()[0], act.now)
    assert "was withdrawn meanwhile" in client.get(link).text
    answer = client.submit(link + path, POSTS[path])
    assert (answer.status_code, "was withdrawn meanwhile" in answer.text) == (409, True)


def leave(act: Acting) -> None:
    memberships.leave(act.stage.id, act.cast.person("Ben").id, act.now)


def be_archived(act: Acting) -> None:
    archiving.archive(act.stage.id, act.cast.person("Ada").id, act.now)


def be_erased(act: Acting) -> None:
    archiving.ask_erasure(act.stage.id, act.cast.person("Ada").id, act.now)
    archiving.erase(act.stage.id, act.now + timedelta(days=8))


def sign_out_everywhere(act: Acting) -> None:
    sessions.end_all(act.cast.person("Ben").id)


def be_sealed_long_ago(act: Acting) -> None:
    be_sealed(act, timedelta(days=60))


def be_sealed(act: Acting, ago: timedelta) -> None:
    with writing() as session:
        round_ = session.scalars(db.select(Round)).one()
        round_.state, round_.sealed_at = RoundState.SEALED, act.now - ago


@pytest.mark.parametrize("end", [leave, be_archived, be_erased, sign_out_everywhere, be_sealed_long_ago])
def test_it_ends_and_says_so_and_offers_sign_in(end, act, link, client):
    client.get(link)
    with act.app.app_context():
        end(act)
    before = rows(act.app)
    page = client.get(link)
    assert (page.status_code, 'href="/sign-in?next=' in page.text) == (410, True)
    assert not [words for words in ("Ben", "Ada", "Rosa", "Harbour") if words in page.text]
    assert {client.submit(link + path, typed).status_code for path, typed in POSTS.items()} == {410}
    assert rows(act.app) == before


def test_it_answers_up_to_sixty_days_after_the_round_was_sealed(act, link, client):
    with act.app.app_context():
        be_sealed(act, timedelta(days=59, hours=23))
    assert client.submit(f"{link}/answer", {"outcome": "met"}).status_code == 303
    assert made(act).outcome is Outcome.MET


def test_a_forged_link_is_not_found(link, client):
    for forged in (link[:-2], f"{link}.x", "/introduced/nonsense"):
        assert client.get(forged).status_code == 404
