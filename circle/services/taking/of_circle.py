"""What an organiser takes of a circle: what everybody in it may see, and nothing that is between two."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, case, func, select

from circle.formats.sheets import Sheet
from circle.models import Circle, Commitment, Introduction, Membership, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.states import CommitmentState, Outcome, RoundState
from circle.services.taking.reading import Taken, read_sheet

_circle, _person, _membership = as_row(Circle), as_row(Person), as_row(Membership)
_round, _roster, _commitment = as_row(Round), as_row(RosterMember), as_row(Commitment)
_introduction = as_row(Introduction)
_giver, _receiver = _person.alias("giver"), _person.alias("receiver")


def _while_here(column: ColumnElement[str], label: str) -> Any:
    """Show what members see of each other until they leave."""
    return case((_membership.c.left_at.is_(None), column), else_="").label(label)


def _promises(state: CommitmentState) -> Any:
    return _count(_commitment, _commitment.c.state == state).label(f"promises_{state.value}")


def _came_of(outcome: Outcome) -> Any:
    # What came of one introduction is between its two ends; how often each came of a round is not.
    stands = (_introduction.c.outcome == outcome, _introduction.c.withdrawn_at.is_(None))
    return _count(_introduction, *stands).label(f"answered_{outcome.value}")


def _count(table: FromClause, *clauses: ColumnElement[bool]) -> Any:
    rows = select(func.count()).select_from(table)
    return rows.where(table.c.round_id == _round.c.id, *clauses).scalar_subquery()


SHEETS: dict[str, Select[Any]] = {
    "members": select(
        _person.c.name.label("name"),
        _membership.c.role.label("role"),
        _membership.c.seat.label("seat"),
        _membership.c.joined_at.label("joined"),
        _membership.c.left_at.label("left"),
        *(
            _while_here(_person.c[name], name)
            for name in ("email", "does", "serves", "interests", "wish", "forwardable")
        ),
    )
    .join(_person, _person.c.id == _membership.c.person_id)
    .where(_membership.c.circle_id == bindparam("circle"))
    .order_by(_membership.c.left_at.is_not(None), _membership.c.seat, _membership.c.id),
    "rounds": select(
        _round.c.number.label("round"),
        _round.c.state.label("state"),
        _round.c.slot.label("planned_for"),
        _round.c.opened_at.label("opened"),
        _round.c.due_at.label("due"),
        _round.c.closed_at.label("closed"),
        _round.c.theme.label("theme"),
        _round.c.skipped_why.label("skipped_because"),
        *map(_promises, CommitmentState),
        _round.c.closing_made.label("made_when_it_closed"),
        _round.c.closing_counted.label("promised_when_it_closed"),
        _round.c.closing_passed.label("passed_when_it_closed"),
        *map(_came_of, Outcome),
    )
    .where(_round.c.circle_id == bindparam("circle"), _round.c.state != RoundState.SCHEDULED)
    .order_by(_round.c.slot, _round.c.id),
    "rosters": select(
        _round.c.number.label("round"),
        _roster.c.seat.label("seat"),
        _person.c.name.label("name"),
        _roster.c.wish.label("wish"),
        _roster.c.away.label("away"),
        _roster.c.gone.label("left_before_its_end"),
    )
    .join(_round, _round.c.id == _roster.c.round_id)
    .join(_person, _person.c.id == _roster.c.person_id)
    .where(_roster.c.circle_id == bindparam("circle"))
    .order_by(_round.c.number, _roster.c.seat, _roster.c.id),
    "promises": select(
        _round.c.number.label("round"),
        _giver.c.name.label("giver"),
        _receiver.c.name.label("receiver"),
        _commitment.c.state.label("state"),
        _commitment.c.late.label("late"),
    )
    .join(_round, _round.c.id == _commitment.c.round_id)
    .join(_giver, _giver.c.id == _commitment.c.giver_id)
    .join(_receiver, _receiver.c.id == _commitment.c.receiver_id)
    .where(_commitment.c.circle_id == bindparam("circle"))
    .order_by(_round.c.number, _commitment.c.id),
    # In which round is everybody's to see; on which day is between the two.
    "introductions": select(
        _round.c.number.label("round"),
        _giver.c.name.label("giver"),
        _receiver.c.name.label("receiver"),
        _introduction.c.late.label("late"),
        _introduction.c.synergy.label("synergy"),
        case((_introduction.c.thanks_shared, _introduction.c.thanks), else_="").label("shared_thanks"),
    )
    .join(_round, _round.c.id == _introduction.c.round_id)
    .join(_giver, _giver.c.id == _introduction.c.giver_id)
    .join(_receiver, _receiver.c.id == _introduction.c.receiver_id)
    .where(_introduction.c.circle_id == bindparam("circle"), _introduction.c.withdrawn_at.is_(None))
    .order_by(_round.c.number, _introduction.c.made_on, _introduction.c.id),
}
"""Introductions outside rounds belong to the records of those at their ends."""

FACTS = select(
    _circle.c.name.label("name"),
    _circle.c.zone.label("zone"),
    _circle.c.charter.label("charter"),
    _circle.c.created_at.label("started"),
    _circle.c.archived_at.label("archived"),
).where(_circle.c.id == bindparam("circle"))


def everything(circle_id: int, zone: str) -> Taken:
    """Read a circle with all its sheets; moments stand in its zone."""
    sheets = tuple(sheet(circle_id, zone, name) for name in SHEETS)
    facts = read_sheet("circle", FACTS, zones.zone(zone), {"circle": circle_id})
    return Taken(dict(zip(facts.columns, facts.rows[0], strict=True)), sheets)


def sheet(circle_id: int, zone: str, name: str) -> Sheet:
    """Read one of the SHEETS by its name."""
    return read_sheet(name, SHEETS[name], zones.zone(zone), {"circle": circle_id})
