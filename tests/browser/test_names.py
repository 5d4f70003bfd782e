"""Names of all kinds have room on every page, and stay apart from the words around them."""

from pathlib import Path

import pytest
from flask import Flask

from tests.browser.conftest import Windows
from tests.browser.room import SMALLEST, lacks
from tests.cast import Cast
from tests.web import names, tour, world

MINGLED = Path(__file__).with_name("names.js").read_text()
FIRST = [pytest.param(at, marks=() if at == 1 else pytest.mark.proof) for at in range(len(names.HOSTILE))]


@pytest.mark.parametrize("at", FIRST)
def test_every_name_has_room_on_every_page(at: int, app: Flask, cast: Cast, windows: Windows):
    tours = list(tour.tours(app, cast, world.build(app, cast)))
    with app.app_context():
        names.give(at)
    unfit = {}
    for role, paths in tours:
        page = windows(tour.PLAYED_BY[role])
        for endpoint, path in paths.items():
            if endpoint == "patterns.show":  # it brings names of its own
                continue
            page.goto(path)
            faults = page.evaluate(MINGLED)
            for width in (SMALLEST, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                faults += lacks(page)
            unfit[f"{role}: {endpoint}"] = faults
    assert {where: faults for where, faults in unfit.items() if faults} == {}


def test_a_name_among_other_words_is_found(windows: Windows):
    page = windows()
    page.set_content("<p>Introduce עמית 42 today</p><p>Introduce <bdi>עמית 42</bdi> today</p>")
    assert len(page.evaluate(MINGLED)) == 1
