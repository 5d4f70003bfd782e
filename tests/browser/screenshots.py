"""A picture of every page that links lead to, in four looks, and the README's. Run by `make screenshots`."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium
from tests.browser.walk import look_around, served, walk

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "instance" / "pages"
README = ROOT / "docs" / "circle.png"
LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
SIGNED_OUT = ("/", "/sign-in", "/nowhere", "/patterns", "/mailbox")


def main() -> None:
    """Serve a new demo circle, and take its pictures as its organiser sees it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served() as (site, address), sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            sys.exit("Chromium was not found.")
        page = chromium.start(playwright, path).new_page(base_url=address)
        for at in SIGNED_OUT:
            page.goto(at)
            take(page, f"signed-out{at.replace('/', '-')}")
        look_around(page)
        page.set_viewport_size({"width": 1280, "height": 1300})
        page.emulate_media(color_scheme="light")
        page.screenshot(path=README)
        for kind, _ in walk(site, page):
            take(page, kind)
    count = len(list(PICTURES.glob("*.png")))
    print(f"{count} pictures of pages: {PICTURES}")  # noqa: T201 - what the command is for


def take(page: Page, name: str) -> None:
    """Save what a page shows in each look."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    main()
