"""Rounds: opening one by hand, and what time alone does to them."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Membership, Round, StoredRhythm
from circle.rules import zones
from circle.rules.errors import BadDate, BadText, StalePage
from circle.rules.limits import Limits
from circle.rules.names import clean_line
from circle.rules.recurrence import YEARS, Occurrence
from circle.rules.rounds import LatePlan, late_opening
from circle.rules.states import Role, RoundState
from circle.rules.wording import day_words
from circle.services.rounds import closings, openings, rhythms
from circle.services.rounds.rhythms import drop_rhythm, set_rhythm, stored_rhythm
from circle.services.work import end_reading, lock_circle, writing

__all__ = [
    "circles_to_open",
    "drop_rhythm",
    "open_due",
    "open_now",
    "rounds_to_turn",
    "set_rhythm",
    "stored_rhythm",
    "turn",
]

THEME_LIMIT = 120
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=366)
LOOK_AGAIN = timedelta(hours=1)
SAME_PRESS = timedelta(minutes=1)
STILL_OPEN = "The round before was still open."


def open_now(
    circle_id: int,
    person_id: int,
    due_on: date,
    due_time: time,
    now: datetime,
    *,
    limits: Limits,
    theme: str = "",
) -> int:
    """Open a round by hand, due on this day in the circle's zone, and return its number.

    Raise BadDate, BadText, RoundIsOpen, TooFewMembers, or StalePage for who organises no more.
    """
    theme = _theme(theme)
    with writing():
        circle = lock_circle(circle_id)
        _refuse_unless_organiser(circle_id, person_id)
        due_at = _due_at(circle, due_on, due_time, now)
        again = _just_opened(circle_id, due_at, now)
        if again:
            return again
        openings.refuse_second_open_round(circle_id)
        openings.refuse_too_few(circle_id, limits)
        _keep_clear_of_the_rhythm(circle, due_at, now)
        slot = zones.to_local(now, zones.zone(circle.zone)).replace(microsecond=0)
        opened = openings.open_round(circle, slot, due_at, now, theme)
        if opened is None:
            raise StalePage("A round opened in this very second. Look at the circle's page.")
        return opened.number or 0


def open_due(circle_id: int, now: datetime, limits: Limits) -> str:
    """Open what the rhythm asks for at this moment, by the late-opening rule; say in words what was done."""
    with writing():
        circle = lock_circle(circle_id)
        if circle.archived_at or circle.next_opening_at is None or circle.next_opening_at > now:
            return ""
        stored = rhythms.row_of(circle_id)
        if stored is None:
            circle.next_opening_at = None
            return ""
        if openings.lacks_members(circle_id, limits):
            circle.next_opening_at = now + LOOK_AGAIN
            return f"The next round of {circle.name} waits for members."
        return _open_missed(circle, stored, now)


def turn(round_id: int, now: datetime) -> str:
    """Close a round that is due, or seal one whose time is over; say in words what was done."""
    circle_id = db.session.scalar(select(Round.circle_id).where(Round.id == round_id))
    if circle_id is None:
        return ""
    with writing() as session:
        circle = lock_circle(circle_id)
        round_ = session.get(Round, round_id, populate_existing=True)
        if round_ is None or round_.turns_at is None or round_.turns_at > now:
            return ""
        if round_.state is RoundState.OPEN:
            closings.close(round_, circle, now)
            return f"Closed round {round_.number} of {circle.name}."
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


def _theme(text: str) -> str:
    try:
        return clean_line(text, THEME_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="theme") from None


def _refuse_unless_organiser(circle_id: int, person_id: int) -> None:
    organises = select(Membership.id).where(
        Membership.circle_id == circle_id,
        Membership.person_id == person_id,
        Membership.role == Role.ORGANISER,
        Membership.left_at.is_(None),
    )
    if db.session.scalar(organises) is None:
        raise StalePage("You are not an organiser of this circle any more, so you cannot open a round.")


def _due_at(circle: Circle, due_on: date, due_time: time, now: datetime) -> datetime:
    if due_on.year not in YEARS:
        raise BadDate("Choose a due date within the next year.", field="due_on")
    due_at = zones.to_utc(datetime.combine(due_on, due_time), zones.zone(circle.zone))
    if due_at < now + SHORTEST:
        raise BadDate("Choose a due date that leaves at least an hour from now.", field="due_on")
    if due_at > now + LONGEST:
        raise BadDate("Choose a due date within the next year.", field="due_on")
    return due_at


def _just_opened(circle_id: int, due_at: datetime, now: datetime) -> int | None:
    # A second press of the same button is the same opening.
    return db.session.scalar(
        select(Round.number).where(
            Round.circle_id == circle_id,
            Round.state == RoundState.OPEN,
            Round.due_at == due_at,
            Round.opened_at > now - SAME_PRESS,
        )
    )


def _keep_clear_of_the_rhythm(circle: Circle, due_at: datetime, now: datetime) -> None:
    stored = rhythms.row_of(circle.id)
    if stored is None:
        return
    past, following = rhythms.missed(stored, circle.zone, now)
    if following and due_at > following.opens_at:
        raise BadDate(
            f"The rhythm opens the next round on {day_words(following.slot.date())} at "
            f"{following.slot:%H:%M}. Choose an earlier due date, or change the rhythm first.",
            field="due_on",
        )
    for occurrence in past:
        openings.skip(circle, occurrence, "A round was opened by hand instead.")
    _look_after(circle, stored, past, following)


def _open_missed(circle: Circle, stored: StoredRhythm, now: datetime) -> str:
    past, following = rhythms.missed(stored, circle.zone, now)
    plan = _plan(circle, past, following, now)
    for occurrence, reason in plan.skipped:
        openings.skip(circle, occurrence, reason)
    # First the next opening: what closes or seals now reads it.
    _look_after(circle, stored, past, following)
    said = [f"Skipped {len(plan.skipped)} of {circle.name}."] if plan.skipped else []
    if plan.open:
        opened = openings.open_round(circle, plan.open.slot, plan.open.due_at, now)
        said += [f"Opened round {opened.number} of {circle.name}."] if opened else []
    return " ".join(said)


def _plan(circle: Circle, past: list[Occurrence], following: Occurrence | None, now: datetime) -> LatePlan:
    running = openings.open_round_of(circle.id)
    if running and running.due_at <= now:
        closings.close(running, circle, now)
        db.session.flush()
    elif running:
        return LatePlan(None, tuple((occurrence, STILL_OPEN) for occurrence in past))
    return late_opening(past, following, now, zones.zone(circle.zone))


def _look_after(
    circle: Circle, stored: StoredRhythm, past: list[Occurrence], following: Occurrence | None
) -> None:
    if past:
        stored.used_slot = past[-1].slot
    circle.next_opening_at = following.opens_at if following else None
