"""The circle page stays light for a browser that comes for the first time."""

from playwright.sync_api import Browser

from tests.bench.weight import LIMIT_BYTES, LIMIT_REQUESTS, weighed
from tests.browser.walk import look_around, served


def test_the_circle_page_is_within_its_budget(browser: Browser):
    with served() as (_, address):
        page = browser.new_context(base_url=address).new_page()
        look_around(page)
        weight = weighed(page, "circles.show", page.url)
        page.context.close()
    assert 0 < weight.requests <= LIMIT_REQUESTS
    assert 30_000 < weight.texts <= LIMIT_BYTES
