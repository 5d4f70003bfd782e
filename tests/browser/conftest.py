"""One Chromium for the run; each test opens windows of its own in it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.cast import Cast
from tests.conftest import missing

Windows = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser."""
    for item in items:
        if "windows" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            missing("Chromium")
        running = chromium.start(playwright, str(path))
        yield running
        running.close()


@pytest.fixture
def windows(browser: Browser, live: str, cast: Cast, app: Flask) -> Iterator[Windows]:
    """Open windows: `windows("Ada")` is signed in, `windows()` is not; faults in a page fail the test."""
    contexts, faults = [], []

    def open_window(
        first: str | None = None, *, width: int = 1280, scheme: str = "light", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            timezone_id="Europe/London",
        )
        contexts.append(context)
        if first:
            client = cast.client(first)
            cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="localhost")
            assert cookie is not None
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live}])
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: faults.append(message.text) if "Content Security" in message.text else None,
        )
        page.on(
            "response",
            lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not faults
