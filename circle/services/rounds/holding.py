"""Holding back: a round waits while too few members are here; inside a unit of work."""

from datetime import datetime

from circle.models import Circle
from circle.rules.errors import StalePage
from circle.rules.limits import Limits
from circle.rules.recurrence import Occurrence
from circle.rules.states import ChangeKind, MailKind, Role
from circle.rules.wording import day_words
from circle.services import changes
from circle.services.membership import seats
from circle.services.post import outbox
from circle.services.rounds import openings


def is_lacking(circle_id: int, limits: Limits, now: datetime) -> bool:
    """Say whether the rhythm holds its next round back: members below the minimum, or under three present."""
    members = openings.sitting(circle_id)
    few = len(members) < limits.min_members
    return few or len(openings.present(members, now)) < openings.fewest(limits)


def hold(circle: Circle, occurrence: Occurrence, now: datetime) -> None:
    """Let a round wait for members, and tell the organisers once; before the first round they know."""
    if circle.held_at:
        return
    circle.held_at = now
    if openings.is_first(circle.id):
        return
    for member in openings.sitting(circle.id):
        if member.role is Role.ORGANISER:
            key = f"held-back:{circle.id}:{occurrence.slot:%Y%m%dT%H%M}:{member.person_id}"
            outbox.queue(
                MailKind.HELD_BACK, key=key, now=now, person_id=member.person_id, circle_id=circle.id
            )
    changes.note(circle.id, ChangeKind.HELD, now, words=day_words(occurrence.slot.date()))


def refuse_unless_waiting(circle: Circle, by: int, limits: Limits, now: datetime) -> None:
    """Raise StalePage when no round waits for members, TooFewMembers when too few are present to open it."""
    seats.refuse_unless_organiser(circle.id, by)
    if circle.held_at is None:
        raise StalePage("No round waits for members any more.")
    openings.refuse_too_few(circle.id, limits, now)
