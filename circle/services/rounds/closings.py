"""Closings: a round closes at its due time, stays answerable, and is sealed; inside a unit of work."""

from datetime import datetime

from sqlalchemy import select, update

from circle.extensions import db
from circle.models import Circle, Commitment, Membership, RosterMember, Round
from circle.rules import board
from circle.rules.board import Cell, Tally
from circle.rules.rounds import seal_moment
from circle.rules.states import MailKind, RoundState
from circle.services.post import outbox, reminders
from circle.services.rounds import lateness, plans, recaps


def close(round_: Round, circle: Circle, now: datetime, *, recap: bool = True) -> None:
    """Close an open round, perhaps early: keep its figures, end its reminders, queue its roster's recaps."""
    tally = tally_of(round_.id)
    round_.state, round_.closed_at, round_.due_at = RoundState.CLOSED, now, min(round_.due_at, now)
    round_.closing_made, round_.closing_counted = tally.made, tally.counted
    round_.closing_passed = tally.passed
    round_.turns_at = seal_moment(round_.due_at, circle.next_opening_at)
    db.session.execute(
        update(RosterMember).where(RosterMember.round_id == round_.id).values(next_reminder_at=None)
    )
    if recap:
        _tell_roster(MailKind.RECAP, round_, now)


def move_due(round_: Round, due_at: datetime, now: datetime) -> None:
    """Let an open round be due at another time; its reminders and what of it is late follow."""
    round_.due_at = round_.turns_at = due_at
    round_.due_moved_at = now
    lateness.reckon(round_)
    reminders.schedule(round_, now)


def open_again(round_: Round, due_at: datetime, now: datetime) -> None:
    """Let a closed round be open until another due time; whoever has its recap gets no second one."""
    round_.state, round_.closed_at = RoundState.OPEN, None
    move_due(round_, due_at, now)
    recaps.forget_unsent(round_.id, now)


def seal_when_time(round_: Round, circle: Circle, now: datetime) -> bool:
    """Seal a closed round once its time is over and no opening is about to do it; say whether it was."""
    if circle.next_opening_at and circle.next_opening_at <= now:
        return False
    round_.turns_at = seal_moment(round_.due_at, circle.next_opening_at)
    if round_.turns_at > now:
        return False
    _seal(round_, now)
    return True


def seal_finished(circle_id: int, now: datetime) -> None:
    """Seal every closed round of a circle: the next one opens."""
    for round_ in _closed(circle_id):
        _seal(round_, now)


def set_seal_moments(circle: Circle, *, not_before: datetime | None = None) -> None:
    """Compute anew until when the closed round is answerable, after the next opening has changed."""
    for round_ in _closed(circle.id):
        moment = seal_moment(round_.due_at, circle.next_opening_at)
        round_.turns_at = max(moment, not_before) if not_before else moment


def tell_when_all_done(round_: Round, now: datetime) -> None:
    """Tell the roster, once a round, that nothing is outstanding before it is due."""
    if round_.state is not RoundState.OPEN or round_.all_done_at is not None:
        return
    db.session.flush()
    tally = tally_of(round_.id)
    if tally.counted and not tally.outstanding:
        round_.all_done_at = now
        _tell_roster(MailKind.ALL_DONE, round_, now)


def tally_of(round_id: int) -> Tally:
    """Count the commitments of a round."""
    rows = db.session.execute(
        select(Commitment.giver_id, Commitment.receiver_id, Commitment.state, Commitment.late).where(
            Commitment.round_id == round_id
        )
    )
    return board.tally(Cell(*row) for row in rows)


def _seal(round_: Round, now: datetime) -> None:
    round_.state, round_.sealed_at, round_.turns_at = RoundState.SEALED, now, None
    plans.let_go_of_kept(Commitment.round_id == round_.id)


def _closed(circle_id: int) -> list[Round]:
    found = select(Round).where(Round.circle_id == circle_id, Round.state == RoundState.CLOSED)
    return list(db.session.scalars(found))


def _tell_roster(kind: MailKind, round_: Round, now: datetime) -> None:
    present = (
        select(RosterMember.person_id)
        .join(Membership, Membership.id == RosterMember.membership_id)
        .where(RosterMember.round_id == round_.id, Membership.left_at.is_(None))
        .order_by(RosterMember.seat, RosterMember.id)
    )
    for person_id in list(db.session.scalars(present)):
        key = f"{kind.key.replace('_', '-')}:{round_.id}:{person_id}"
        outbox.queue(
            kind, key=key, now=now, person_id=person_id, circle_id=round_.circle_id, round_id=round_.id
        )
