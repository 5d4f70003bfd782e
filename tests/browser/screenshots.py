"""The README's picture: the demo circle as its organiser sees it. Run by `make screenshots`."""

import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from circle.extensions import db
from circle.factory import create_app
from circle.models.base import Base
from tests.browser import chromium
from tests.smtp_sink import free_port

DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Serve a new demo circle, and take its picture."""
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
        take(f"http://127.0.0.1:{port}")
        server.shutdown()


def take(address: str) -> None:
    """Visit the demo circle and save what is seen."""
    with sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            sys.exit("Chromium was not found.")
        page = chromium.start(playwright, path).new_page(viewport={"width": 1280, "height": 1300})
        page.goto(address)
        page.get_by_role("button", name="Look around the demo circle").click()
        page.wait_for_load_state("networkidle")
        DOCS.mkdir(exist_ok=True)
        page.screenshot(path=DOCS / "circle.png")


if __name__ == "__main__":
    main()
