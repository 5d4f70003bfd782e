"""The page of one round: what was made, as far as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, case, func, or_, select

from circle.extensions import db
from circle.models import Introduction, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.board import Board
from circle.rules.states import CommitmentState, Outcome, RoundState, Synergy
from circle.rules.wording import closing_words, day_words, tally_words
from circle.services.giving.standing import ANSWERABLE
from circle.services.progress import boards, history
from circle.services.progress.boards import RoundRead, Someone
from circle.services.progress.circle_page import Standpoint
from circle.services.progress.history import CameOf

_round, _introduction = as_row(Round), as_row(Introduction)
_roster, _person = as_row(RosterMember), as_row(Person)
_any_round = _round.alias()

ROUND = select(
    _round.c.id,
    _round.c.state,
    _round.c.opened_at,
    _round.c.due_at,
    _round.c.theme,
    _round.c.closing_made,
    _round.c.closing_counted,
    select(func.max(_any_round.c.number))
    .where(_any_round.c.circle_id == bindparam("circle"))
    .scalar_subquery(),
).where(_round.c.circle_id == bindparam("circle"), _round.c.number == bindparam("number"))

ROSTER = (
    select(_person.c.name, _roster.c.wish, _roster.c.away, _roster.c.gone)
    .join(_person, _person.c.id == _roster.c.person_id)
    .where(_roster.c.round_id == bindparam("round"))
    .order_by(_roster.c.seat, _roster.c.id)
)

_MINE = or_(_introduction.c.giver_id == bindparam("me"), _introduction.c.receiver_id == bindparam("me"))

# Giver and receiver alone see to whom; what came of it is counted for the others.
MADE = (
    select(
        _introduction.c.giver_id,
        _introduction.c.receiver_id,
        _introduction.c.synergy,
        _introduction.c.late,
        _introduction.c.outcome,
        case((_introduction.c.thanks_shared, _introduction.c.thanks), else_=""),
        case((_MINE, _introduction.c.contact_name), else_=""),
    )
    .where(_introduction.c.round_id == bindparam("round"), _introduction.c.withdrawn_at.is_(None))
    .order_by(_introduction.c.made_on, _introduction.c.id)
)


@dataclass(frozen=True, slots=True)
class MadeLine:
    """One introduction as its reader may see it: `contact_name` and `outcome` are empty for others' own."""

    giver: Someone
    receiver: Someone
    synergy: Synergy | None
    late: bool
    thanks: str
    contact_name: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What one giver made in a round, in the receivers' seat order."""

    giver: Someone
    lines: tuple[MadeLine, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """What is neither made in time nor open, each in seat order: pairs, and who was not there."""

    late: tuple[str, ...]
    passed: tuple[str, ...]
    away: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def lines(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        said = (
            ("After the due day", self.late),
            ("No fit this round", self.passed),
            ("Away", self.away),
            ("Left before its end", self.left),
        )
        return tuple(line for line in said if line[1])


@dataclass(frozen=True, slots=True)
class RoundPage:
    """One round: its board, its figures in words, what was made, and the rounds beside it."""

    number: int
    theme: str
    open: bool
    answerable: bool
    when: str
    figures: str
    at_closing: str
    read: RoundRead
    made: tuple[MadeBy, ...]
    """By giver, in seat order; who made none is not named."""
    apart: Apart
    thanks: tuple[MadeLine, ...]
    wishes: tuple[tuple[str, str], ...]
    """Who wished to meet whom in this round, in seat order."""
    came_of: CameOf
    previous: int | None
    following: int | None


def read(here: Standpoint, number: int, now: datetime) -> RoundPage | None:
    """Read one round as this member may see it, None where the circle has no such round."""
    connection = db.session.connection()
    row = connection.execute(ROUND, {"circle": here.circle_id, "number": number}).one_or_none()
    if row is None:
        return None
    round_id, state, opened_at, due_at, theme, closing_made, closing_counted, last = row
    me, zone = here.viewer.person_id, zones.zone(here.viewer.zone)
    made = connection.execute(MADE, {"round": round_id, "me": me}).all()
    roster = connection.execute(ROSTER, {"round": round_id}).all()
    people = boards.people_of(here.circle_id)
    seen = boards.read_round(round_id, me, people, zone)
    lines = [_line(one, people) for one in made]
    return RoundPage(
        number,
        theme,
        state is RoundState.OPEN,
        state in ANSWERABLE,
        _when(opened_at, due_at, zone, now),
        _figures(seen, state),
        _at_closing(seen, closing_made, closing_counted),
        seen,
        _by_giver(lines, seen.board),
        _apart(seen.board, roster),
        tuple(line for line in lines if line.thanks),
        tuple((name, wish) for name, wish, _, _ in roster if wish),
        history.count_outcomes([(one[2], one[4], 1) for one in made], "in this round"),
        number - 1 or None,
        number + 1 if number < last else None,
    )


def answerable_number(circle_id: int) -> int | None:
    """Return the number of the round that takes introductions now, if there is one."""
    found = select(_round.c.number).where(
        and_(_round.c.circle_id == circle_id, _round.c.state.in_(ANSWERABLE))
    )
    return db.session.connection().execute(found.order_by(_round.c.number.desc())).scalars().first()


def _when(opened_at: datetime, due_at: datetime, zone: ZoneInfo, now: datetime) -> str:
    today = zones.local_day(now, zone)
    opened, due = (day_words(zones.local_day(at, zone), today) for at in (opened_at, due_at))
    return f"Open from {opened} to {due}"


def _figures(seen: RoundRead, state: RoundState) -> str:
    tally = seen.board.tally
    if state is RoundState.OPEN:
        return tally_words(tally)
    passed = f", {tally.passed} passed" if tally.passed else ""
    return closing_words(tally.in_time, tally.counted, tally.late) + passed


def _at_closing(seen: RoundRead, made: int | None, counted: int | None) -> str:
    tally = seen.board.tally
    if counted is None or (made, counted) == (tally.in_time, tally.counted):
        return ""
    return f"{made} of {counted} when it closed"


def _by_giver(lines: Sequence[MadeLine], board: Board) -> tuple[MadeBy, ...]:
    by_giver: dict[int, list[MadeLine]] = {seat.person_id: [] for seat in board.seats}
    for line in lines:
        by_giver.setdefault(line.giver.person_id, []).append(line)
    place = {seat.person_id: at for at, seat in enumerate(board.seats)}
    for made in by_giver.values():
        made.sort(key=lambda line: place.get(line.receiver.person_id, len(place)))
    return tuple(MadeBy(made[0].giver, tuple(made)) for made in by_giver.values() if made)


def _apart(board: Board, roster: Sequence[Any]) -> Apart:
    names = {seat.person_id: seat.first_name for seat in board.seats}
    cells = [cell for cell in chain.from_iterable(board.rows) if cell]
    late, passed = (
        tuple(f"{names[cell.giver_id]} for {names[cell.receiver_id]}" for cell in cells if chosen(cell))
        for chosen in (lambda cell: cell.late, lambda cell: cell.state is CommitmentState.PASSED)
    )
    return Apart(
        late,
        passed,
        tuple(name for name, _, away, gone in roster if away and not gone),
        tuple(name for name, _, _, gone in roster if gone),
    )


def _line(row: Sequence[Any], people: dict[int, Someone]) -> MadeLine:
    giver, receiver, synergy, late, outcome, thanks, contact_name = row
    outcome = outcome if contact_name else None
    return MadeLine(people[giver], people[receiver], synergy, late, thanks, contact_name, outcome)
