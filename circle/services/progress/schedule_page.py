"""The page of all rounds: the open one, the rhythm, what comes and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Membership, Round
from circle.rules import zones
from circle.rules.limits import Limits
from circle.rules.recurrence import Occurrence
from circle.rules.rhythm import in_words
from circle.rules.states import RoundState
from circle.rules.wording import count_word, day_words, due_words
from circle.services.membership import seats
from circle.services.progress import history
from circle.services.progress.circle_page import Standpoint
from circle.services.progress.history import PastRound
from circle.services.rounds import rhythms, schedules

MOST_ROUNDS = 500
AHEAD = 6
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Ahead:
    """One round to come, in the circle's zone; `notes` say why it is not where one expects."""

    slot: str
    label: str
    day: datetime
    month: str
    opens: str
    due: str
    notes: tuple[str, ...]
    skipped: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A slot that did not open, with the reason."""

    day: str
    why: str


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
    present = _present(circle, now) if circle.held_at else 0
    return SchedulePage(
        open=running,
        open_due=due_words(running.due_at, zone, now) if running else "",
        open_due_local=zones.to_local(running.due_at, zone) if running else None,
        closed=last if last and last.state is RoundState.CLOSED else None,
        rhythm=in_words(rhythm) if rhythm else "",
        ahead=ahead(schedules.ahead(here.circle_id, now, AHEAD), last.number if last else 0),
        rounds=tuple(rounds),
        skipped=_skipped(here.circle_id, local),
        local_now=local,
        first_free_day=(zones.local_day(running.due_at, zone) if running else local.date())
        + timedelta(days=1),
        paused_until=circle.paused_until
        if circle.paused_until and circle.paused_until > local.date()
        else None,
        waiting=count_word(present) if circle.held_at else "",
        few_may_open=present >= min(FEWEST, limits.min_members),
    )


def ahead(coming: Sequence[Occurrence], last_number: int = 0) -> tuple[Ahead, ...]:
    """Say of each coming round when it opens and is due, on the circle's wall clock."""
    rows, number = [], last_number
    for one in coming:
        number += not one.skipped
        opens = one.opens_local
        rows.append(
            Ahead(
                slot_text(one.slot),
                "Skipped" if one.skipped else f"Round {number}",
                opens,
                f"{opens:%b}",
                f"{opens:%A} {opens:%H:%M}",
                f"{one.due_local:%A} {one.due_local.day} {one.due_local:%B}, {one.due_local:%H:%M}",
                tuple(_notes(one)),
                one.skipped,
                one.moved,
            )
        )
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


def _notes(one: Occurrence) -> list[str]:
    moved = one.moved and one.opens_local != one.slot
    return [
        *([f"Moved from {day_words(one.slot)}, {one.slot:%H:%M}."] if moved else []),
        *(["The due date was changed."] if one.moved and not moved else []),
        *([one.shifted] if one.shifted else []),
        *([one.skipped] if one.skipped else []),
    ]


def _skipped(circle_id: int, local: datetime) -> tuple[Skipped, ...]:
    rows = db.session.execute(
        select(Round.slot, Round.skipped_why)
        .where(Round.circle_id == circle_id, Round.state == RoundState.SKIPPED)
        .order_by(Round.slot.desc())
        .limit(20)
    )
    return tuple(Skipped(day_words(slot, local), why) for slot, why in rows)


def _present(circle: Circle, now: datetime) -> int:
    people = db.session.scalars(
        select(Membership.person_id).where(Membership.circle_id == circle.id, Membership.left_at.is_(None))
    ).all()
    return len(set(people) - seats.away_ids(people, now))
