"""Every route, method and role, with what each gets; a route without a row fails."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.cast import Cast
from tests.web import world
from tests.web.route_table import ROLES, TABLE
from tests.web.tour import PLAYED_BY, url_of

pytestmark = pytest.mark.both_databases


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
    url = url_of(cast.app, endpoint, here)
    client = cast.client(player)
    with client.get(url) if method == "GET" else client.submit(url) as got:
        return got.status_code


def methods(rule: Rule) -> set[str]:
    """Return the methods of a rule that people use."""
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}
