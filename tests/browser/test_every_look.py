"""All of axe's rules on every page of every role and state, in every look a reader may choose."""

from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import Windows
from tests.browser.fit import findings
from tests.browser.room import SMALLEST, SPACED, TWICE, lacks, worn
from tests.browser.test_access import STATES, circle_in, ways_of
from tests.cast import Cast
from tests.web import tour, world
from tests.web.route_table import ROLES

pytestmark = pytest.mark.proof


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    width: int
    scheme: str = "light"
    forced: str = "none"
    motion: str = "no-preference"

    def put_on(self, page: Page) -> None:
        """Let a page be looked at so."""
        page.set_viewport_size({"width": self.width, "height": 800})
        page.emulate_media(color_scheme=self.scheme, forced_colors=self.forced, reduced_motion=self.motion)


WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
LOOKS = (
    *(Look(width, scheme) for width, scheme in product(WIDTHS, SCHEMES)),
    *(Look(width, scheme, forced="active") for width, scheme in zip(WIDTHS, SCHEMES, strict=True)),
    *(Look(width, scheme, motion="reduce") for width, scheme in zip(WIDTHS, SCHEMES, strict=True)),
)
ROOMS = ((SMALLEST, ""), (640, ""), (SMALLEST, SPACED), (1280, SPACED), (1280, TWICE))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_fit_in_every_look(role: str, app: Flask, cast: Cast, windows: Windows):
    paths = dict(tour.tours(app, cast, world.build(app, cast)))[role]
    page = windows(tour.PLAYED_BY[role])
    unfit = {endpoint: faults_in_every_look(page, path) for endpoint, path in paths.items()}
    assert {endpoint: faults for endpoint, faults in unfit.items() if faults} == {}


@pytest.mark.parametrize("state", STATES)
def test_a_circle_in_every_state_is_fit_in_every_look(state: str, cast: Cast, windows: Windows):
    circle, page = circle_in(state, cast), windows("Ada")
    unfit = {way: faults_in_every_look(page, circle + way) for way in ways_of(state)}
    assert {way: faults for way, faults in unfit.items() if faults} == {}


def faults_in_every_look(page: Page, path: str) -> list[str]:
    """Return what keeps somebody from using a page, each with the look in which it does."""
    page.goto(path)
    faults = []
    for look in LOOKS:
        look.put_on(page)
        faults += [f"{look}: {finding}" for finding in findings(page)]
    for width, sheet in ROOMS:
        page.set_viewport_size({"width": width, "height": 800})
        with worn(page, sheet):
            faults += [f"{width} {sheet[:4]} {lack}" for lack in lacks(page)]
    return faults
