"""A server that was off: one round opens, by the late-opening rule, whoever looks first."""

from datetime import date, timedelta
from functools import partial

from flask import Flask
from sqlalchemy import select

from circle import worker
from circle.extensions import db
from circle.models import OutboxMail, Round
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import MailKind, RoundState
from circle.services.rounds import rhythms
from tests.cast import NOON, Cast, Stage
from tests.services.at_once import at_once
from tests.smtp_sink import Sink

MONTHLY = Rhythm(pattern=Pattern.MONTHLY_WEEKDAY, starts_on=date(2026, 11, 3), weekday=1, nth=1, due_days=17)
WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=6)
THREE_DAYS_LATER = NOON + timedelta(days=3, hours=22)


def _circle(cast: Cast, rhythm: Rhythm) -> Stage:
    stage = cast.circle("Ben", "Cy", "Dee", "Eve")
    with cast.app.app_context():
        rhythms.set_rhythm(stage.id, cast.person("Ada").id, rhythm, NOON)
    return stage


def _rounds(app: Flask) -> list[Round]:
    with app.app_context():
        return list(db.session.scalars(select(Round).order_by(Round.slot)))


def test_four_workers_started_at_once_open_one_round(app, cast, sink: Sink):
    _circle(cast, MONTHLY)
    at_once(app, *[partial(worker.tick, THREE_DAYS_LATER)] * 4)
    [opened] = _rounds(app)
    assert (opened.number, opened.state) == (1, RoundState.OPEN)


def test_four_workers_started_at_once_write_one_opening_mail_a_member(app, cast, sink: Sink):
    _circle(cast, MONTHLY)
    at_once(app, *[partial(worker.tick, THREE_DAYS_LATER)] * 4)
    with app.app_context():
        kinds = list(db.session.scalars(select(OutboxMail.kind)))
    assert kinds == [MailKind.ROUND_OPENED.key] * 5
    assert sorted(mail.recipients[0] for mail in sink.mails) == sorted(
        f"{name}@example.org" for name in ("ada", "ben", "cy", "dee", "eve")
    )


def test_only_the_latest_of_three_missed_weeks_opens(app, cast, sink: Sink):
    _circle(cast, WEEKLY)
    with app.app_context():
        worker.tick(NOON + timedelta(days=15, hours=23))
    assert [(one.number, bool(one.skipped_why)) for one in _rounds(app)] == [
        (None, True),
        (None, True),
        (1, False),
    ]


def test_a_pass_after_a_long_sleep_writes_no_burst(app, cast, sink: Sink):
    _circle(cast, WEEKLY)
    with app.app_context():
        worker.tick(NOON + timedelta(days=50, hours=23))
    assert len(sink.mails) == 5
