"""The tour: every page of the site that a role may look at, as the table of routes says."""

import re
from collections.abc import Iterator

from flask import Flask

from tests.cast import DOES, Cast
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

TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]*')


def tours(app: Flask, cast: Cast, here: world.World) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each role with the pages it is the first to see; what says the same to another is seen once."""
    seen: set[str] = set()
    for role in ROLES:
        client = cast.client(PLAYED_BY[role])
        paths = pages(app, cast, here, role)
        served = {endpoint: _to_anybody(client.get(path).text, role) for endpoint, path in paths.items()}
        yield role, {endpoint: paths[endpoint] for endpoint, page in served.items() if page not in seen}
        seen.update(served.values())


def _to_anybody(page: str, role: str) -> str:
    """Return a page without its form tokens, and with the same name whoever reads it."""
    page, player = TOKEN.sub("", page), PLAYED_BY[role]
    if player is None:
        return page
    name = DOES[player][0]
    face = re.compile(r'(?<=<span class="face small" aria-hidden="true">)[^<]*')
    return re.sub(rf"{name}|{player.lower()}@", "READER", face.sub("", page, count=1))


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
