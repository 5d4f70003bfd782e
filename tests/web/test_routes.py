"""Every route, method and role, with what each gets; a route without a row fails."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.cast import Cast
from tests.web import world
from tests.web.route_table import ROLES, TABLE

pytestmark = pytest.mark.both_databases

PLAYED_BY = {
    "anonymous": None,
    "stranger": "Finn",
    "invited": "Gil",
    "former": "Dee",
    "other": "Eve",
    "member": "Ben",
    "organiser": "Ada",
}


def test_every_route_has_a_row_and_every_row_a_route(app):
    routes = {f"{method} {rule.endpoint}" for rule in app.url_map.iter_rules() for method in methods(rule)}
    assert set(TABLE) == routes


@pytest.mark.parametrize("row", TABLE)
def test_each_role_gets_what_the_table_says(row, app, cast):
    assert answers(row, app, cast) == TABLE[row]


def answers(row: str, app: Flask, cast: Cast) -> str:
    """Ask for this route in every role and return the statuses; once something was done the world is new."""
    method, _, endpoint = row.partition(" ")
    here, statuses = world.build(app, cast), []
    for role in ROLES:
        statuses.append(answer(method, endpoint, PLAYED_BY[role], here, cast))
        if method != "GET" and statuses[-1] < 400:
            here = world.build(app, cast)
    return " ".join(map(str, statuses))


def answer(method: str, endpoint: str, player: str | None, here: world.World, cast: Cast) -> int:
    """Ask for this route as one of the cast and return the status."""
    with cast.app.test_request_context():
        url = cast.app.url_for(endpoint, **needed(cast.app, endpoint, here))
    client = cast.client(player)
    with client.get(url) if method == "GET" else client.submit(url) as got:
        return got.status_code


def needed(app: Flask, endpoint: str, here: world.World) -> dict[str, str]:
    """Return the values this endpoint's URL names."""
    names = {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
    return {name: value for name, value in here.url_values(endpoint).items() if name in names}


def methods(rule: Rule) -> set[str]:
    """Return the methods of a rule that people use."""
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}
