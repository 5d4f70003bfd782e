"""The page of all rounds: the open one, the rhythm, what comes and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Round
from circle.rules import zones
from circle.rules.limits import Limits
from circle.rules.recurrence import Occurrence
from circle.rules.rhythm import in_words
from circle.rules.schedule import BY_HAND, Schedule, look, put_back_until
from circle.rules.states import RoundState
from circle.rules.wording import MONTHS, WEEKDAYS, count_word, day_words, due_words
from circle.services.progress import history
from circle.services.progress.circle_page import Standpoint
from circle.services.progress.history import PastRound
from circle.services.rounds import openings, rhythms, schedules

MOST_ROUNDS = 500
MOST_SKIPPED = 20
AHEAD = 6


@dataclass(frozen=True, slots=True)
class Ahead:
    """One round to come, in the circle's zone; `mark` and `notes` say why it is not where one expects."""

    slot: str
    label: str
    day: datetime
    month: str
    opens: str
    due: str
    mark: str
    notes: tuple[str, ...]
    skipped: bool
    restorable: bool
    """An organiser changed it, so it can be put back."""
    paused: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A slot that did not open, with the reason; `slot` names it while it can still be put back."""

    day: str
    why: str
    slot: str = ""


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """Everything the page of rounds shows; days and times are the circle's."""

    open: PastRound | None
    open_due: str
    open_due_local: datetime | None
    closed: PastRound | None
    """The last closed round, which may be opened again while none is open."""
    rhythm: str
    ahead: tuple[Ahead, ...]
    rounds: tuple[PastRound, ...]
    skipped: tuple[Skipped, ...]
    local_now: datetime
    first_free_day: date
    """The first day on which a new rhythm may open a round."""
    paused_until: date | None
    waiting: str
    """How many are present, in words, while a round waits for members; empty otherwise."""
    few_may_open: bool

    @property
    def today(self) -> date:
        return self.local_now.date()


def read(here: Standpoint, now: datetime, limits: Limits) -> SchedulePage:
    """Read all rounds of a circle, past and to come, in the circle's zone."""
    circle = db.session.get_one(Circle, here.circle_id)
    rounds = history.newest_rounds(here.circle_id, MOST_ROUNDS)
    rhythm = rhythms.stored_rhythm(here.circle_id)
    zone = zones.zone(here.zone)
    local = zones.to_local(now, zone)
    running = next((one for one in rounds if one.open), None)
    last = rounds[0] if rounds else None
    present = len(openings.present(openings.sitting(circle.id), now)) if circle.held_at else 0
    return SchedulePage(
        open=running,
        open_due=due_words(running.due_at, zone, now) if running else "",
        open_due_local=zones.to_local(running.due_at, zone) if running else None,
        closed=last if last and last.state is RoundState.CLOSED else None,
        rhythm=in_words(rhythm) if rhythm else "",
        ahead=ahead(schedules.ahead(here.circle_id, now, AHEAD), local.date(), last.number if last else 0),
        rounds=tuple(rounds),
        skipped=_skipped(circle, now, local),
        local_now=local,
        first_free_day=(zones.local_day(running.due_at, zone) if running else local.date())
        + timedelta(days=1),
        paused_until=circle.paused_until
        if circle.paused_until and circle.paused_until > local.date()
        else None,
        waiting=count_word(present) if circle.held_at else "",
        few_may_open=bool(rounds) and present >= openings.fewest(limits),
    )


def ahead(coming: Sequence[Occurrence], today: date, last_number: int = 0) -> tuple[Ahead, ...]:
    """Say of each coming round when it opens and is due, on the circle's wall clock."""
    rows, number = [], last_number
    for one in coming:
        number += not one.skipped
        rows.append(_ahead(one, today, "Skipped" if one.skipped else f"Round {number}"))
    return tuple(rows)


def last_number(circle_id: int) -> int:
    """Return the number of a circle's newest round, 0 before the first."""
    return db.session.scalar(select(func.max(Round.number)).where(Round.circle_id == circle_id)) or 0


def slot_text(slot: datetime) -> str:
    """Write a slot as it stands in an address: 20261203T0900."""
    return f"{slot:%Y%m%dT%H%M}"


def slot_of(text: str) -> datetime | None:
    """Read a slot from an address, None when it is none."""
    try:
        slot = datetime.strptime(text, "%Y%m%dT%H%M")  # noqa: DTZ007 - a wall-clock time of the circle
    except ValueError:
        return None
    return slot if slot_text(slot) == text else None


def _ahead(one: Occurrence, today: date, label: str) -> Ahead:
    opens, due = one.opens_local, one.due_local
    year = "" if opens.year == today.year else f" {opens.year}"
    elsewhere = one.moved and opens != one.slot
    moved = "moved" if elsewhere else "new due date" if one.moved else ""
    return Ahead(
        slot=slot_text(one.slot),
        label=label,
        day=opens,
        month=MONTHS[opens.month - 1][:3] + year,
        opens=f"{WEEKDAYS[opens.weekday()][:3]} {opens:%H:%M}",
        due=f"{WEEKDAYS[due.weekday()][:3]} {day_words(due, opens)} {due:%H:%M}",
        mark="" if one.skipped else moved or ("shifted" if one.shifted else ""),
        notes=tuple(_notes(one, f"{day_words(one.slot, opens)}, {one.slot:%H:%M}" if elsewhere else "")),
        skipped=bool(one.skipped),
        restorable=one.moved or one.skipped == BY_HAND,
        paused=bool(one.skipped) and one.skipped != BY_HAND,
    )


def _notes(one: Occurrence, moved_from: str) -> list[str]:
    if one.skipped:
        return [one.skipped]
    return [
        *([f"Moved from {moved_from}."] if moved_from else []),
        *(["An organiser changed its due date."] if one.moved and not moved_from else []),
        *([one.shifted] if one.shifted and not moved_from else []),
    ]


def _skipped(circle: Circle, now: datetime, local: datetime) -> tuple[Skipped, ...]:
    """List what did not open, newest first; what no opening has recorded yet comes from the schedule."""
    schedule = schedules.schedule_of(circle)
    passed = [one for one in look(schedule, now)[0] if one.skipped] if schedule else []
    rows = db.session.execute(
        select(Round.slot, Round.skipped_why)
        .where(Round.circle_id == circle.id, Round.state == RoundState.SKIPPED)
        .order_by(Round.slot.desc())
        .limit(MOST_SKIPPED)
    )
    return (
        *(
            Skipped(day_words(one.slot, local), one.skipped, _still(schedule, one.slot, now))
            for one in reversed(passed)
        ),
        *(Skipped(day_words(slot, local), why) for slot, why in rows),
    )


def _still(schedule: Schedule | None, slot: datetime, now: datetime) -> str:
    return slot_text(slot) if schedule and put_back_until(schedule, slot) > now else ""
