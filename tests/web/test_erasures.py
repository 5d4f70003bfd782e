"""Erasing oneself: found on one's own page, asked with a fresh code, and undone by one press."""

from datetime import timedelta

from circle import clock, worker
from circle.extensions import db
from circle.models import Person
from tests.cast import Cast
from tests.web.acting import Acting
from tests.web.test_downloads import forget_the_code


def erase_at(act: Acting, first: str) -> object:
    with act.app.app_context():
        at = db.session.get_one(Person, act.cast.person(first).id).erase_at
        db.session.remove()
    return at


def test_it_is_found_on_ones_own_page(cast: Cast):
    assert 'href="/you/erasure"' in cast.client("Ben").get("/you").text


def test_its_page_says_what_goes_and_what_stays(cast: Cast):
    act = Acting(cast)
    page = act.browser("Ben").get("/you/erasure").text
    assert "a former member" in page
    assert "Hand on" not in page
    page = act.browser("Ada").get("/you/erasure").text
    assert f'href="{act.url}/leaving"><span>Hand on <bdi>Harbour Circle</bdi>' in page


def test_without_a_fresh_code_nothing_is_asked(cast: Cast):
    act = Acting(cast)
    ben = act.browser("Ben")
    forget_the_code(act)
    for answer in (ben.get("/you/erasure"), ben.submit("/you/erasure")):
        assert answer.headers["Location"] == "/you/confirmation?next=/you/erasure"
    assert erase_at(act, "Ben") is None


def test_it_signs_out_everywhere_and_says_when_and_how_back(cast: Cast):
    act = Acting(cast)
    ben, elsewhere = act.browser("Ben"), act.browser("Ben")
    said = ben.submit("/you/erasure", follow_redirects=True).text
    day = clock.now() + timedelta(days=7)
    assert f"will be erased on {day:%-d %B %Y}" in said
    assert "sign in before that day and press “Keep everything”" in said
    assert {browser.get("/you").status_code for browser in (ben, elsewhere)} == {302}


def test_who_signs_in_again_keeps_everything_by_one_press(cast: Cast):
    act = Acting(cast)
    act.browser("Ben").submit("/you/erasure")
    ben = act.browser("Ben")
    for page in ("/you", act.url):
        assert 'id="to-be-erased"' in ben.get(page).text
    assert "You stay" in ben.submit("/you/erasure/removal", follow_redirects=True).text
    assert 'id="to-be-erased"' not in ben.get("/you").text
    assert erase_at(act, "Ben") is None


def test_every_page_says_that_signing_in_alone_keeps_nothing(cast: Cast):
    act = Acting(cast)
    ben = act.browser("Ben")
    assert "sign in and press “Keep everything”" in ben.get("/you/erasure").text
    ben.submit("/you/erasure")
    ben = act.browser("Ben")
    for page in ("/circles", act.url, "/you/erasure"):
        assert "Signing in alone does not stop it: press “Keep everything” to stay." in ben.get(page).text
    assert erase_at(act, "Ben") is not None


def test_a_page_left_open_since_before_does_no_harm(cast: Cast):
    act = Acting(cast)
    act.browser("Ben").submit("/you/erasure")
    before = erase_at(act, "Ben")
    ben = act.browser("Ben")
    ben.submit("/you/erasure")
    assert erase_at(act, "Ben") == before
    ben = act.browser("Ben")
    ben.submit("/you/erasure/removal")
    assert ben.submit("/you/erasure/removal").status_code == 303


def test_links_in_letters_end_at_once(cast: Cast):
    act = Acting(cast)
    link = f"/promises/{act.promise_token('Ben', 'Cy')}"
    assert "Whom could you introduce to Cy?" in act.cast.client().get(link).text
    act.browser("Ben").submit("/you/erasure")
    ended = act.cast.client().get(link).text
    assert "Whom could you introduce to Cy?" not in ended
    assert "Nothing was changed." in ended


def test_the_others_read_of_a_former_member(app, cast: Cast):
    act = Acting(cast)
    act.browser("Ben").submit(act.log_url(), act.form("Cy"))
    act.browser("Ben").submit("/you/erasure")
    with app.app_context():
        worker.tick(act.now + timedelta(days=8))
    cy = act.browser("Cy")
    for page in (act.url, f"{act.url}/rounds/1", "/record", f"{act.url}/rounds"):
        answer = cy.get(page)
        assert answer.status_code == 200
        assert "Ben" not in answer.text
    assert "a former member" in cy.get(f"{act.url}/rounds/1").text
    assert "a former member" in act.browser("Ada").get(f"{act.url}/organise").text
