"""The list of coming openings that operators print: the clock on the wall beside each instant."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Flask

from circle import clock
from circle.extensions import db
from circle.models import Circle
from circle.rules.rhythm import Pattern, Rhythm
from circle.services.rounds import rhythms
from circle.services.work import writing
from tests.cast import Cast

BERLIN = ZoneInfo("Europe/Berlin")
IN_THE_GAP = Rhythm(
    pattern=Pattern.MONTHLY_WEEKDAY, weekday=6, nth=-1, starts_on=date(2026, 11, 1), opens_at=time(2, 30)
)
"""On the last Sunday of March the clocks of Berlin jump over 02:30."""


def test_each_line_names_one_moment_twice(app: Flask, cast: Cast):
    stage, ada = cast.circle("Ben"), cast.person("Ada")
    with app.app_context():
        with writing():
            db.session.get_one(Circle, stage.id).zone = "Europe/Berlin"
        rhythms.set_rhythm(stage.id, ada.id, IN_THE_GAP, clock.now())
    lines = app.test_cli_runner().invoke(args=["circle", "rounds", stage.public_id]).output.splitlines()
    moments = [line.split("  ")[::2][:2] for line in lines]
    assert len(moments) == 12
    for local, instant in moments:
        assert f"{datetime.fromisoformat(instant).astimezone(BERLIN):%Y-%m-%d %H:%M}" == local
    assert any(local.endswith("03:30") for local, _ in moments)
