"""A walk through the demo circle: one page of each kind that links lead to, in a real browser."""

import logging
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from circle.extensions import db
from circle.factory import create_app
from circle.models.base import Base
from tests.smtp_sink import free_port

LINKS = "[...document.querySelectorAll('a[href]')].map(each => each.href)"


@contextmanager
def served() -> Iterator[tuple[Flask, str]]:
    """Serve an empty site on loopback; yield it and its address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        site = create_app(
            {"PORT": str(port), "SECRET_KEY": "only for a picture, thrown away after it"}, Path(folder)
        )
        with site.app_context(), db.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection)
            connection.commit()
        server = make_server("127.0.0.1", port, site, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site, f"http://127.0.0.1:{port}"
        server.shutdown()


def look_around(page: Page) -> None:
    """Sign in as the organiser of the demo circle."""
    page.goto("/")
    page.get_by_role("button", name="Look around the demo circle").click()
    page.wait_for_load_state("networkidle")


def walk(site: Flask, page: Page) -> Iterator[tuple[str, str]]:
    """Go to one page of each kind that links lead to from this one; yield its kind and its address."""
    ahead, seen = [page.url], set()
    while ahead:
        address = ahead.pop(0)
        kind = endpoint_of(site, address)
        if kind is None or kind in seen or not is_page(page, address):
            continue
        seen.add(kind)
        page.goto(address)
        ahead += [link for link in page.evaluate(LINKS) if link.startswith(origin(page))]
        yield kind, address


def endpoint_of(site: Flask, address: str) -> str | None:
    """Return the name of the route behind an address, None where there is none."""
    try:
        return str(site.url_map.bind("").match(urlsplit(address).path)[0])
    except HTTPException:
        return None


def is_page(page: Page, path: str) -> bool:
    """Say whether this is something to look at, and not to be downloaded."""
    answer = page.context.request.get(path)
    return answer.ok and answer.headers["content-type"].startswith("text/html")


def origin(page: Page) -> str:
    """Return the scheme, host and port of a page."""
    return str(page.evaluate("location.origin"))
