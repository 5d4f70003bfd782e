"""The page of all rounds: the open one, the rhythm, what comes and what was."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Commitment, Round
from circle.rules import zones
from circle.rules.clashes import SHORTEST
from circle.rules.commitments import OUTSTANDING
from circle.rules.limits import Limits
from circle.rules.rhythm import in_words
from circle.rules.schedule import Schedule, look, put_back_until
from circle.rules.states import RoundState
from circle.rules.wording import day_words, due_words
from circle.services.progress import held, history
from circle.services.progress.ahead import Ahead, ahead, slot_text
from circle.services.progress.circle_page import Standpoint
from circle.services.progress.held import Held
from circle.services.progress.history import PastRound
from circle.services.rounds import openings, recaps, rhythms, schedules

MOST_ROUNDS = 500
MOST_SKIPPED = 20
AHEAD = 6
USUAL_DAYS = timedelta(days=17)
DUE_AT = time(17)


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
    held: Held | None
    """The round that waits for members."""
    fitting_due: datetime
    """When a round opened now may be due, in the circle's time: before the next one opens."""
    told: int
    """How many get a mail when a round opens."""
    left_open: int
    """How many promises of the closed round can no longer be kept once another one opens."""
    recap_is_out: bool
    """The open round has been closed before, so it closes without a second recap."""

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
    closed = last if last and last.state is RoundState.CLOSED else None
    coming = schedules.ahead(here.circle_id, now, AHEAD) if circle.archived_at is None else ()
    following = next((one.opens_local for one in coming if not one.skipped), None)
    return SchedulePage(
        open=running,
        open_due=due_words(running.due_at, zone, now) if running else "",
        open_due_local=zones.to_local(running.due_at, zone) if running else None,
        closed=closed,
        rhythm=in_words(rhythm) if rhythm else "",
        ahead=ahead(coming, local.date()),
        rounds=tuple(rounds),
        skipped=_skipped(circle, now, local),
        local_now=local,
        first_free_day=(zones.local_day(running.due_at, zone) if running else local.date())
        + timedelta(days=1),
        paused_until=circle.paused_until
        if circle.paused_until and circle.paused_until > local.date()
        else None,
        held=held.read(circle.id, now, limits),
        fitting_due=_fitting_due(local, following),
        told=len(openings.present(openings.sitting(circle.id), now)),
        left_open=_left_open(closed.id) if closed else 0,
        recap_is_out=bool(recaps.readers(running.id)) if running else False,
    )


def _fitting_due(local: datetime, following: datetime | None) -> datetime:
    usual = datetime.combine(local.date() + USUAL_DAYS, DUE_AT)
    if following is None or usual <= following:
        return usual
    eve = datetime.combine(following.date() - timedelta(days=1), DUE_AT)
    return eve if eve >= local + SHORTEST else following


def _left_open(round_id: int) -> int:
    waiting = select(func.count()).where(Commitment.round_id == round_id, Commitment.state.in_(OUTSTANDING))
    return db.session.scalar(waiting) or 0


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
