"""Clashes: what keeps two rounds of a schedule from meeting; each refusal names the round in the way."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from circle.rules import zones
from circle.rules.errors import BadDate, MeetsAnother
from circle.rules.recurrence import Occurrence
from circle.rules.schedule import BY_HAND, LONGEST, ROUNDS_A_YEAR, Schedule, occurrence_at, planned
from circle.rules.wording import day_words

SHORTEST = timedelta(hours=1)


def refuse_clash(schedule: Schedule, slot: datetime, now: datetime, running_due: datetime | None) -> None:
    """Raise BadDate or MeetsAnother unless the round of a slot has a place of its own to come.

    `running_due` is when the open round is due, None when no round is open.
    """
    one = occurrence_at(schedule, slot)
    if one is None or one.skipped == BY_HAND:
        return
    if one.skipped:
        raise BadDate(f"{one.skipped} End the pause first, or choose a later day.", field="opens_on")
    refuse_length(one.opens_at, one.due_at)
    if one.opens_at <= now:
        raise BadDate("Choose an opening that is still to come.", field="opens_on")
    today = zones.local_day(now, schedule.zone)
    if running_due and one.opens_at < running_due:
        due = day_words(zones.local_day(running_due, schedule.zone), today)
        raise BadDate(f"The open round runs until {due}. Choose a later opening.", field="opens_on")
    previous, following = _neighbours(schedule, slot, now)
    if previous and previous.due_at > one.opens_at:
        raise MeetsAnother(
            f"The round of {day_words(previous.slot, today)} is due on "
            f"{day_words(previous.due_local, today)}, after this one would open. "
            "Choose a later opening, or skip or move that one first.",
            field="opens_on",
            slot=previous.slot,
        )
    if following and one.opens_at >= following.opens_at:
        raise MeetsAnother(
            f"The next round opens on {_opening(following, today)}, and this one would open no earlier. "
            "Choose an earlier opening, or skip or move that one first.",
            field="opens_on",
            slot=following.slot,
        )
    if following:
        refuse_meeting(following, one.due_at, today)


def refuse_overlaps(schedule: Schedule, now: datetime, running_due: datetime | None, *, field: str) -> None:
    """Raise BadDate or MeetsAnother beside a field when a round to come would open before another is due."""
    today = zones.local_day(now, schedule.zone)
    runs_on = running_due is not None and running_due > now
    due_at = running_due
    for one in islice(planned(schedule), ROUNDS_A_YEAR):
        missed = one.opens_at <= now
        if one.skipped or (missed and not runs_on):
            continue
        opens = day_words(one.opens_local, today)
        if missed:
            raise BadDate(
                f"The round of {opens} would be to open at once, while another one is open. "
                "Close that one first, or do this when it has closed.",
                field=field,
            )
        if due_at and one.opens_at < due_at:
            raise MeetsAnother(
                f"The round of {opens} would open before the one before it is due. "
                "Move or skip that round first.",
                field=field,
                slot=one.slot,
            )
        due_at = one.due_at


def refuse_waiting(missed: Iterable[Occurrence], today: date, *, field: str) -> None:
    """Raise BadDate while a round whose opening has come is still to open: another would push it aside."""
    waiting = [one for one in missed if not one.skipped]
    if waiting:
        raise BadDate(
            f"The round of {day_words(waiting[-1].opens_local, today)} waits to open. "
            "Open that one with those who are here, or pause the circle first.",
            field=field,
        )


def refuse_meeting(following: Occurrence, due_at: datetime, today: date) -> None:
    """Raise MeetsAnother when a round would be due after the next one opens."""
    if due_at > following.opens_at:
        raise MeetsAnother(
            f"The next round opens on {_opening(following, today)}. "
            "Choose an earlier due date, or skip or move that one first.",
            field="due_on",
            slot=following.slot,
        )


def refuse_length(opens_at: datetime, due_at: datetime) -> None:
    """Raise BadDate unless a round runs for at least an hour and at most a year."""
    if due_at < opens_at:
        raise BadDate("It would be due before it opens. Choose a later due date.", field="due_on")
    if due_at < opens_at + SHORTEST:
        raise BadDate("Choose a due date that leaves at least an hour.", field="due_on")
    if due_at > opens_at + LONGEST:
        raise BadDate("Choose a due date within the next year.", field="due_on")


def _opening(one: Occurrence, today: date) -> str:
    return f"{day_words(one.opens_local, today)} at {one.opens_local:%H:%M}"


def _neighbours(
    schedule: Schedule, slot: datetime, now: datetime
) -> tuple[Occurrence | None, Occurrence | None]:
    previous = None
    for one in planned(schedule):
        if one.skipped or one.slot == slot or (one.slot < slot and one.opens_at <= now):
            continue
        if one.slot > slot:
            return previous, one
        previous = one
    return previous, None
