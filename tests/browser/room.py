"""Whether all of a page has room: nothing cut, nothing on top of another, nothing to scroll sideways."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

SMALLEST = 320
"""Pixels: the narrowest phone, and also a window of 1280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
SPACED = """* { letter-spacing: .12em !important; word-spacing: .16em !important }
* { line-height: 1.5 !important }
p { margin-block-end: 2em !important }"""
"""What a reader may set for themself (WCAG 2.2, 1.4.12)."""
TWICE = "html { font-size: 200% !important }"
LOOKS = ((SMALLEST, ""), (390, SPACED), (1280, TWICE))
WEAR = """sheet => { const worn = new CSSStyleSheet(); worn.replaceSync(sheet);
    document.adoptedStyleSheets = sheet ? [worn] : [] }"""
LACKS = Path(__file__).with_suffix(".js").read_text()


def lacks(page: Page) -> list[str]:
    """Return where a page as it stands has not room enough."""
    found: list[str] = page.evaluate(LACKS)
    return found


@contextmanager
def worn(page: Page, sheet: str) -> Iterator[None]:
    """Let a reader's own style sheet apply for a while."""
    page.evaluate(WEAR, sheet)
    yield
    page.evaluate(WEAR, "")


def lacks_anywhere(page: Page) -> list[str]:
    """Return where a page lacks room on the smallest phone, with letters twice as large, and well spaced."""
    found = []
    for width, sheet in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        with worn(page, sheet):
            found += [f"{width} {sheet[:4]} {lack}" for lack in lacks(page)]
    return found
