"""The factory: two modes, two URL maps; a route that does not say who it answers is refused."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask

from circle.factory import RouteWithoutPolicy, create_app
from circle.web.frame import routes

PRODUCTION = {
    "CIRCLE_MODE": "production",
    "BASE_URL": "https://circle.example.org",
    "SECRET_KEY": "a secret that only the tests know, long enough",
    "MAIL_DEFAULT_SENDER": "circle@example.org",
}
LOCAL_ONLY = {
    "/demo",
    "/mailbox",
    "/mailbox/<int(max=2147483647):mail_id>",
    "/mailbox/<int(max=2147483647):mail_id>/body",
    "/patterns",
}


def site(folder: Path, **values: str) -> Flask:
    """Make a site with these settings."""
    return create_app(values | {"DATABASE_URL": f"sqlite:///{folder / 'circle.db'}"}, folder)


def addresses(app: Flask) -> set[str]:
    """Return every address of a site, with the methods it answers."""
    return {f"{sorted(rule.methods or ())} {rule.rule}" for rule in app.url_map.iter_rules()}


def test_local_mode_has_the_mailbox_the_patterns_and_the_demo_beside_all_that_production_has(tmp_path: Path):
    local, production = site(tmp_path), site(tmp_path, **PRODUCTION)
    more = addresses(local) - addresses(production)
    assert {address.partition("] ")[2].replace("(max=999999999)", "") for address in more} == LOCAL_ONLY


def test_production_has_nothing_that_local_mode_lacks(tmp_path: Path):
    assert addresses(site(tmp_path, **PRODUCTION)) <= addresses(site(tmp_path))


@pytest.mark.parametrize("path", ["/mailbox", "/mailbox/1", "/patterns", "/demo"])
def test_production_does_not_find_what_is_for_one_machine(tmp_path: Path, path: str):
    browser = site(tmp_path, **PRODUCTION).test_client()
    assert browser.get(path, base_url=PRODUCTION["BASE_URL"]).status_code == 404


def test_a_route_that_does_not_say_who_it_answers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    forgotten = Blueprint("forgotten", __name__)
    forgotten.get("/forgotten", endpoint="show")(lambda: "who may read this?")
    monkeypatch.setattr(routes, "NOUNS", (*routes.NOUNS, SimpleNamespace(bp=forgotten)))
    with pytest.raises(RouteWithoutPolicy, match="forgotten"):
        site(tmp_path)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "BASE_URL"])
def test_production_answers_nothing_while_a_setting_is_missing(tmp_path: Path, missing: str):
    values = {name: value for name, value in PRODUCTION.items() if name != missing}
    app = site(tmp_path, **values)
    answer = app.test_client().get("/", base_url=app.config["BASE_URL"])
    assert (answer.status_code, "flask circle doctor" in answer.text) == (503, True)


def test_on_https_the_cookie_is_bound_to_the_host_and_secure(tmp_path: Path):
    browser = site(tmp_path, **PRODUCTION).test_client()
    cookie = browser.get("/sign-in", base_url=PRODUCTION["BASE_URL"]).headers["Set-Cookie"]
    assert cookie.startswith("__Host-circle=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_on_https_browsers_are_told_to_stay_there(tmp_path: Path):
    answer = site(tmp_path, **PRODUCTION).test_client().get("/sign-in", base_url=PRODUCTION["BASE_URL"])
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_proxy_nobody_trusts_names_no_visitor(tmp_path: Path):
    app = site(tmp_path)
    with app.test_request_context("/sign-in", headers={"X-Forwarded-For": "203.0.113.9"}) as context:
        assert context.request.remote_addr != "203.0.113.9"


def test_making_the_site_touches_no_database(tmp_path: Path):
    site(tmp_path)
    assert not (tmp_path / "circle.db").exists()


def test_two_sites_stand_side_by_side(tmp_path: Path):
    one, other = site(tmp_path), site(tmp_path, PORT="5001")
    assert (one.config["BASE_URL"], other.config["BASE_URL"]) == (
        "http://127.0.0.1:5000",
        "http://127.0.0.1:5001",
    )
