"""The frame of every answer: headers, the one cookie, stale forms, foreign hosts, words for every fault."""

import re

import pytest
from werkzeug.datastructures import Headers

from tests.snapshot import rows
from tests.web import tour, world
from tests.web.acting import Acting
from tests.web.route_table import TABLE

PAGES = sorted(row.removeprefix("GET ") for row in TABLE if row.startswith("GET "))
PROMISED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture
def act(cast):
    return Acting(cast)


@pytest.fixture
def url_of(app, cast):
    here = world.build(app, cast)
    return lambda endpoint: tour.url_of(app, endpoint, here)


@pytest.mark.parametrize("endpoint", PAGES)
def test_every_page_is_framed_and_looking_twice_changes_no_row(endpoint, app, cast, url_of):
    browser, url, before = cast.client("Ada"), url_of(endpoint), rows(app)
    with browser.get(url) as answer:
        headers = answer.headers
    assert {name: headers.get(name) for name in PROMISED} == PROMISED
    assert runs_only_what_is_ours(headers["Content-Security-Policy"])
    assert headers["Cache-Control"] == ("no-cache" if endpoint == "static" else "no-store")
    assert cookies_set(headers) <= {app.config["SESSION_COOKIE_NAME"]}
    for look in (browser.head, browser.get):
        look(url).close()
    assert rows(app) == before


def runs_only_what_is_ours(policy: str) -> bool:
    """Say whether a content security policy lets nothing run or frame that is not ours."""
    wanted = "default-src 'none'" in policy and "frame-ancestors" in policy
    return wanted and "script-src 'unsafe" not in policy


def cookies_set(headers: Headers) -> set[str]:
    """Return the names of the cookies that an answer sets."""
    return {header.partition("=")[0] for header in headers.getlist("Set-Cookie")}


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/", "/sign-in", "/circles", "/nowhere", "/static/css/tokens.css"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost.evil.example", "@", "a b"])
def test_a_foreign_host_gets_the_address_of_the_site_and_nothing_else(app, cast, host, path):
    answer = cast.client("Ada").get(path, headers={"Host": host})
    assert (answer.status_code, answer.text) == (
        400,
        f"This site answers at {app.config['BASE_URL']} only.\n",
    )


def test_a_foreign_host_is_never_put_into_a_link(client):
    answer = client.get(
        "/circles", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )
    assert "evil.example" not in str(answer.headers) + answer.text


@pytest.mark.parametrize("token", [None, "", "nonsense"])
def test_a_form_with_a_stale_token_changes_nothing(app, act, token):
    browser, before = act.browser("Ada"), rows(app)
    form = {**act.form("Ben"), **({} if token is None else {"csrf_token": token})}
    assert browser.post(act.log_url(), data=form).status_code == 400
    assert rows(app)["introduction"] == before["introduction"]


def test_a_form_with_a_stale_token_shows_all_that_was_typed(act):
    form = act.form("Ben", "Cy", contact_name='Rosa "Rosie" Lind', reason="Both love bread\n& boats")
    page = act.browser("Ada").post(act.log_url(), data=form).text
    assert "nothing you typed is lost" in page
    kept = dict_of_areas(page)
    assert kept["contact_name"] == ["Rosa &#34;Rosie&#34; Lind"]
    assert kept["reason"] == ["Both love bread\n&amp; boats"]
    assert kept["receiver_refs"] == form["receiver_refs"]


def test_a_form_with_a_stale_token_goes_through_when_sent_again(act):
    browser = act.browser("Ada")
    page = browser.post(act.log_url(), data=act.form("Ben")).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert f'action="{act.log_url()}"' in page
    answer = browser.post(act.log_url(), data={**dict_of_areas(page), "csrf_token": token.group(1)})
    assert (answer.status_code, len(act.refs())) == (303, 1)


def test_a_token_of_another_browser_is_stale(act):
    page = act.browser("Ben").get(f"{act.log_url()}/new").text
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page).group(1)
    answer = act.browser("Ada").post(act.log_url(), data={**act.form("Ben"), "csrf_token": token})
    assert (answer.status_code, act.refs()) == (400, [])


def test_a_page_that_is_not_there_says_so_in_words(client):
    answer = client.get("/nowhere")
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


def test_a_wrong_method_says_so_in_words(client):
    answer = client.put("/sign-in")
    assert (answer.status_code, "use the buttons on the page" in answer.text) == (405, True)


def test_more_than_a_form_can_hold_says_so_in_words(act):
    form = act.form("Ben", reason="x" * 300_000)
    answer = act.browser("Ada").submit(act.log_url(), form)
    assert (answer.status_code, "Shorten what you typed" in answer.text) == (413, True)


def test_a_signed_out_tab_is_told_that_nothing_is_lost(act, client):
    answer = client.submit(act.log_url(), act.form("Ben"))
    assert (answer.status_code, "nothing you typed is lost" in answer.text) == (401, True)


@pytest.mark.parametrize("query", ["?next=%00", "?next=%ff", "?email=%ed%a0%80", "?for=%0d%0aSet-Cookie:x=1"])
def test_a_broken_query_is_no_fault(client, query):
    assert client.get(f"/sign-in{query}").status_code == 200


@pytest.mark.parametrize("path", ["/invitations/%ff%fe", "/letters/..%2f..", "/introductions/%0a"])
def test_a_broken_address_is_not_found(cast, path):
    assert cast.client("Ada").get(path).status_code == 404


def dict_of_areas(page: str) -> dict[str, list[str]]:
    """Return what the page keeps of a form, field by field, as written in its source."""
    found: dict[str, list[str]] = {}
    for name, kept in re.findall(
        r'<textarea hidden name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL
    ):
        found.setdefault(name, []).append(kept)
    return found
