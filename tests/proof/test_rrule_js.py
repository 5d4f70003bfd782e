"""The dates of a rhythm are those of rrule.js, which shares no code with ours."""

import random
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pytest

from circle.rules import zones
from circle.rules.recurrence import Pattern, Rhythm, anchor, occurrences
from tests.proof import node

pytestmark = pytest.mark.proof

RULES, DATES = 1000, 50
UTC_ZONE = zones.zone("UTC")


def _random_rhythm(dice: random.Random, pattern: Pattern | None = None) -> Rhythm:
    pattern = pattern or dice.choice(list(Pattern))
    starts = date(2020, 1, 1) + timedelta(days=dice.randrange(8000))
    end = dice.choice(["", "", "until", "count"])
    weekly = pattern in {Pattern.WEEKLY, Pattern.MONTHLY_WEEKDAY}
    return Rhythm(
        pattern=pattern,
        starts_on=starts,
        interval=dice.randint(1, 12),
        weekday=dice.randrange(7) if weekly else None,
        nth=dice.choice([1, 2, 3, 4, -1]) if pattern is Pattern.MONTHLY_WEEKDAY else None,
        monthday=dice.randint(1, 31) if pattern is Pattern.MONTHLY_DAY else None,
        opens_at=time(dice.randrange(24), dice.choice([0, 15, 30, 45])),
        ends_on=starts + timedelta(days=dice.randrange(60, 3000)) if end == "until" else None,
        rounds=dice.randint(1, 60) if end == "count" else None,
    )


def _asked(rhythm: Rhythm, monthdays: list[int] | None) -> dict[str, Any]:
    first = anchor(rhythm)
    assert first is not None
    until = datetime.combine(rhythm.ends_on, rhythm.opens_at) if rhythm.ends_on else None
    return {
        "freq": "WEEKLY" if rhythm.pattern is Pattern.WEEKLY else "MONTHLY",
        "interval": rhythm.interval,
        "start": f"{datetime.combine(first, rhythm.opens_at).isoformat()}Z",
        "weekday": rhythm.weekday,
        "nth": rhythm.nth,
        "monthdays": monthdays,
        "count": rhythm.rounds,
        "until": f"{until.isoformat()}Z" if until else None,
        "most": DATES,
    }


def _ours(rhythm: Rhythm) -> list[str]:
    return [one.slot.isoformat() for one in islice(occurrences(rhythm, UTC_ZONE), DATES)]


def _monthdays(rhythm: Rhythm) -> list[int] | None:
    if rhythm.pattern is Pattern.MONTHLY_LAST_DAY:
        return [-1]
    if rhythm.monthday is None:
        return None
    # The documented month-end rule: of the 28th to the wanted day, the last one that the month has.
    return list(range(28, rhythm.monthday + 1)) if rhythm.monthday > 28 else [rhythm.monthday]


def test_a_thousand_random_rhythms_have_the_dates_of_rrule_js():
    dice = random.Random()
    rhythms = [_random_rhythm(dice) for _ in range(RULES)]
    theirs = node.run("rules.cjs", [_asked(rhythm, _monthdays(rhythm)) for rhythm in rhythms])
    different = [rhythm for rhythm, dates in zip(rhythms, theirs, strict=True) if _ours(rhythm) != dates]
    assert different == []


def test_only_the_months_that_lack_the_day_differ_from_the_plain_rule():
    dice = random.Random()
    rhythms = [_random_rhythm(dice, Pattern.MONTHLY_DAY) for _ in range(200)]
    plain = [rhythm for rhythm in rhythms if rhythm.rounds is None and anchor(rhythm).day == rhythm.monthday]
    theirs = node.run("rules.cjs", [_asked(rhythm, [rhythm.monthday]) for rhythm in plain])
    for rhythm, dates in zip(plain, theirs, strict=True):
        ours = [slot for slot in _ours(rhythm) if datetime.fromisoformat(slot).day == rhythm.monthday]
        assert ours == dates[: len(ours)]
