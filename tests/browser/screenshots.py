"""A picture of every page that links lead to, in four looks, and the README's. Run by `make screenshots`."""

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from circle.extensions import db
from circle.factory import create_app
from circle.models.base import Base
from tests.browser import chromium
from tests.smtp_sink import free_port

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "instance" / "pages"
README = ROOT / "docs" / "circle.png"
LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
SIGNED_OUT = ("/", "/sign-in", "/nowhere", "/patterns", "/mailbox")
LINKS = "[...document.querySelectorAll('a[href]')].map(each => each.href)"


def main() -> None:
    """Serve a new demo circle, and take its pictures as its organiser sees it."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served() as (site, address), sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            sys.exit("Chromium was not found.")
        page = chromium.start(playwright, path).new_page(base_url=address)
        for at in SIGNED_OUT:
            picture(page, at, f"signed-out{at.replace('/', '-')}")
        page.goto("/")
        page.get_by_role("button", name="Look around the demo circle").click()
        page.wait_for_load_state("networkidle")
        page.set_viewport_size({"width": 1280, "height": 1300})
        page.emulate_media(color_scheme="light")
        page.screenshot(path=README)
        count = sum(1 for _ in walk(site, page, urlsplit(page.url).path))
    print(f"{count} pages in four looks: {PICTURES}")  # noqa: T201 - what the command is for


@contextmanager
def served() -> Iterator[tuple[Flask, str]]:
    """Serve an empty site on loopback; yield it and its address."""
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


def walk(site: Flask, page: Page, start: str) -> Iterator[str]:
    """Take pictures of one page of each kind that links lead to; yield the kind's name."""
    ahead, seen = [start], set()
    while ahead:
        path = ahead.pop(0)
        name = endpoint_of(site, path)
        if name is None or name in seen or not is_page(page, path):
            continue
        seen.add(name)
        picture(page, path, name)
        ahead += [link for link in page.evaluate(LINKS) if link.startswith(origin(page))]
        yield name


def picture(page: Page, path: str, name: str) -> None:
    """Save a page in each look."""
    page.goto(path)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)


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


if __name__ == "__main__":
    main()
