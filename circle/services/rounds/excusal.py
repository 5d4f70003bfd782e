"""Excusal: what is outstanding both ways ends calmly when somebody leaves or is away, and may open again.

All of it inside a unit of work, the circle locked.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update

from circle.extensions import db
from circle.models import Commitment, Membership, News, RosterMember, Round
from circle.rules import absence
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, RoundState
from circle.services.membership import seats
from circle.services.post import reminders
from circle.services.rounds import closings, openings, plans

_RUNNING = (RoundState.OPEN, RoundState.CLOSED)


def excuse_leaver(circle_id: int, person_id: int, now: datetime) -> None:
    """Excuse what a leaver has outstanding, and others for them, and drop what they were to be told.

    Passed and made stay. The membership has ended.
    """
    _forget_letters(circle_id, person_id)
    _excuse(circle_id, person_id, now)


def excuse(circle_id: int, person_id: int, now: datetime) -> None:
    """Excuse what somebody away has outstanding, and others for them, in every round that takes answers."""
    for round_ in _rounds(circle_id, RoundState.OPEN):
        _note_absence(round_, person_id, away=True)
    _excuse(circle_id, person_id, now)


def excuse_absent(circle_id: int, now: datetime) -> None:
    """Excuse what is outstanding with all who are away, after a time that absences passed over."""
    for person_id in seats.away_ids([member.person_id for member in openings.sitting(circle_id)], now):
        excuse(circle_id, person_id, now)


def open_again(circle_id: int, person_id: int, now: datetime) -> None:
    """Open what an absence excused, both ways with all who are here, while half of the round is left."""
    for round_ in _rounds(circle_id, RoundState.OPEN):
        if round_.opened_at and absence.reopens(round_.opened_at, round_.due_at, now):
            reopen_promises(round_, person_id, now)


def reopen_promises(round_: Round, person_id: int, now: datetime) -> None:
    """Open every excused promise between somebody and those who are here, and tell them of the round."""
    here = who_is_here(round_, now)
    _note_absence(round_, person_id, away=person_id not in here)
    changed = db.session.execute(
        update(Commitment)
        .where(
            Commitment.round_id == round_.id,
            _either_end(person_id),
            Commitment.giver_id.in_(here),
            Commitment.receiver_id.in_(here),
            Commitment.state == CommitmentState.EXCUSED,
        )
        .values(state=CommitmentState.OPEN, changed_at=now)
        .returning(Commitment.id)
    ).all()
    if changed:
        openings.tell(round_, person_id, now)
        reminders.schedule_one(round_, person_id, now)


def who_is_here(round_: Round, now: datetime) -> set[int]:
    """Return who of a round's roster is still a member and not away."""
    seated = select(RosterMember.person_id).join(Membership, Membership.id == RosterMember.membership_id)
    on_it = (RosterMember.round_id == round_.id, RosterMember.gone.is_(False))
    people = set(db.session.scalars(seated.where(*on_it, Membership.left_at.is_(None))))
    return people - seats.away_ids(people, now)


def is_absent(commitment: Commitment, now: datetime) -> bool:
    """Say whether its giver or its receiver is away, has left, or takes no part in its round any more."""
    round_ = db.session.get_one(Round, commitment.round_id)
    return not {commitment.giver_id, commitment.receiver_id} <= who_is_here(round_, now)


def _excuse(circle_id: int, person_id: int, now: datetime) -> None:
    running = _rounds(circle_id, *_RUNNING)
    theirs = Commitment.round_id.in_([round_.id for round_ in running]), _either_end(person_id)
    db.session.execute(
        update(Commitment)
        .where(*theirs, Commitment.state.in_(OUTSTANDING))
        .values(state=CommitmentState.EXCUSED, changed_at=now, **plans.NO_PLANS)
    )
    plans.let_go_of_kept(*theirs)
    for round_ in running:
        closings.tell_when_all_done(round_, now)


def _note_absence(round_: Round, person_id: int, *, away: bool) -> None:
    rows = (RosterMember.round_id == round_.id, RosterMember.person_id == person_id)
    db.session.execute(update(RosterMember).where(*rows).values(away=away))


def _rounds(circle_id: int, *states: RoundState) -> list[Round]:
    found = select(Round).where(Round.circle_id == circle_id, Round.state.in_(states))
    return list(db.session.scalars(found))


def _either_end(person_id: int) -> ColumnElement[bool]:
    return or_(Commitment.giver_id == person_id, Commitment.receiver_id == person_id)


def _forget_letters(circle_id: int, person_id: int) -> None:
    db.session.execute(
        delete(News).where(News.circle_id == circle_id, News.person_id == person_id, News.outbox_id.is_(None))
    )
    # Of rounds that are finished they were a part to the end.
    running = select(Round.id).where(Round.circle_id == circle_id, Round.state.in_(_RUNNING))
    db.session.execute(
        update(RosterMember)
        .where(RosterMember.round_id.in_(running), RosterMember.person_id == person_id)
        .values(next_reminder_at=None, gone=True)
    )
