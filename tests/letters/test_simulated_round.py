"""A round of six people, day by day: what the table shows is what was promised."""

from collections import Counter
from datetime import date

import pytest
from flask import Flask

from circle.rules.states import MailKind
from circle.services.post import nudges
from tests.cast import Cast
from tests.letters import simulated_round
from tests.letters.simulated_round import CIRCLE, OPENS, Diary

pytestmark = pytest.mark.one_database

MOST_A_ROUND = 8
WORK = {MailKind.DAILY, MailKind.NUDGE}


@pytest.fixture
def diary(app: Flask, cast: Cast) -> Diary:
    lived = simulated_round.live(app, cast)
    print(lived.table())  # noqa: T201 - shown by pytest -s
    return lived


def test_a_round_of_six_brings_few_letters_and_none_that_is_not_wanted(diary: Diary):
    a_day = Counter((one.reader, one.at.date()) for one in diary.letters if one.kind is MailKind.DAILY)
    assert max(a_day.values()) == 1
    assert max(Counter(one.reader for one in diary.letters).values()) <= MOST_A_ROUND
    reminded = [one for one in diary.letters if one.reminds or one.kind is MailKind.NUDGE]
    assert reminded
    assert all(one.outstanding for one in reminded)


def test_everybody_hears_of_the_opening_and_the_recap_once(diary: Diary):
    for kind in (MailKind.ROUND_OPENED, MailKind.RECAP):
        assert sorted(one.reader for one in diary.letters if one.kind is kind) == sorted(CIRCLE)


def test_each_hears_as_they_chose(diary: Diary):
    of_ada = [one for one in diary.of("Ada") if one.kind in WORK and one.reminds]
    assert of_ada == []
    away = [one for one in diary.of("Cy") if one.reminds]
    assert away == []
    paused = [one.at.date() for one in diary.of("Dee") if one.at > OPENS]
    assert min(paused) == date(2026, 11, 18)
    after_stopping = [one.kind for one in diary.of("Eve") if one.at.date() > date(2026, 11, 13)]
    assert after_stopping == [MailKind.RECAP]
    in_berlin = {one.at.hour for one in diary.of("Ben") if one.kind is MailKind.DAILY}
    assert in_berlin == {7}
    assert diary.refused_nudges["Eve Ruiz"] == nudges.MAIL_OFF
