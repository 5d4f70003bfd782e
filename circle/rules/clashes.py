"""Clashes: what keeps two rounds of a schedule from meeting; each refusal names the round in the way."""

from datetime import datetime, timedelta
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
    if running_due and one.opens_at < running_due:
        due = day_words(zones.local_day(running_due, schedule.zone))
        raise BadDate(f"The open round runs until {due}. Choose a later opening.", field="opens_on")
    previous, following = _neighbours(schedule, slot, now)
    if previous and previous.due_at > one.opens_at:
        raise MeetsAnother(
            f"The round of {day_words(previous.slot)} is due on {day_words(previous.due_local)}, "
            "after this one would open. Choose a later opening, or skip or move that one first.",
            field="opens_on",
            slot=previous.slot,
        )
    if following:
        refuse_meeting(following, one.due_at)


def refuse_overlaps(schedule: Schedule, now: datetime, running_due: datetime | None, *, field: str) -> None:
    """Raise MeetsAnother beside a field when a round to come would open before the one before it is due."""
    due_at = running_due
    for one in islice(planned(schedule), ROUNDS_A_YEAR):
        if one.skipped or one.opens_at <= now:
            continue
        if due_at and one.opens_at < due_at:
            raise MeetsAnother(
                f"The round of {day_words(one.opens_local)} would open before the one before it is due. "
                "Move or skip that round first.",
                field=field,
                slot=one.slot,
            )
        due_at = one.due_at


def refuse_meeting(following: Occurrence, due_at: datetime) -> None:
    """Raise MeetsAnother when a round would be due after the next one opens."""
    if due_at > following.opens_at:
        opens = following.opens_local
        raise MeetsAnother(
            f"The next round opens on {day_words(opens)} at {opens:%H:%M}. "
            "Choose an earlier due date, or skip or move that one first.",
            field="due_on",
            slot=following.slot,
        )


def refuse_length(opens_at: datetime, due_at: datetime) -> None:
    """Raise BadDate unless a round runs for at least an hour and at most a year."""
    if due_at < opens_at + SHORTEST:
        raise BadDate("Choose a due date that leaves at least an hour.", field="due_on")
    if due_at > opens_at + LONGEST:
        raise BadDate("Choose a due date within the next year.", field="due_on")


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
