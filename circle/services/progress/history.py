"""History: the rounds of a circle with their counts, those to come, and what came of what was made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, case, func, select

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction, Round, StoredRhythm
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.recurrence import Occurrence
from circle.rules.rhythm import Rhythm
from circle.rules.schedule import Schedule, planned
from circle.rules.states import CommitmentState, Outcome, RoundState, Synergy
from circle.rules.wording import MONTHS, day_words
from circle.services.giving.standing import ANSWERABLE
from circle.services.rounds import schedules

_round, _commitment, _introduction = as_row(Round), as_row(Commitment), as_row(Introduction)
_circle, _rhythm = as_row(Circle), as_row(StoredRhythm)

RHYTHM = (
    *(_rhythm.c.pattern, _rhythm.c.starts_on, _rhythm.c.interval, _rhythm.c.weekday, _rhythm.c.monthday),
    *(_rhythm.c.nth, _rhythm.c.ends_on, _rhythm.c.rounds, _rhythm.c.opens_at, _rhythm.c.due_days),
    *(_rhythm.c.due_time, _rhythm.c.used_slot, _circle.c.paused_until, _circle.c.archived_at),
)
_FIELDS = tuple(column.name for column in RHYTHM[:-3])

_newest = (
    select(_round)
    .where(_round.c.circle_id == bindparam("circle"), _round.c.number.is_not(None))
    .order_by(_round.c.number.desc())
    .limit(bindparam("most"))
    .subquery()
)


def _count(*states: CommitmentState) -> Any:
    return func.count(case((_commitment.c.state.in_(states), 1)))


NEWEST_ROUNDS = (
    select(
        _newest.c.id,
        _newest.c.number,
        _newest.c.state,
        _newest.c.opened_at,
        _newest.c.due_at,
        _newest.c.theme,
        _newest.c.turns_at,
        _count(CommitmentState.INTRODUCED),
        _count(*(state for state in CommitmentState if state is not CommitmentState.EXCUSED)),
    )
    .outerjoin(_commitment, _commitment.c.round_id == _newest.c.id)
    .group_by(
        *(_newest.c.id, _newest.c.number, _newest.c.state, _newest.c.opened_at),
        *(_newest.c.due_at, _newest.c.theme, _newest.c.turns_at),
    )
    .order_by(_newest.c.number.desc())
)

CAME_OF = (
    select(_introduction.c.synergy, _introduction.c.outcome, func.count())
    .where(
        _introduction.c.circle_id == bindparam("circle"),
        _introduction.c.round_id.is_not(None),
        _introduction.c.withdrawn_at.is_(None),
    )
    .group_by(_introduction.c.synergy, _introduction.c.outcome)
)


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round that has opened, with its counts."""

    id: int
    number: int
    state: RoundState
    opened_at: datetime
    due_at: datetime
    theme: str
    turns_at: datetime | None
    made: int
    counted: int

    @property
    def open(self) -> bool:
        return self.state is RoundState.OPEN

    @property
    def answerable(self) -> bool:
        return self.state in ANSWERABLE

    def at_rest(self) -> "PastRound":
        """Return it as it stands in an archive, where nothing can be answered."""
        return replace(self, state=RoundState.SEALED)


@dataclass(frozen=True, slots=True)
class Dial:
    """One round of the strip; `number` is None for a round to come."""

    number: int | None
    made: int | None
    counted: int
    label: str
    sub: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with its words."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class CameOf:
    """What came of the introductions: how many, why they were made, what the receivers said."""

    made: int
    words: str
    synergies: tuple[Bar, ...]
    outcomes: tuple[Bar, ...]
    most: int


def newest_rounds(circle_id: int, most: int = 12) -> list[PastRound]:
    """Return the newest rounds that have opened, newest first."""
    rows = db.session.connection().execute(NEWEST_ROUNDS, {"circle": circle_id, "most": most}).all()
    return [PastRound(*row) for row in rows]


def came_of(circle_id: int) -> CameOf:
    """Count what came of all introductions made in a circle's rounds."""
    rows = db.session.connection().execute(CAME_OF, {"circle": circle_id}).all()
    return count_outcomes([tuple(row) for row in rows])


def count_outcomes(rows: Sequence[tuple[Any, ...]], when: str = "so far") -> CameOf:
    """Count rows of synergy, outcome and number, and say the whole in a sentence about that time."""
    synergies: Counter[Synergy | None] = Counter()
    outcomes: Counter[Outcome | None] = Counter()
    for synergy, outcome, count in rows:
        synergies[synergy] += count
        outcomes[outcome] += count
    made = synergies.total()
    on = outcomes[Outcome.MET] + outcomes[Outcome.LED_ON]
    words = f"{made} introduction{'' if made == 1 else 's'} made {when}"
    words += f", {on} of them led to a meeting or more." if on else "."
    return CameOf(
        made,
        words,
        tuple(Bar(synergy.words, synergies[synergy]) for synergy in Synergy if synergies[synergy]),
        tuple(Bar(outcome.words, outcomes[outcome]) for outcome in Outcome if outcomes[outcome]),
        max([*synergies.values(), *outcomes.values()], default=0),
    )


def coming(
    columns: Sequence[Any], circle_id: int, zone_name: str, now: datetime, count: int
) -> tuple[Occurrence, ...]:
    """Return the next rounds that will open, from the columns RHYTHM; none without one or in an archive."""
    *_, used_slot, paused_until, archived_at = columns
    if columns[0] is None or archived_at:
        return ()
    schedule = Schedule(
        rhythm=Rhythm(**dict(zip(_FIELDS, columns, strict=False))),
        zone=zones.zone(zone_name),
        exceptions=schedules.exceptions_of(circle_id),
        paused_until=paused_until,
        used_slot=used_slot,
    )
    return tuple(islice((one for one in planned(schedule) if one.opens_at > now and not one.skipped), count))


def dials(
    rounds: Sequence[PastRound],
    ahead: Sequence[Occurrence],
    zone_name: str,
    now: datetime,
    *,
    here: int | None = None,
) -> list[Dial]:
    """Return the strip of rounds: oldest first, then those to come."""
    zone = zones.zone(zone_name)
    this_year = zones.local_day(now, zone).year
    strip = []
    for one in reversed(rounds):
        day = zones.local_day(one.opened_at, zone)
        month = MONTHS[day.month - 1][:3] + ("" if day.year == this_year else f" {day.year}")
        sub = "now" if one.open else month
        strip.append(Dial(one.number, one.made, one.counted, f"Round {one.number}", sub, one.number == here))
    for one_ahead in ahead:
        opens = day_words(one_ahead.opens_local.date(), zones.local_day(now, zone))
        strip.append(Dial(None, None, 0, "Opens", opens))
    return strip
