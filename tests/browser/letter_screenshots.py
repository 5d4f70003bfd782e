"""Pictures of every HTML letter, light and dark, narrow and wide. Run by `make screenshots`."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from circle import clock
from circle.factory import create_app
from circle.formats.opened import open_mail
from circle.letters import posting
from circle.services.running import demo_letters, rehearsal
from tests.browser import chromium

PICTURES = Path(__file__).resolve().parents[2] / "instance" / "letters"
WIDTHS = (390, 640)
SCHEMES = ("light", "dark")


def main() -> None:
    """Write every letter of the demo circle, and take its pictures."""
    with sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            sys.exit("Chromium was not found.")
        PICTURES.mkdir(parents=True, exist_ok=True)
        take(chromium.start(playwright, path), dict(letters()))
    print(f"Pictures of the letters: {PICTURES}")  # noqa: T201 - what the command is for


def letters() -> Iterator[tuple[str, str]]:
    """Yield each letter's name and HTML."""
    with tempfile.TemporaryDirectory() as folder:
        site = create_app({"SECRET_KEY": "only for a picture, thrown away after it"}, Path(folder))
        for scene in demo_letters.SCENES:
            with site.app_context(), rehearsal.empty_database():
                staged = demo_letters.stage(scene.name, clock.now())
                wire = posting.preview(staged.mail_id, staged.at)
            if wire:
                yield scene.name, open_mail(wire).html


def take(browser: Browser, letters: dict[str, str]) -> None:
    """Save each letter in each width and scheme; say so when one is wider than its page."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            for name, html in letters.items():
                page.set_content(html)
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    sys.exit(f"The letter {name} is wider than {width} px.")
                page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)
            page.close()


if __name__ == "__main__":
    main()
