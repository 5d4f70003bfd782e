"""Every page of every role is valid HTML, as html-validate reads it."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.proof import node
from tests.web import tour, world
from tests.web.route_table import ROLES

pytestmark = [pytest.mark.proof, pytest.mark.one_database]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_valid_html(role: str, app: Flask, cast: Cast):
    here = world.build(app, cast)
    client = cast.client(tour.PLAYED_BY[role])
    pages = {endpoint: client.get(path).text for endpoint, path in tour.pages(app, cast, here, role).items()}
    assert len(pages) > 10
    found = node.run("html.cjs", pages)
    assert found.keys() == pages.keys()
    assert {endpoint: findings for endpoint, findings in found.items() if findings} == {}


def test_a_page_that_is_not_valid_is_found():
    page = "<!DOCTYPE html><html lang='en'><head><title>x</title></head><body><p><div>x</p></body></html>"
    assert node.run("html.cjs", {"broken": page})["broken"]
