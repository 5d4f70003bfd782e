"""Whether a page is fit for everybody: axe, its colours in the dark, room for all, nothing foreign."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.room import lacks_anywhere

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EVERYTHING: dict[str, object] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
}
"""All rules, said one by one: axe leaves that of the size of targets out when nobody asks for it."""
COLOURS: dict[str, object] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]},
    "resultTypes": ["violations"],
}
SCRIPT = Axe().axe_script
LOOK = """async options => {
    await Promise.all(document.getAnimations().map(colour => colour.finished.catch(() => {})))
    const found = await axe.run(document, options)
    return [found.passes.length, found.violations.map(one => [one.id, one.nodes.map(node => node.target)])]
}"""
"""Colours that still turn from light to dark are let finish: nobody reads in those moments."""
FROM_ELSEWHERE = """performance.getEntriesByType("resource").map(each => each.name)
    .filter(name => !name.startsWith(location.origin))"""


def faults_of(page: Page, path: str) -> list[str]:
    """Return what keeps somebody from using a page: wide and light, narrow and dark, and with little room."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(path)
    faults = findings(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    faults += findings(page, COLOURS)
    return faults + lacks_anywhere(page) + page.evaluate(FROM_ELSEWHERE)


def findings(page: Page, options: dict[str, object] = EVERYTHING) -> list[str]:
    """Return what axe finds, rule by rule with where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    looked_at, found = page.evaluate(LOOK, options)
    assert looked_at, "axe looked at nothing"
    return [f"{rule}: {targets[:3]}" for rule, targets in found]


def focused(page: Page) -> str:
    """Return the label or the words of what has the focus."""
    return str(
        page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
    )
