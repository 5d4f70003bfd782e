"""The page of one round: what was made, as far as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from circle.extensions import db
from circle.models import Introduction, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.states import RoundState, Synergy
from circle.rules.wording import closing_words, day_words, tally_words
from circle.services.giving.standing import ANSWERABLE
from circle.services.progress import boards, history
from circle.services.progress.boards import RoundRead, Someone
from circle.services.progress.circle_page import Standpoint
from circle.services.progress.history import CameOf

_round, _introduction = as_row(Round), as_row(Introduction)
_roster, _person = as_row(RosterMember), as_row(Person)

ROUND = select(
    _round.c.id,
    _round.c.number,
    _round.c.state,
    _round.c.opened_at,
    _round.c.due_at,
    _round.c.theme,
    _round.c.closing_made,
    _round.c.closing_counted,
).where(_round.c.circle_id == bindparam("circle"), _round.c.number == bindparam("number"))

WISHES = (
    select(_person.c.name, _roster.c.wish)
    .join(_person, _person.c.id == _roster.c.person_id)
    .where(_roster.c.round_id == bindparam("round"), _roster.c.wish != "")
    .order_by(_roster.c.seat, _roster.c.id)
)

LAST_NUMBER = select(func.max(_round.c.number)).where(_round.c.circle_id == bindparam("circle"))

MADE = (
    select(
        _introduction.c.giver_id,
        _introduction.c.receiver_id,
        _introduction.c.synergy,
        _introduction.c.late,
        _introduction.c.outcome,
        _introduction.c.thanks,
        _introduction.c.thanks_shared,
    )
    .where(_introduction.c.round_id == bindparam("round"), _introduction.c.withdrawn_at.is_(None))
    .order_by(_introduction.c.made_on, _introduction.c.id)
)


@dataclass(frozen=True, slots=True)
class MadeLine:
    """One introduction as everybody in the circle may see it, with thanks where they were shared."""

    giver: Someone
    receiver: Someone
    synergy: Synergy | None
    late: bool
    thanks: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """One round: its board, its figures in words, what was made, and the rounds beside it."""

    number: int
    theme: str
    open: bool
    when: str
    figures: str
    at_closing: str
    read: RoundRead
    made: tuple[MadeLine, ...]
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
    round_id, _, state, opened_at, due_at, theme, closing_made, closing_counted = row
    last = connection.execute(LAST_NUMBER, {"circle": here.circle_id}).scalar_one()
    made = connection.execute(MADE, {"round": round_id}).all()
    wishes = connection.execute(WISHES, {"round": round_id}).all()
    people = boards.people_of(here.circle_id)
    zone = zones.zone(here.viewer.zone)
    seen = boards.read_round(round_id, here.viewer.person_id, people, zone)
    days = (day_words(zones.local_day(at, zone), zones.local_day(now, zone)) for at in (opened_at, due_at))
    return RoundPage(
        number,
        theme,
        state is RoundState.OPEN,
        "Open from {} to {}".format(*days),
        _figures(seen, state),
        _at_closing(seen, closing_made, closing_counted),
        seen,
        tuple(_line(one, people) for one in made),
        tuple((name, wish) for name, wish in wishes),
        history.count_outcomes([(one[2], one[4], 1) for one in made]),
        number - 1 or None,
        number + 1 if number < last else None,
    )


def answerable_number(circle_id: int) -> int | None:
    """Return the number of the round that takes introductions now, if there is one."""
    found = select(_round.c.number).where(
        and_(_round.c.circle_id == circle_id, _round.c.state.in_(ANSWERABLE))
    )
    return db.session.connection().execute(found.order_by(_round.c.number.desc())).scalars().first()


def _figures(seen: RoundRead, state: RoundState) -> str:
    tally = seen.board.tally
    if state is RoundState.OPEN:
        return tally_words(tally)
    passed = f", {tally.passed} passed" if tally.passed else ""
    return closing_words(tally.in_time, tally.counted, tally.late) + passed


def _at_closing(seen: RoundRead, made: int | None, counted: int | None) -> str:
    tally = seen.board.tally
    if counted is None or (made, counted) == (tally.made, tally.counted):
        return ""
    return f"{made} of {counted} when it closed"


def _line(row: Sequence[Any], people: dict[int, Someone]) -> MadeLine:
    giver, receiver, synergy, late, _, thanks, shared = row
    return MadeLine(people[giver], people[receiver], synergy, late, thanks if shared else "")
