"""Bad input on every form: the sentence stands beside its field, what was typed stays, no row changes."""

import re
from datetime import timedelta
from html import escape, unescape

import pytest
from flask import Flask

from tests.cast import Cast
from tests.snapshot import rows
from tests.web.acting import Acting

pytestmark = pytest.mark.both_databases

EMPTY = "Please type a name."
LONG = "Please keep the name to 80 characters."
NAMES = [
    ("", EMPTY),
    ("   ", EMPTY),
    ("x" * 81, LONG),
    ("x" * 10_000, LONG),
    ("Ro\u202esa", "cannot be shown"),
    ("Ro\x07sa", "cannot be shown"),
    ("Ro\x00sa", "cannot be shown"),
    ("Ro\nsa", "cannot be shown"),
]


@pytest.fixture
def act(cast: Cast) -> Acting:
    return Acting(cast)


def beside(page: str, field: str) -> str:
    """Return what stands beside a field as its error, as plain words."""
    found = re.search(rf'id="{field}-error"[^>]*>(.*?)</(?:p|ul|div)>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group(1))).split()) if found else ""


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_the_name_of_a_contact_is_refused_beside_its_field(name: str, words: str, app: Flask, act: Acting):
    browser = act.browser("Ada")
    before = rows(app)
    answer = browser.submit(act.log_url(), act.form("Ben", contact_name=name))
    assert (answer.status_code, words in beside(answer.text, "contact_name")) == (422, True)
    assert rows(app) == before


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_the_name_of_a_circle_is_refused_beside_its_field(name: str, words: str, app: Flask, cast: Cast):
    browser = cast.client("Ada")
    before = rows(app)
    answer = browser.submit("/circles", {"name": name, "zone": "Europe/London", "charter": "Kind words"})
    assert (answer.status_code, words in beside(answer.text, "name")) == (422, True)
    assert "Kind words" in answer.text
    assert rows(app) == before


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_ones_own_name_is_refused_beside_its_field(name: str, words: str, app: Flask, cast: Cast):
    browser = cast.client("Ada")
    before = rows(app)
    typed = {"name": name, "zone": "Europe/Berlin", "wish": "Printers", "serves": "Schools"}
    answer = browser.submit("/you", typed)
    assert (answer.status_code, words in beside(answer.text, "name")) == (422, True)
    assert "Printers" in answer.text
    assert "Schools" in answer.text
    assert rows(app) == before


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_the_name_of_who_is_asked_is_refused_beside_its_field(name: str, words: str, app: Flask, act: Acting):
    browser = act.browser("Ada")
    before = rows(app)
    answer = browser.submit(act.promise_url("Ben", "asking"), {"contact_name": name})
    assert (answer.status_code, words in beside(answer.text, "contact_name")) == (422, True)
    assert rows(app) == before


@pytest.mark.parametrize("hidden", ["\u202e", "\x00", "\x1b"])
def test_what_cannot_be_shown_is_left_out_of_a_reason(hidden: str, act: Acting):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", reason=f"Nice{hidden} people"))
    assert act.rows()[0].reason == "Nice people"


def test_a_day_still_to_come_says_the_latest_beside_its_field(act: Acting):
    tomorrow = act.now.date() + timedelta(days=2)
    answer = act.browser("Ada").submit(act.log_url(), act.form("Ben", made_on=tomorrow.isoformat()))
    assert "still to come" in beside(answer.text, "made_on")
    assert tomorrow.isoformat() in answer.text


def test_a_day_before_the_round_says_the_earliest_beside_its_field(act: Acting):
    early = act.now.date() - timedelta(days=2)
    answer = act.browser("Ada").submit(act.log_url(), act.form("Ben", made_on=early.isoformat()))
    assert "Choose that day or a later one." in beside(answer.text, "made_on")
    assert early.isoformat() in answer.text


@pytest.mark.parametrize("who", ["Ada", "Finn"])
def test_whom_one_cannot_introduce_is_said_beside_the_names(who: str, app: Flask, cast: Cast, act: Acting):
    ref = act.stage.refs.get(who) or cast.circle(organiser=who, name="Elsewhere").refs[who]
    browser = act.browser("Ada")
    before = rows(app)
    answer = browser.submit(act.log_url(), {**act.form(), "receiver_refs": [ref]})
    said = beside(answer.text, "receiver_refs")
    assert (answer.status_code, said) == (422, "Choose members of this round, other than yourself.")
    assert rows(app) == before


def test_one_wrong_receiver_among_good_ones_logs_nothing(app: Flask, act: Acting):
    browser = act.browser("Ada")
    before = rows(app)
    assert browser.submit(act.log_url(), act.form("Ben", "Ada")).status_code == 422
    assert rows(app) == before


def test_a_failed_log_keeps_every_choice(act: Acting):
    typed = act.form("Ben", "Dee", synergy="team_up", channel="call", reason="Boats & bread", contact_name="")
    page = act.browser("Ada").submit(act.log_url(), typed).text
    ticked = re.findall(r'<input checked[^>]*value="([^"]+)"', page)
    assert set(ticked) == {act.stage.refs["Ben"], act.stage.refs["Dee"], "team_up"}
    assert '<option selected value="call">' in page
    assert escape("Boats & bread") in page


def test_a_failed_edit_keeps_what_was_typed(app: Flask, act: Acting):
    browser = act.browser("Ada")
    browser.submit(act.log_url(), act.form("Ben"))
    before = rows(app)
    page = browser.submit(
        f"/introductions/{act.refs()[0]}", act.form(contact_name="y" * 81, reason="Both sail")
    ).text
    assert beside(page, "contact_name") == LONG
    assert "y" * 81 in page
    assert "Both sail" in page
    assert rows(app) == before


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "Type or paste at least one email address."),
        ("ada@example.org", "That is your own address. You are in the circle already."),
        ("ADA@EXAMPLE.ORG", "That is your own address. You are in the circle already."),
        ("ben@example.org", "in the circle"),
        ("not an address", "Nothing has been sent yet."),
        ("gil@example.org, finn@example.org", "seat"),
        ("gil\x00@example.org", "Nothing has been sent yet."),
    ],
)
def test_an_invitation_that_cannot_be_is_said_beside_the_box(pasted: str, words: str, act: Acting):
    answer = act.browser("Ada").submit(f"{act.url}/invitations", {"addresses": pasted})
    assert (answer.status_code, words in beside(answer.text, "addresses")) == (422, True)


def test_the_same_address_twice_in_one_paste_is_invited_once(app: Flask, act: Acting):
    act.browser("Ada").submit(
        f"{act.url}/invitations", {"addresses": "gil@example.org\nGil <GIL@example.org>"}
    )
    assert len(rows(app)["invitation"]) == 1


def test_an_address_invited_before_is_said_beside_the_box(app: Flask, act: Acting):
    browser = act.browser("Ada")
    browser.submit(f"{act.url}/invitations", {"addresses": "gil@example.org"})
    before = rows(app)
    answer = browser.submit(f"{act.url}/invitations", {"addresses": "gil@example.org"})
    assert (answer.status_code, "gil@example.org" in beside(answer.text, "addresses")) == (422, True)
    assert rows(app) == before


def test_a_seventh_seat_asked_for_by_link_is_refused_in_words(app: Flask, act: Acting):
    browser = act.browser("Ada")
    browser.submit(f"{act.url}/invitations", {"addresses": "gil@example.org"})
    before = rows(app)
    answer = browser.submit(f"{act.url}/invitations/link")
    assert (answer.status_code, "seat" in answer.text) == (409, True)
    assert rows(app) == before


def test_a_line_of_no_fit_that_is_too_long_is_refused_beside_its_field(app: Flask, act: Acting):
    browser = act.browser("Ada")
    before = rows(app)
    answer = browser.submit(act.promise_url("Ben", "no-fit"), {"line": "x" * 301})
    assert (answer.status_code, "300 characters" in beside(answer.text, "line")) == (422, True)
    assert rows(app) == before


@pytest.mark.parametrize("what", ["no-fit", "asking"])
def test_a_promise_of_a_sealed_round_is_refused_in_words(what: str, app: Flask, act: Acting):
    act.turn(15)
    act.turn(60)
    browser = act.browser("Ada")
    before = rows(app)
    answer = browser.submit(act.promise_url("Ben", what), {"contact_name": "Jo Tan"})
    assert (answer.status_code, "finished" in answer.text) == (422, True)
    assert rows(app) == before


@pytest.mark.parametrize(
    "url", ["/circles", "/you", "/you/letters", "/you/address", "/you/sessions/ending", "/you/confirmation"]
)
def test_a_form_from_a_signed_out_tab_changes_nothing(url: str, app: Flask, cast: Cast):
    browser = cast.client("Ada")
    cast.client().submit("/sign-out")
    before = rows(app)
    browser.delete_cookie(app.config["SESSION_COOKIE_NAME"], domain="localhost")
    answer = browser.submit(url, {"name": "Quay Circle", "email": "new@example.org"})
    assert (answer.status_code, "You are signed out" in answer.text) == (401, True)
    assert rows(app) == before


def test_what_is_typed_is_never_read_as_markup(act: Acting):
    typed = act.form("Ben", contact_name='"><script>alert(1)</script>', reason="</textarea><b>", made_on="")
    page = act.browser("Ada").submit(act.log_url(), typed).text
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page
