"""The worker: a pass does what is due once, however many pass at the same moment."""

import threading
from datetime import timedelta
from itertools import permutations

from flask import Flask

from circle import worker
from circle.models import Site
from circle.rules.states import MailKind
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.services.at_once import at_once
from tests.smtp_sink import Sink
from tests.snapshot import rows
from tests.story import A_WEEK_BEFORE, DUE


def test_a_pass_reminds_each_giver_with_something_left(app: Flask, cast: Cast, sink: Sink):
    round_ = story.begin(cast, "Ben", "Cy")
    round_.log("Ada", "Ben", "Cy")
    with app.app_context():
        worker.tick(A_WEEK_BEFORE)
    reminded = [mail.recipients[0] for mail in sink.mails if "to make" in mail.message["Subject"]]
    assert sorted(reminded) == ["ben@example.org", "cy@example.org"]


def test_two_passes_at_the_same_moment_remind_nobody_twice(app: Flask, cast: Cast, sink: Sink):
    story.begin(cast, "Ben", "Cy", "Dee", "Eve")
    assert at_once(app, *[lambda: worker.tick(A_WEEK_BEFORE)] * 4) == [None] * 4
    told = sorted(mail.recipients[0] for mail in sink.mails)
    assert told == sorted({mail.recipients[0] for mail in sink.mails})
    assert len(told) == 5


def test_two_passes_at_the_due_time_send_one_recap_each(app: Flask, cast: Cast, sink: Sink):
    story.begin(cast, "Ben", "Cy")
    assert at_once(app, *[lambda: worker.tick(DUE)] * 4) == [None] * 4
    recaps = [mail.recipients[0] for mail in sink.mails if mail.message["Subject"].startswith("How round")]
    assert sorted(recaps) == ["ada@example.org", "ben@example.org", "cy@example.org"]


def test_the_last_log_tells_the_circle_that_all_is_made(app: Flask, cast: Cast, sink: Sink):
    round_ = story.begin(cast, "Ben", "Cy")
    for giver, others in {"Ada": ("Ben", "Cy"), "Ben": ("Ada", "Cy"), "Cy": ("Ada", "Ben")}.items():
        round_.log(giver, *others)
    with app.app_context():
        worker.tick(NOON)
    assert len(story.mails(app, MailKind.ALL_DONE)) == len(sink.mails) == 3


def test_a_plan_changes_nothing(app: Flask, cast: Cast):
    story.begin(cast, "Ben", "Cy")
    before = rows(app)
    with app.app_context():
        worker.plan(A_WEEK_BEFORE)
    assert rows(app) == before


def test_a_plan_names_who_would_be_reminded(app: Flask, cast: Cast):
    story.begin(cast, "Ben", "Cy")
    with app.app_context():
        planned = worker.plan(A_WEEK_BEFORE)
    assert planned == [
        f"Would write to {first}@example.org: the reminder of one round." for first in ("ada", "ben", "cy")
    ]


def test_a_plan_names_the_round_that_would_close(app: Flask, cast: Cast):
    story.begin(cast, "Ben", "Cy")
    with app.app_context():
        assert "Would close round 1 of Harbour Circle and send its recap." in worker.plan(DUE)


def test_a_pass_is_remembered(app: Flask):
    with app.app_context():
        worker.tick(NOON)
        with writing() as session:
            assert session.get_one(Site, 1).ticked_at


def test_the_loop_ends_when_told(app: Flask):
    stop = threading.Event()

    def run() -> None:
        with app.app_context():
            worker.run(stop)

    thread = threading.Thread(target=run)
    thread.start()
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_round_that_waits_for_news_is_left_alone(app: Flask, cast: Cast, sink: Sink):
    story.begin(cast, "Ben", "Cy")
    with app.app_context():
        done = worker.tick(A_WEEK_BEFORE - timedelta(hours=1))
    assert done == []


def test_a_round_in_which_all_was_answered_and_nothing_made_is_told_too(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    for giver, receiver in permutations(("Ada", "Ben", "Cy"), 2):
        round_.pass_on(giver, receiver)
    assert len(story.mails(app, MailKind.ALL_DONE)) == 3
