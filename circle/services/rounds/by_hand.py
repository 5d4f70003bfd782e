"""Rounds by hand: opening one now, moving its due date, closing it early, opening it again."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Round
from circle.rules import zones
from circle.rules.clashes import refuse_length, refuse_meeting, refuse_waiting
from circle.rules.errors import BadDate, BadText, RoundIsOpen, StalePage
from circle.rules.limits import Limits
from circle.rules.names import clean_line
from circle.rules.recurrence import YEARS
from circle.rules.schedule import look
from circle.rules.states import ChangeKind, RoundState
from circle.rules.wording import day_words
from circle.services import changes
from circle.services.giving import wishes
from circle.services.membership import seats
from circle.services.rounds import closings, openings, recaps, schedules
from circle.services.work import lock_circle, writing

THEME_LIMIT = 120
SAME_PRESS = timedelta(minutes=1)
INSTEAD = "A round was opened by hand instead."


def open_now(
    circle_id: int,
    by: int,
    due_on: date,
    due_time: time,
    now: datetime,
    *,
    limits: Limits,
    theme: str = "",
) -> int:
    """Open a round by hand, due on this day in the circle's zone, and return its number.

    Raise BadDate, BadText, MeetsAnother, RoundIsOpen, TooFewMembers, or StalePage for who organises no more.
    """
    theme = _theme(theme)
    with writing():
        circle = _locked(circle_id, by)
        due_at = _due_at(circle, due_on, due_time, now)
        again = _just_opened(circle_id, due_at, theme, now)
        if again:
            return again
        openings.refuse_second_open_round(circle_id)
        openings.refuse_too_few(circle_id, limits, now)
        _keep_clear(circle, due_at, now)
        _use_up(circle, now)
        slot = zones.to_local(now, zones.zone(circle.zone)).replace(microsecond=0)
        opened = openings.open_round(circle, slot, due_at, now, theme)
        if opened is None:
            raise StalePage("A round opened in this very second. Look at the circle's page.")
        schedules.dates_changed(circle, now)
        _note(opened, ChangeKind.OPENED, by, now)
        return opened.number or 0


def extend(circle_id: int, by: int, number: int, due_on: date, due_time: time, now: datetime) -> None:
    """Let the open round be due at another time; raise BadDate, MeetsAnother, or StalePage once it closed."""
    with writing():
        circle = _locked(circle_id, by)
        round_ = _open(circle_id, number)
        due_at = _due_at(circle, due_on, due_time, now)
        if due_at == round_.due_at:
            return
        _keep_clear(circle, due_at, now)
        closings.move_due(round_, due_at, now)
        schedules.dates_changed(circle, now)
        day = day_words(due_on)
        changes.note(circle_id, ChangeKind.EXTENDED, now, by=by, words=f"round {number} to {day}")


def close(circle_id: int, by: int, number: int, now: datetime) -> bool:
    """Close the open round before it is due, and say whether a recap goes out; raise StalePage once closed.

    Of a round that was opened again it may have gone out already.
    """
    with writing():
        circle = _locked(circle_id, by)
        round_ = _open(circle_id, number)
        first_time = not recaps.readers(round_.id)
        closings.close(round_, circle, now)
        schedules.dates_changed(circle, now)
        _note(round_, ChangeKind.CLOSED, by, now)
        return first_time


def reopen(circle_id: int, by: int, number: int, due_on: date, due_time: time, now: datetime) -> None:
    """Open the last closed round again, due at a new time, without a second recap for who got one.

    Raise BadDate, MeetsAnother, RoundIsOpen, or StalePage once it is finished or another one has opened.
    """
    with writing():
        circle = _locked(circle_id, by)
        round_ = _last_closed(circle_id, number)
        due_at = _due_at(circle, due_on, due_time, now)
        _keep_clear(circle, due_at, now, also_of_waiting=True)
        closings.open_again(round_, due_at, now)
        wishes.catch_up(round_.id)
        schedules.dates_changed(circle, now)
        _note(round_, ChangeKind.REOPENED, by, now)


def set_theme(circle_id: int, by: int, number: int, theme: str, now: datetime) -> None:
    """Give the open round a theme, or none; raise BadText, or StalePage once it closed."""
    theme = _theme(theme)
    with writing():
        circle = _locked(circle_id, by)
        round_ = _open(circle_id, number)
        if round_.theme == theme:
            return
        round_.theme, circle.edited_at = theme, now
        said = f'round {number} the theme "{theme}"' if theme else f"round {number} no theme"
        changes.note(circle_id, ChangeKind.THEMED, now, by=by, words=said)


def _locked(circle_id: int, by: int) -> Circle:
    circle = lock_circle(circle_id)
    seats.refuse_unless_organiser(circle_id, by)
    return circle


def _theme(text: str) -> str:
    try:
        return clean_line(text, THEME_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="theme") from None


def _round(circle_id: int, number: int) -> Round:
    found = select(Round).where(Round.circle_id == circle_id, Round.number == number)
    round_ = db.session.scalar(found.execution_options(populate_existing=True))
    if round_ is None:
        raise StalePage("There is no such round.")
    return round_


def _open(circle_id: int, number: int) -> Round:
    round_ = _round(circle_id, number)
    if round_.state is not RoundState.OPEN:
        raise StalePage(f"Round {number} has closed meanwhile, so nothing was changed.")
    return round_


def _last_closed(circle_id: int, number: int) -> Round:
    round_ = _round(circle_id, number)
    if round_.state is RoundState.OPEN:
        raise StalePage(f"Round {number} is open already.")
    if openings.open_round_of(circle_id):
        raise RoundIsOpen("Another round is open meanwhile, so this one stays closed.")
    if round_.state is not RoundState.CLOSED:
        raise StalePage(f"Round {number} is finished: the next one has opened, or its time was over.")
    return round_


def _due_at(circle: Circle, due_on: date, due_time: time, now: datetime) -> datetime:
    if due_on.year not in YEARS:
        raise BadDate("Choose a due date within the next year.", field="due_on")
    due_at = zones.to_utc(datetime.combine(due_on, due_time), zones.zone(circle.zone))
    if due_at <= now:
        raise BadDate("That moment has passed. Choose a due date that is still to come.", field="due_on")
    refuse_length(now, due_at)
    return due_at


def _just_opened(circle_id: int, due_at: datetime, theme: str, now: datetime) -> int | None:
    # A second press of the same button is the same opening; with another theme it is another one.
    found = db.session.execute(
        select(Round.number, Round.theme).where(
            Round.circle_id == circle_id,
            Round.state == RoundState.OPEN,
            Round.due_at == due_at,
            Round.opened_at > now - SAME_PRESS,
        )
    ).one_or_none()
    if found and found.theme != theme:
        raise StalePage(f"Round {found.number} was opened just now. Its theme can still be changed.")
    return found.number if found else None


def _keep_clear(circle: Circle, due_at: datetime, now: datetime, *, also_of_waiting: bool = False) -> None:
    schedule = schedules.schedule_of(circle)
    if schedule is None:
        return
    missed, following = look(schedule, now)
    today = zones.local_day(now, schedule.zone)
    if also_of_waiting:
        refuse_waiting(missed, today, field="due_on")
    if following:
        refuse_meeting(following, due_at, today)


def _use_up(circle: Circle, now: datetime) -> None:
    """Record what the rhythm missed: this round opens in its place."""
    schedule, stored = schedules.schedule_of(circle), schedules.row_of(circle.id)
    past = look(schedule, now)[0] if schedule else []
    for occurrence in past:
        openings.skip(circle, occurrence, occurrence.skipped or INSTEAD)
    if stored and past:
        stored.used_slot = past[-1].slot


def _note(round_: Round, kind: ChangeKind, by: int, now: datetime) -> None:
    changes.note(round_.circle_id, kind, now, by=by, words=f"round {round_.number}")
