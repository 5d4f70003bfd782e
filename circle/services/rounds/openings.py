"""Openings: a round begins with a fixed roster and n(n-1) promises; inside a unit of work."""

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Circle, Commitment, Membership, RosterMember, Round
from circle.rules.errors import RoundIsOpen, TooFewMembers
from circle.rules.limits import Limits
from circle.rules.recurrence import Occurrence
from circle.rules.states import CommitmentState, MailKind, RoundState
from circle.rules.wording import count_word
from circle.services.giving import wishes
from circle.services.membership import seats
from circle.services.post import outbox, recurring, reminders
from circle.services.rounds import closings

FEWEST = 3
OPEN, EXCUSED = CommitmentState.OPEN, CommitmentState.EXCUSED


def open_round(
    circle: Circle, slot: datetime, due_at: datetime, now: datetime, theme: str = ""
) -> Round | None:
    """Open a round for everybody in the circle and tell those who are here; None for a slot used before.

    Who is away is on the roster with everything excused.
    """
    if _slot_is_used(circle.id, slot):
        return None
    circle.held_at = None
    circle.edition, circle.edited_at = (circle.edition or 0) + 1, now
    closings.seal_finished(circle.id, now)
    round_ = Round(
        circle_id=circle.id,
        slot=slot,
        number=_next_number(circle.id),
        state=RoundState.OPEN,
        opened_at=now,
        due_at=due_at,
        turns_at=due_at,
        theme=theme,
    )
    db.session.add(round_)
    db.session.flush()
    members = sitting(circle.id)
    here = present(members, now)
    _fix_roster(round_, members, {member.person_id for member in here}, now)
    for member in here:
        tell(round_, member.person_id, now)
    reminders.schedule(round_, now)
    recurring.begin_weekly(round_, now)
    return round_


def tell(round_: Round, person_id: int, now: datetime) -> None:
    """Queue the letter that a round has opened, once for each person."""
    outbox.queue(
        MailKind.ROUND_OPENED,
        key=f"round-opened:{round_.id}:{person_id}",
        now=now,
        person_id=person_id,
        circle_id=round_.circle_id,
        round_id=round_.id,
    )


def skip(circle: Circle, occurrence: Occurrence, reason: str) -> None:
    """Record a slot that will not open, with the reason."""
    if _slot_is_used(circle.id, occurrence.slot):
        return
    db.session.add(
        Round(
            circle_id=circle.id,
            slot=occurrence.slot,
            state=RoundState.SKIPPED,
            due_at=occurrence.due_at,
            skipped_why=reason,
        )
    )
    db.session.flush()


def open_round_of(circle_id: int) -> Round | None:
    """Return the open round of a circle, if there is one."""
    found = select(Round).where(Round.circle_id == circle_id, Round.state == RoundState.OPEN)
    return db.session.scalar(found)


def refuse_second_open_round(circle_id: int) -> None:
    """Raise RoundIsOpen while a round of the circle is open."""
    if open_round_of(circle_id):
        raise RoundIsOpen


def refuse_too_few(circle_id: int, limits: Limits, now: datetime) -> None:
    """Raise TooFewMembers below the circle's minimum; after the first round three may go on by hand."""
    members = sitting(circle_id)
    here_now = len(present(members, now))
    all_joined = not is_first(circle_id) or len(members) >= limits.min_members
    if all_joined and here_now >= fewest(limits):
        return
    joined, needed = (here_now, fewest(limits)) if all_joined else (len(members), limits.min_members)
    here = "one person is" if joined == 1 else f"{count_word(joined)} are"
    raise TooFewMembers(
        f"A round needs {count_word(needed)} members, and {here} here so far. "
        f"Invite {count_word(needed - joined)} more, then open it."
    )


def is_first(circle_id: int) -> bool:
    """Say whether no round of a circle has opened yet."""
    return _next_number(circle_id) == 1


def fewest(limits: Limits) -> int:
    """Return how many have to be present for any round."""
    return min(FEWEST, limits.min_members)


def present(members: Sequence[Membership], now: datetime) -> list[Membership]:
    """Return the members who are not away."""
    away = seats.away_ids([member.person_id for member in members], now)
    return [member for member in members if member.person_id not in away]


def sitting(circle_id: int) -> list[Membership]:
    """List the memberships of a circle in seat order."""
    found = select(Membership).where(Membership.circle_id == circle_id, Membership.left_at.is_(None))
    return list(db.session.scalars(found.order_by(Membership.seat)))


def _fix_roster(round_: Round, members: list[Membership], here: set[int], now: datetime) -> None:
    place = {"circle_id": round_.circle_id, "round_id": round_.id}
    said = wishes.of([member.person_id for member in members])
    db.session.add_all(
        RosterMember(
            membership_id=member.id,
            person_id=member.person_id,
            seat=member.seat,
            wish=said[member.person_id],
            away=member.person_id not in here,
            **place,
        )
        for member in members
    )
    db.session.add_all(
        Commitment(
            giver_id=giver.person_id,
            receiver_id=receiver.person_id,
            state=OPEN if {giver.person_id, receiver.person_id} <= here else EXCUSED,
            changed_at=now,
            **place,
        )
        for giver, receiver in permutations(members, 2)
    )
    db.session.flush()


def _slot_is_used(circle_id: int, slot: datetime) -> bool:
    # The circle is locked, so nobody else can use the slot between this look and the insert.
    used = select(Round.id).where(Round.circle_id == circle_id, Round.slot == slot)
    return db.session.scalar(used) is not None


def _next_number(circle_id: int) -> int:
    highest = db.session.scalar(select(func.max(Round.number)).where(Round.circle_id == circle_id))
    return (highest or 0) + 1
