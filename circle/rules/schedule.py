"""The schedule of a circle: its rhythm with the exceptions and pauses kept beside it, and what opens now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

from circle.rules import zones
from circle.rules.recurrence import Occurrence, Rhythm, occurrences
from circle.rules.rounds import late_opening
from circle.rules.wording import day_words

LONGEST = timedelta(days=366)

# A pause lasts a year at most, and a rhythm has at most one round a week.
ROUNDS_A_YEAR = 54

BY_HAND = "An organiser skipped it."
STILL_OPEN = "The round before was still open."
TOO_FEW = "Too few members were here."


@dataclass(frozen=True, slots=True)
class RoundException:
    """What an organiser changed about one slot; local times of the circle, None as the rhythm says."""

    slot: datetime
    opens_local: datetime | None = None
    due_local: datetime | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A rhythm with its exceptions by slot; slots up to `used_slot` have opened or were skipped.

    What opens before the local day `paused_until` is skipped.
    """

    rhythm: Rhythm
    zone: ZoneInfo
    exceptions: Mapping[datetime, RoundException] = field(default_factory=dict)
    paused_until: date | None = None
    used_slot: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do at one moment: the round to open, the slots to record as skipped, and when to look again.

    `held` is the round that waits for members; slots up to `used_slot` are done with.
    """

    open: Occurrence | None
    skipped: tuple[tuple[Occurrence, str], ...]
    held: Occurrence | None
    used_slot: datetime | None
    next_at: datetime | None


def planned(schedule: Schedule) -> Iterator[Occurrence]:
    """Yield the rounds after the last used slot in order, those that will be skipped with their reason."""
    for occurrence in occurrences(schedule.rhythm, schedule.zone, schedule.used_slot):
        yield _as_planned(schedule, occurrence)


def look(schedule: Schedule, now: datetime) -> tuple[list[Occurrence], Occurrence | None]:
    """Return what has come and is not done with, oldest first, and the next round that will open.

    A skipped day is done with as well once a later round, moved before it, has come.
    """
    past: list[Occurrence] = []
    off: list[Occurrence] = []
    for occurrence in planned(schedule):
        if occurrence.opens_at <= now:
            past += [*off, occurrence]
            off.clear()
        elif not occurrence.skipped:
            return past, occurrence
        else:
            off.append(occurrence)
    return past, None


def decide(schedule: Schedule, now: datetime, *, running: bool, lacking: bool) -> Decision:
    """Decide what opens at a moment: only the latest missed round may, the others are skipped.

    `running` says that another round is open beyond now, `lacking` that too few members are here.
    """
    past, following = look(schedule, now)
    off = [(one, one.skipped) for one in past if one.skipped]
    missed = [one for one in past if not one.skipped]
    used = past[-1].slot if past else schedule.used_slot
    opened, held = None, None
    if missed and running:
        off += [(one, STILL_OPEN) for one in missed]
    elif missed and lacking:
        *earlier, held = missed
        off = [(one, why) for one, why in off if one.slot < held.slot] + [(one, TOO_FEW) for one in earlier]
        used = max((one.slot for one, _ in off), default=schedule.used_slot)
    elif missed:
        plan = late_opening(missed, following, now, schedule.zone)
        opened = plan.open
        off += plan.skipped
    off.sort(key=lambda each: each[0].slot)
    return Decision(opened, tuple(off), held, used, following.opens_at if following else None)


def altered(schedule: Schedule, change: RoundException) -> Schedule:
    """Return the schedule with one exception in the place of what was known about its slot.

    What says no more than the rhythm is no exception.
    """
    usual = occurrence_at(replace(schedule, exceptions={}), change.slot)
    opens = None if change.opens_local == change.slot else change.opens_local
    due = None if usual and change.due_local == usual.due_local else change.due_local
    kept = {slot: known for slot, known in schedule.exceptions.items() if slot != change.slot}
    if opens or due or change.skipped:
        kept[change.slot] = replace(change, opens_local=opens, due_local=due)
    return replace(schedule, exceptions=kept)


def skipped(schedule: Schedule, slot: datetime) -> Schedule:
    """Return the schedule with a slot that will not open; where it was moved is kept for its return."""
    known = schedule.exceptions.get(slot) or RoundException(slot)
    return altered(schedule, replace(known, skipped=True))


def restored(schedule: Schedule, slot: datetime) -> Schedule:
    """Return the schedule with a skipped slot as it was before, any other as the rhythm says it."""
    known = schedule.exceptions.get(slot)
    if known and known.skipped and (known.opens_local or known.due_local):
        return altered(schedule, replace(known, skipped=False))
    kept = {key: value for key, value in schedule.exceptions.items() if key != slot}
    return replace(schedule, exceptions=kept)


def put_back_until(schedule: Schedule, slot: datetime) -> datetime:
    """Return until when a changed round may be put back: its slot, or where it was moved if that is later."""
    known = schedule.exceptions.get(slot)
    return zones.to_utc(max(slot, known.opens_local or slot) if known else slot, schedule.zone)


def occurrence_at(schedule: Schedule, slot: datetime) -> Occurrence | None:
    """Return the coming round of this slot, None when the rhythm has none there."""
    upto = takewhile(lambda one: one.slot <= slot, planned(schedule))
    return next((one for one in upto if one.slot == slot), None)


def carried(before: Schedule, after: Schedule) -> dict[datetime, RoundException]:
    """Return the exceptions that still hold under a new rhythm.

    A skipped day stays skipped; a moved round stays moved where the rhythm has the same slot still.
    """
    last = max((slot for slot in before.exceptions), default=None)
    if last is None:
        return {}
    bare = replace(after, exceptions={})
    coming = list(takewhile(lambda one: one.slot.date() <= last.date(), planned(bare)))
    by_day = {one.slot.date(): one.slot for one in coming}
    kept: dict[datetime, RoundException] = {}
    for known in before.exceptions.values():
        slot = by_day.get(known.slot.date())
        if slot == known.slot:
            kept[slot] = known
        elif slot and known.skipped:
            kept[slot] = RoundException(slot, skipped=True)
    return kept if _in_order(replace(after, exceptions=kept), last) else _skips(kept)


def _skips(kept: Mapping[datetime, RoundException]) -> dict[datetime, RoundException]:
    return {slot: known for slot, known in kept.items() if known.skipped}


def _in_order(schedule: Schedule, last: datetime) -> bool:
    end = last + LONGEST
    coming = [one for one in takewhile(lambda one: one.slot <= end, planned(schedule)) if not one.skipped]
    return all(this.due_at <= later.opens_at for this, later in pairwise(coming))


def _as_planned(schedule: Schedule, occurrence: Occurrence) -> Occurrence:
    known = schedule.exceptions.get(occurrence.slot)
    if known and known.skipped:
        return replace(occurrence, skipped=BY_HAND)
    if known and (known.opens_local or known.due_local):
        occurrence = _moved(occurrence, known, schedule.zone)
    until = schedule.paused_until
    if until and occurrence.opens_local.date() < until:
        return replace(occurrence, skipped=f"The circle paused until {day_words(until)} {until.year}.")
    return occurrence


def _moved(occurrence: Occurrence, known: RoundException, zone: ZoneInfo) -> Occurrence:
    opens, due = known.opens_local or occurrence.slot, known.due_local or occurrence.due_local
    return replace(
        occurrence,
        moved=True,
        moved_to=known.opens_local,
        opens_at=zones.to_utc(opens, zone),
        due_local=due,
        due_at=zones.to_utc(due, zone),
        shifted="",
    )
