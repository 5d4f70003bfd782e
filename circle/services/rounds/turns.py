"""Turns: what time alone does to a circle's rounds."""

from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Round
from circle.rules.limits import Limits
from circle.rules.schedule import Decision, decide
from circle.rules.states import ChangeKind, RoundState
from circle.services import changes
from circle.services.rounds import closings, holding, openings, schedules
from circle.services.work import end_reading, lock_circle, writing


def open_due(circle_id: int, now: datetime, limits: Limits) -> str:
    """Open what the schedule asks for at a moment, by the late-opening rule; say in words what was done."""
    with writing():
        circle = lock_circle(circle_id, archived_too=True)
        if circle.archived_at or circle.next_opening_at is None or circle.next_opening_at > now:
            return ""
        return _open_what_is_due(circle, now, lacking=holding.is_lacking(circle_id, limits, now))


def open_with_few(circle_id: int, by: int, now: datetime, limits: Limits) -> str:
    """Open the round that waits for members with those who are here; say in words what was done.

    Raise TooFewMembers below three present, StalePage when no round waits.
    """
    with writing():
        circle = lock_circle(circle_id)
        holding.refuse_unless_waiting(circle, by, limits, now)
        return _open_what_is_due(circle, now, lacking=False, by=by)


def turn(round_id: int, now: datetime) -> str:
    """Close a round that is due, or seal one whose time is over; say in words what was done."""
    circle_id = db.session.scalar(select(Round.circle_id).where(Round.id == round_id))
    if circle_id is None:
        return ""
    with writing() as session:
        circle = lock_circle(circle_id, archived_too=True)
        round_ = session.get(Round, round_id, populate_existing=True)
        if round_ is None or round_.turns_at is None or round_.turns_at > now:
            return ""
        if round_.state is RoundState.OPEN:
            return _close(round_, circle, now)
        sealed = closings.seal_when_time(round_, circle, now)
        return f"Sealed round {round_.number} of {circle.name}." if sealed else ""


def circles_to_open(now: datetime) -> list[int]:
    """List the circles whose rhythm opens a round by this moment."""
    due = select(Circle.id).where(Circle.next_opening_at <= now, Circle.archived_at.is_(None))
    found = list(db.session.scalars(due.order_by(Circle.next_opening_at)))
    end_reading()
    return found


def rounds_to_turn(now: datetime) -> list[int]:
    """List the rounds that time alone closes or seals by this moment."""
    found = list(db.session.scalars(select(Round.id).where(Round.turns_at <= now).order_by(Round.turns_at)))
    end_reading()
    return found


def _open_what_is_due(circle: Circle, now: datetime, *, lacking: bool, by: int | None = None) -> str:
    schedule, stored = schedules.schedule_of(circle), schedules.row_of(circle.id)
    if schedule is None or stored is None:
        circle.next_opening_at = None
        return ""
    said = _close_what_is_over(circle, now)
    running = openings.open_round_of(circle.id) is not None
    decision = decide(schedule, now, running=running, lacking=lacking)
    stored.used_slot, circle.next_opening_at = decision.used_slot, decision.next_at
    for occurrence, reason in decision.skipped:
        openings.skip(circle, occurrence, reason)
        circle.edition, circle.edited_at = circle.edition + 1, now
    return " ".join([*said, *_carry_out(circle, decision, by, now)])


def _carry_out(circle: Circle, decision: Decision, by: int | None, now: datetime) -> list[str]:
    said = [f"Skipped {len(decision.skipped)} of {circle.name}."] if decision.skipped else []
    if decision.held:
        holding.hold(circle, decision.held, now)
        said += [f"The next round of {circle.name} waits for members."]
    else:
        circle.held_at = None
    if decision.open:
        opened = openings.open_round(circle, decision.open.slot, decision.open.due_at, now)
        said += [f"Opened round {opened.number} of {circle.name}."] if opened else []
        if opened:
            changes.note(circle.id, ChangeKind.OPENED, now, by=by, words=f"round {opened.number}")
    return said


def _close_what_is_over(circle: Circle, now: datetime) -> list[str]:
    running = openings.open_round_of(circle.id)
    return [_close(running, circle, now)] if running and running.due_at <= now else []


def _close(round_: Round, circle: Circle, now: datetime) -> str:
    closings.close(round_, circle, now)
    db.session.flush()
    changes.note(circle.id, ChangeKind.CLOSED, now, words=f"round {round_.number}")
    return f"Closed round {round_.number} of {circle.name}."
