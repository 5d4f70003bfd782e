"""The tour: every page of the site that a role may look at, as the table of routes says."""

from flask import Flask

from tests.cast import Cast
from tests.web import world
from tests.web.route_table import ROLES, TABLE

PLAYED_BY = {
    "anonymous": None,
    "stranger": "Finn",
    "invited": "Gil",
    "former": "Dee",
    "other": "Eve",
    "member": "Ben",
    "organiser": "Ada",
}
"""Who of the cast plays which role in the world of `tests.web.world`."""


def pages(app: Flask, cast: Cast, here: world.World, role: str) -> dict[str, str]:
    """Return the path of each page that this role may look at, by endpoint; what is no page is left out."""
    may_look = [
        row.removeprefix("GET ")
        for row, answers in TABLE.items()
        if row.startswith("GET ") and answers.split()[ROLES.index(role)] == "200"
    ]
    client = cast.client(PLAYED_BY[role])
    found = {}
    for endpoint in may_look:
        path = url_of(app, endpoint, here)
        with client.get(path) as answer:
            if answer.mimetype == "text/html":
                found[endpoint] = path
    return found


def url_of(app: Flask, endpoint: str, here: world.World) -> str:
    """Return the path of an endpoint in a world."""
    names = {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
    values = {name: value for name, value in here.url_values(endpoint).items() if name in names}
    with app.test_request_context():
        return app.url_for(endpoint, **values)
