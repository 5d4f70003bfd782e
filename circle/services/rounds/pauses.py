"""Pauses: the coming rounds of a circle are skipped until a day; the open one runs on."""

from datetime import date, datetime, timedelta

from circle.extensions import db
from circle.models import Circle
from circle.rules import zones
from circle.rules.clashes import refuse_overlaps
from circle.rules.errors import BadDate
from circle.rules.schedule import look
from circle.rules.states import ChangeKind
from circle.rules.wording import day_words
from circle.services import changes
from circle.services.membership import seats
from circle.services.rounds import openings, schedules
from circle.services.work import lock_circle, writing

LONGEST = timedelta(days=366)
AT_REST = "The circle was archived."


def pause(circle_id: int, by: int, until: date, now: datetime) -> None:
    """Skip every round that would open before a local day; raise BadDate or MeetsAnother beside `until`."""
    with writing():
        circle = lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        today = zones.local_day(now, zones.zone(circle.zone))
        if not today < until <= today + LONGEST:
            raise BadDate("Choose a day after today and within a year.", field="until")
        if circle.paused_until == until:
            return
        _change(circle, until, now)
        schedules.dates_changed(circle, now)
        changes.note(circle_id, ChangeKind.PAUSED, now, by=by, words=f"{day_words(until)} {until.year}")


def resume(circle_id: int, by: int, now: datetime) -> None:
    """End the pause today; what it skipped before today stays skipped. Raise MeetsAnother beside `until`."""
    with writing():
        circle = lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        today = zones.local_day(now, zones.zone(circle.zone))
        if circle.paused_until is None or circle.paused_until <= today:
            return
        _change(circle, today, now)
        schedules.dates_changed(circle, now)
        changes.note(circle_id, ChangeKind.RESUMED, now, by=by)


def skip_what_was_missed(circle: Circle, now: datetime) -> None:
    """Let a circle that was archived go on from today, not with what it missed; inside a unit of work."""
    schedule, stored = schedules.schedule_of(circle), schedules.row_of(circle.id)
    missed = look(schedule, now)[0] if schedule else []
    today = zones.local_day(now, zones.zone(circle.zone))
    last = max((one.slot for one in missed if one.opens_local.date() < today), default=None)
    if stored and last:
        for one in missed:
            if one.slot <= last:
                openings.skip(circle, one, one.skipped or AT_REST)
        stored.used_slot = last
        db.session.flush()
    schedules.dates_changed(circle, now)


def _change(circle: Circle, until: date, now: datetime) -> None:
    """Keep until when a circle pauses; a shorter pause may bring back a round that has no room."""
    circle.paused_until = until
    schedule = schedules.schedule_of(circle)
    if schedule:
        refuse_overlaps(schedule, now, schedules.running_due(circle.id), field="until")
