"""Whether a page is fit for everybody: axe, its colours in the dark, the smallest phone, nothing foreign."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
}
SMALLEST = 320
"""Pixels: the narrowest phone, and also a window of 1280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
FROM_ELSEWHERE = """performance.getEntriesByType("resource").map(each => each.name)
    .filter(name => !name.startsWith(location.origin))"""


def faults_of(page: Page, path: str) -> list[str]:
    """Return what keeps somebody from using a page: wide and light, narrow and dark, and on the smallest."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(path)
    faults = findings(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    faults += findings(page, COLOURS)
    page.set_viewport_size({"width": SMALLEST, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth") > SMALLEST:
        faults.append("it scrolls sideways")
    return faults + page.evaluate(FROM_ELSEWHERE)


def findings(page: Page, options: dict[str, object] | None = None) -> list[str]:
    """Return what axe finds, rule by rule with where."""
    found = Axe().run(page, options=options).response
    assert found["passes"], "axe looked at nothing"
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}" for one in found["violations"]]


def focused(page: Page) -> str:
    """Return the label or the words of what has the focus."""
    return str(
        page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
    )
