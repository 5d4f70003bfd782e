"""Where a person may be sent on to: pages of this site, nothing else."""

import pytest

from circle.web.frame import entry


@pytest.fixture
def request_here(app):
    with app.test_request_context("/sign-in"):
        yield


@pytest.mark.parametrize("path", ["/circles", "/you?x=1", "/circles/abc/rounds/3", "/circles/abc#ring"])
def test_pages_of_this_site_are_gone_on_to(request_here, path):
    assert entry.wanted(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "circles",
        "//evil.example",
        "https://evil.example/circles",
        "/\\evil.example",
        "/%5Cevil.example",
        "\\\\evil.example",
        "/nowhere",
        "/circles\r\nSet-Cookie: a=b",
        "/circles\t",
        "/ /evil.example",
        "/sign-in",
        "/sign-out",
        "/static/css/base.css",
        "javascript:alert(1)",
        "/circles?" + "x" * 500,
        "/\ud800",
        "/\x00",
    ],
)
def test_anything_else_is_not_gone_on_to(request_here, path):
    assert entry.wanted(path) == ""
