"""Held back: the round that waits for members, until when it may still open, and with how many."""

from dataclasses import dataclass
from datetime import datetime

from circle.extensions import db
from circle.models import Circle
from circle.rules import zones
from circle.rules.limits import Limits
from circle.rules.rounds import latest_late_opening
from circle.rules.schedule import look
from circle.rules.wording import count_word, day_words
from circle.services.rounds import openings, schedules


@dataclass(frozen=True, slots=True)
class Held:
    """A round that waits; days are the circle's."""

    name: str
    """The round by its date: "round of 8 Dec"."""
    present: str
    """How many are here, in words."""
    here: str
    until: str
    """The last day on which it may still open; empty when nothing follows it."""
    few_may_open: bool


def read(circle_id: int, now: datetime, limits: Limits) -> Held | None:
    """Return the round a circle holds back for want of members, None when it holds none."""
    circle = db.session.get_one(Circle, circle_id)
    schedule = schedules.schedule_of(circle)
    if circle.held_at is None or circle.archived_at or schedule is None:
        return None
    past, following = look(schedule, now)
    missed = [one for one in past if not one.skipped]
    waiting = missed[-1] if missed else following
    if waiting is None:
        return None
    present = len(openings.present(openings.sitting(circle_id), now))
    today = zones.local_day(now, schedule.zone)
    last = latest_late_opening(waiting, following) if missed else None
    return Held(
        name=f"round of {day_words(waiting.opens_local, today)}",
        present=count_word(present),
        here=f"{count_word(present)} {'is' if present == 1 else 'are'} here".capitalize(),
        until=day_words(zones.local_day(last, schedule.zone), today) if last else "",
        few_may_open=not openings.is_first(circle_id) and present >= openings.fewest(limits),
    )
