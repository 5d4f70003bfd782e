"""The parts of the look, in a browser."""

import pytest


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_part_makes_the_page_scroll_sideways(windows, width):
    page = windows(width=width)
    page.goto("/patterns")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
