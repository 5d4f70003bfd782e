"""Circles that several tests of rounds begin with."""

import pytest

from circle.services.rounds import rhythms
from tests.cast import NOON, Cast
from tests.services.playing import WEEKLY, Playing


@pytest.fixture
def weekly(context, cast: Cast) -> Playing:
    """A circle of five whose rounds open every Tuesday."""
    play = Playing(cast)
    rhythms.set_rhythm(play.stage.id, play.id("Ada"), WEEKLY, NOON)
    return play


@pytest.fixture
def play(context, cast: Cast) -> Playing:
    """A circle of five in its first round."""
    playing = Playing(cast)
    playing.open()
    return playing
