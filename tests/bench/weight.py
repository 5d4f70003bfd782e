"""What each page of the demo circle weighs for a browser that comes for the first time.

Requests, bytes as they come over the wire, and bytes of HTML, CSS and JavaScript before any compression, as
Chromium's resource timing gives them.
"""

import sys
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium
from tests.browser.walk import look_around, served, walk

LIMIT_BYTES, LIMIT_REQUESTS = 60_000, 8
"""What the circle page may weigh in HTML, CSS and JavaScript together, and how often it may ask."""
MEASURE = """() => {
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const sum = (entries, what) => entries.reduce((total, each) => total + each[what], 0);
    const texts = all.filter(each => /\\.(css|js)/.test(each.name) || each.entryType === "navigation");
    return [all.length, sum(all, "transferSize"), sum(texts, "decodedBodySize")];
}"""


class Weight(NamedTuple):
    """One page: its kind, how often it asks, and its bytes."""

    kind: str
    requests: int
    wire: int
    texts: int


def main() -> None:
    """Measure and print the table; end with 1 when the circle page is above its limits."""
    with served() as (site, address), sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            sys.exit("Chromium was not found.")
        page = chromium.start(playwright, path).new_page(base_url=address)
        look_around(page)
        found = [weighed(page, kind, where) for kind, where in walk(site, page)]
    print("| page | requests | kB over the wire | kB of HTML, CSS and JS |\n| --- | ---: | ---: | ---: |")
    for one in found:
        print(f"| {one.kind} | {one.requests} | {one.wire / 1000:.1f} | {one.texts / 1000:.1f} |")
    circle = next(one for one in found if one.kind == "circles.show")
    sys.exit(circle.texts > LIMIT_BYTES or circle.requests > LIMIT_REQUESTS)


def weighed(page: Page, kind: str, address: str) -> Weight:
    """Return what a page weighs in a browser that has kept nothing but the sign-in."""
    browser = page.context.browser
    assert browser
    context = browser.new_context(storage_state=page.context.storage_state())
    fresh = context.new_page()
    fresh.goto(address, wait_until="networkidle")
    requests, wire, texts = fresh.evaluate(MEASURE)
    context.close()
    return Weight(kind, requests, wire, texts)


if __name__ == "__main__":
    main()
