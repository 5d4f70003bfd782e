"""A giver's link: it acts signed out for one promise, shows one card, and ends when it should."""

import re
import threading
from datetime import timedelta

import pytest

from circle.extensions import db
from circle.models import Membership, Person, Round
from circle.rules.states import CommitmentState, Role, RoundState
from circle.services.door import new_address, sessions, sign_in
from circle.services.giving.capabilities import PROMISE
from circle.services.membership import archiving, memberships
from circle.services.progress import lately
from circle.services.tokens import sign
from circle.services.work import lock_circle, writing
from tests.cast import DOES
from tests.snapshot import rows
from tests.web.acting import Acting

ACTS = ("", "/introduction", "/asking", "/no-fit", "/opening")
FORMS = {
    "/introduction": {"contact_name": "Rosa Lind"},
    "/asking": {"contact_name": "Rosa Lind"},
    "/no-fit": {"line": "Nobody yet."},
    "/opening": {},
}


@pytest.fixture
def act(cast) -> Acting:
    return Acting(cast)


@pytest.fixture
def link(act: Acting) -> str:
    """Ada's link to her promise for Ben; no name stood in the letter."""
    return f"/promises/{act.promise_token('Ada', 'Ben')}"


def form(act: Acting, path: str) -> dict[str, str]:
    return {**FORMS[path], "made_on": act.now.date().isoformat()}


def test_it_shows_the_card_of_the_receiver(act, link, client):
    with act.app.app_context(), writing() as session:
        session.get_one(Person, act.cast.person("Ben").id).forwardable = "Ben insures small shops."
    page = client.get(link).text
    assert all(words in page for words in (*DOES["Ben"][1:], "Ben insures small shops."))


@pytest.mark.parametrize("path", ACTS)
def test_it_shows_nobody_else_of_the_circle_and_nobody_the_giver_knows(path, act, link, client):
    act.browser("Ada").submit(act.log_url(), act.form("Cy", contact_name="Canary Known"))
    page = client.get(link + path).text
    others = [words for first in ("Cy", "Dee", "Eve") for words in DOES[first]]
    assert not [words for words in (*others, "Canary", "example.org") if words in page]


def test_a_name_that_stood_in_the_letter_is_filled_in(act, client):
    act.browser("Ada").submit(act.promise_url("Ben", "asking"), {"contact_name": "Marta Koch"})
    token = act.promise_token("Ada", "Ben", "Marta Koch")
    assert 'value="Marta Koch"' in client.get(f"/promises/{token}/introduction").text
    assert "Did Marta Koch answer?" in client.get(f"/promises/{token}").text


@pytest.mark.parametrize("path", ACTS)
def test_a_name_given_after_the_letter_is_not_shown_by_its_link(path, act, link, client):
    act.browser("Ada").submit(act.promise_url("Ben", "asking"), {"contact_name": "Marta Koch"})
    assert "Marta" not in client.get(link + path).text


def test_who_typed_a_name_reads_it_and_the_letters_own_link_does_not(act, link, client):
    answer = client.submit(f"{link}/introduction", form(act, "/introduction"))
    assert "to <b><bdi>Rosa Lind" in client.get(answer.location).text
    assert "Rosa Lind" not in act.cast.client().get(link).text


def test_what_the_giver_wrote_when_passing_is_not_shown(act, link, client):
    client.submit(f"{link}/no-fit", {"line": "Canary, who sails, has moved."})
    assert "Canary" not in "".join(client.get(link + path).text for path in ACTS)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/introduction", CommitmentState.INTRODUCED),
        ("/asking", CommitmentState.ASKING),
        ("/no-fit", CommitmentState.PASSED),
    ],
)
def test_each_act_works_signed_out_and_is_marked(path, state, act, link, client):
    answer = client.submit(link + path, form(act, path))
    assert (answer.status_code, answer.location.startswith("/promises/")) == (303, True)
    promise = act.promise("Ada", "Ben")
    assert (promise.state, promise.by_link) == (state, True)


def test_an_introduction_logged_by_link_says_so_lately(act, link, client):
    client.submit(f"{link}/introduction", form(act, "/introduction"))
    act.browser("Ada").submit(act.promise_url("Cy", "no-fit"))
    client.submit(f"/promises/{act.promise_token('Ada', 'Dee')}/no-fit")
    with act.app.app_context():
        words = [line.words for line in lately.read(act.stage.id, "Europe/London", act.now)]
    assert "Ada Obi introduced somebody to Ben Katz (by the link in a letter)" in words
    assert "Ada Obi found no fit for Dee Patel this time (by the link in a letter)" in words
    assert "Ada Obi found no fit for Cy Marsh this time" in words


def test_the_same_log_twice_is_one_introduction(act, link, client):
    for _ in range(2):
        assert client.submit(f"{link}/introduction", form(act, "/introduction")).status_code == 303
    assert len(act.rows()) == 1


def test_what_was_just_logged_can_be_undone_twice_pressed(act, link, client):
    home = client.submit(f"{link}/introduction", form(act, "/introduction")).location
    [undo] = re.findall(r'action="([^"]+/withdrawal)"', client.get(home).text)
    assert [client.submit(undo).status_code for _ in range(2)] == [303, 303]
    promise = act.promise("Ada", "Ben")
    assert (promise.state, promise.by_link) == (CommitmentState.OPEN, True)


def test_what_was_logged_signed_in_is_not_undone_by_a_link(act, link, client):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    client.submit(f"{link}/introductions/{act.refs()[0]}/withdrawal")
    assert act.state("Ada", "Ben") is CommitmentState.INTRODUCED


def test_the_link_of_one_promise_undoes_nothing_of_another(act, link, client):
    client.submit(f"/promises/{act.promise_token('Ada', 'Cy')}/introduction", form(act, "/introduction"))
    client.submit(f"{link}/introductions/{act.refs()[0]}/withdrawal")
    assert act.state("Ada", "Cy") is CommitmentState.INTRODUCED


@pytest.mark.parametrize("path", ["/asking", "/no-fit"])
def test_not_now_and_take_it_back_are_one_button(path, act, link, client):
    client.submit(link + path, form(act, path))
    assert "Open it again" in client.get(f"{link}/opening").text
    client.submit(f"{link}/opening")
    assert act.state("Ada", "Ben") is CommitmentState.OPEN


def test_a_log_without_a_name_says_so_beside_the_field_and_keeps_the_rest(act, link, client):
    typed = {**form(act, "/introduction"), "contact_name": " ", "reason": "Both sail"}
    answer = client.submit(f"{link}/introduction", typed)
    assert (answer.status_code, "Please type a name." in answer.text, "Both sail" in answer.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize("path", ACTS)
def test_looking_changes_nothing_and_sets_no_cookie_but_the_one_of_forms(path, act, link):
    before = rows(act.app)
    browser = act.cast.client()
    assert (browser.head(link + path).status_code, browser.get(link + path).status_code) == (200, 200)
    with browser.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token"}
    assert rows(act.app) == before


@pytest.mark.parametrize("path", FORMS)
def test_a_post_without_the_pages_token_changes_nothing(path, act, link, client):
    before = rows(act.app)
    assert client.post(link + path, data=form(act, path)).status_code == 400
    assert rows(act.app) == before


def test_signed_in_as_the_giver_it_works_the_same(act, link):
    browser = act.browser("Ada")
    assert "You are signed in as" not in browser.get(link).text
    browser.submit(f"{link}/asking", form(act, "/asking"))
    assert act.state("Ada", "Ben") is CommitmentState.ASKING


def test_signed_in_as_somebody_else_it_says_whose_it_is_and_acts_for_them(act, link):
    browser = act.browser("Finn")
    page = browser.get(f"{link}/introduction").text
    assert "You are signed in as <bdi>Finn Stone</bdi>" in page
    browser.submit(f"{link}/introduction", form(act, "/introduction"))
    assert [row.giver_id for row in act.rows()] == [act.cast.person("Ada").id]


def leave(act: Acting) -> None:
    memberships.leave(act.stage.id, act.cast.person("Ada").id, act.now)


def hand_over_and_leave(act: Acting) -> None:
    _make_organiser(act, "Ben")
    leave(act)


def be_removed(act: Acting) -> None:
    ada, ben = act.cast.person("Ada").id, act.cast.person("Ben").id
    _make_organiser(act, "Ben")
    memberships.set_role(act.stage.id, ada, _membership(act, "Ada"), Role.MEMBER, act.now)
    memberships.remove(act.stage.id, ben, _membership(act, "Ada"), act.now)


def be_archived(act: Acting) -> None:
    archiving.archive(act.stage.id, act.cast.person("Ada").id, act.now)


def be_erased(act: Acting) -> None:
    archiving.ask_erasure(act.stage.id, act.cast.person("Ada").id, act.now)
    archiving.erase(act.stage.id, act.now + timedelta(days=8))


def sign_out_everywhere(act: Acting) -> None:
    sessions.end_all(act.cast.person("Ada").id)


def change_address(act: Acting) -> None:
    viewer = sessions.viewer(act.cast.session(act.cast.person("Ada")), act.now)
    assert viewer
    new_address.ask(viewer, "ada@new.example", origin="o", now=act.now)
    newest = db.session.scalars(db.select(sign_in.SignInRequest.id)).one()
    secrets = sign_in.secrets_for(newest, act.now)
    assert secrets
    new_address.by_code(viewer, secrets[1], act.now)


def be_sealed(act: Acting) -> None:
    act.turn(15)
    act.turn(60)


ENDINGS = [
    hand_over_and_leave,
    be_removed,
    be_archived,
    be_erased,
    sign_out_everywhere,
    change_address,
    be_sealed,
]


@pytest.mark.parametrize("end", ENDINGS)
def test_it_ends_and_says_so_and_offers_sign_in(end, act, link, client):
    form_page = client.get(f"{link}/introduction").text
    with act.app.app_context():
        end(act)
    before = rows(act.app)
    for path in ACTS:
        page = client.get(link + path)
        assert (page.status_code, 'href="/sign-in?next=' in page.text) == (410, True)
        assert not [words for words in ("Ben", "Ada", "Harbour", *DOES["Ben"]) if words in page.text]
    for path in FORMS:
        assert client.submit(link + path, form(act, path)).status_code == 410
    assert rows(act.app) == before
    assert "Introduce" in form_page


@pytest.mark.parametrize("path", FORMS)
def test_a_round_sealed_while_the_form_is_on_its_way_ends_it_in_the_same_words(path, act, link, client):
    answers = []
    sending = threading.Thread(target=lambda: answers.append(client.submit(link + path, form(act, path))))
    with act.app.app_context(), writing() as session:
        lock_circle(act.stage.id)
        round_ = session.scalars(db.select(Round)).one()
        round_.state, round_.sealed_at = RoundState.SEALED, act.now
        session.flush()
        sending.start()
        # By then the page has read the round as open, and waits for the lock to write.
        sending.join(timeout=0.5)
        assert sending.is_alive()
    sending.join()
    assert (answers[0].status_code, "This round is finished" in answers[0].text) == (410, True)
    assert act.state("Ada", "Ben") is CommitmentState.OPEN


@pytest.mark.parametrize("path", ACTS)
def test_a_forged_link_is_not_found(path, link, client):
    token = link.rpartition("/")[2]
    for forged in (token[:-2], f"x{token}", "nonsense", f"{token}.x"):
        assert client.get(f"/promises/{forged}{path}").status_code == 404


def test_a_link_signed_for_something_else_is_not_found(act, link, client):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    token = act.introduction_token("Ben", act.refs()[0])
    assert client.get(f"/promises/{token}").status_code == 404
    assert client.get(f"/introduced/{link.rpartition('/')[2]}").status_code == 404


def test_a_link_signed_with_another_key_is_not_found(act, client):
    facts = [act.cast.person("Ada").public_id, 0, act.promise("Ada", "Ben").id, []]
    assert client.get(f"/promises/{sign('another key of this length', PROMISE, *facts)}").status_code == 404
    assert client.get(f"/promises/{sign(str(act.app.secret_key), PROMISE, *facts)}").status_code == 200


def _make_organiser(act: Acting, first: str) -> None:
    ada = act.cast.person("Ada").id
    memberships.set_role(act.stage.id, ada, _membership(act, first), Role.ORGANISER, act.now)


def _membership(act: Acting, first: str) -> int:
    found = db.select(Membership.id).where(Membership.public_id == act.stage.refs[first])
    return db.session.execute(found).scalar_one()
