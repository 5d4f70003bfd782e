"""Across rounds: promises kept round by round, which reasons led on, and how long introductions take."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select

from circle.extensions import db
from circle.models import Commitment, Introduction, Round
from circle.models.base import as_row
from circle.rules import across, zones
from circle.rules.across import Kind, Span
from circle.rules.states import CommitmentState, RoundState
from circle.rules.wording import MONTHS
from circle.services.progress.circle_page import Standpoint

_round, _commitment, _introduction = as_row(Round), as_row(Commitment), as_row(Introduction)

MOST_ROUNDS = 60
"""Five years of monthly rounds: as many as can be told apart in a drawing."""

_INTRODUCED = _commitment.c.state == CommitmentState.INTRODUCED
_COUNTED = _commitment.c.state != CommitmentState.EXCUSED
_GIVEN = _commitment.c.giver_id == bindparam("me")
_RECEIVED = _commitment.c.receiver_id == bindparam("me")


def _count(*all_of: ColumnElement[bool]) -> Any:
    return func.count(case((and_(*all_of), 1)))


_newest = (
    select(_round.c.id, _round.c.number, _round.c.state, _round.c.opened_at)
    .where(_round.c.circle_id == bindparam("circle"), _round.c.number.is_not(None))
    .order_by(_round.c.number.desc())
    .limit(MOST_ROUNDS)
    .subquery()
)
_made = (
    select(_introduction.c.synergy)
    .join(_newest, _newest.c.id == _introduction.c.round_id)
    .where(_introduction.c.withdrawn_at.is_(None))
)

# Of others' promises the totals alone leave the database.
ROUNDS = (
    select(
        _newest.c.number,
        _newest.c.state,
        _newest.c.opened_at,
        _count(_INTRODUCED, _commitment.c.late.is_(False)),
        _count(_INTRODUCED, _commitment.c.late.is_(True)),
        _count(_commitment.c.state == CommitmentState.PASSED),
        _count(_COUNTED),
        _count(_INTRODUCED, _GIVEN),
        _count(_COUNTED, _GIVEN),
        _count(_INTRODUCED, _RECEIVED),
        _count(_COUNTED, _RECEIVED),
    )
    .join(_commitment, _commitment.c.round_id == _newest.c.id)
    .group_by(_newest.c.id, _newest.c.number, _newest.c.state, _newest.c.opened_at)
    .order_by(_newest.c.number.desc())
)

KINDS = _made.add_columns(_introduction.c.outcome, func.count()).group_by(
    _introduction.c.synergy, _introduction.c.outcome
)

DAYS = (
    _made.with_only_columns(_newest.c.opened_at, _introduction.c.made_on, func.count())
    .where(_introduction.c.fills.is_(True))
    .group_by(_newest.c.opened_at, _introduction.c.made_on)
)


@dataclass(frozen=True, slots=True)
class RoundKept:
    """One round in numbers: the circle's as totals, and the reader's own."""

    number: int
    open: bool
    when: str
    in_time: int
    late: int
    passed: int
    counted: int
    own_made: int
    own_counted: int
    received: int
    receivable: int


@dataclass(frozen=True, slots=True)
class Across:
    """What a circle's newest rounds together show its reader; the newest of all comes last."""

    rounds: tuple[RoundKept, ...]
    kept: str
    own: str
    kinds: tuple[Kind, ...]
    led_on: str
    spans: tuple[Span, ...]
    time: str
    older: bool
    """There are more rounds than are shown."""

    @property
    def most(self) -> int:
        return max((one.count for one in self.spans), default=0)


def read(here: Standpoint) -> Across:
    """Read what the newest rounds together show, in three statements however many rounds there are."""
    connection, zone = db.session.connection(), zones.zone(here.zone)
    of_reader = {"circle": here.circle_id, "me": here.viewer.person_id}
    rows = connection.execute(ROUNDS, of_reader).all()
    outcomes = connection.execute(KINDS, {"circle": here.circle_id}).all()
    days = _days(connection.execute(DAYS, {"circle": here.circle_id}).all(), zone)
    rounds = tuple(_kept(row, zone) for row in reversed(rows))
    kinds = across.kinds((synergy, outcome, count) for synergy, outcome, count in outcomes)
    return Across(
        rounds,
        _kept_words(rounds),
        _own_words(rounds),
        kinds,
        across.led_on_words(kinds),
        across.spans(days),
        across.time_words(days),
        bool(rounds) and rounds[0].number > 1,
    )


def _kept(row: Sequence[Any], zone: ZoneInfo) -> RoundKept:
    number, state, opened_at, *counts = row
    return RoundKept(number, state is RoundState.OPEN, _month(opened_at, zone), *counts)


def _month(at: datetime, zone: ZoneInfo) -> str:
    day = zones.local_day(at, zone)
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def _days(rows: Sequence[Any], zone: ZoneInfo) -> Counter[int]:
    days: Counter[int] = Counter()
    for opened_at, made_on, count in rows:
        days[(made_on - zones.local_day(opened_at, zone)).days] += count
    return days


def _kept_words(rounds: Sequence[RoundKept]) -> str:
    late = sum(one.late for one in rounds)
    made = sum(one.in_time for one in rounds) + late
    opened = rounds[-1].number if rounds and rounds[-1].open else None
    return across.kept_words(made, late, sum(one.counted for one in rounds), len(rounds), opened)


def _own_words(rounds: Sequence[RoundKept]) -> str:
    given = sum(one.own_made for one in rounds), sum(one.own_counted for one in rounds)
    received = sum(one.received for one in rounds), sum(one.receivable for one in rounds)
    return across.own_words(given, received)
