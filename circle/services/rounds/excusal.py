"""Excusal: what is outstanding both ways ends calmly when somebody leaves; inside a unit of work."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from circle.extensions import db
from circle.models import Commitment, News, RosterMember, Round
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, RoundState
from circle.services.rounds import closings


def excuse(circle_id: int, person_id: int, now: datetime) -> None:
    """Excuse what a leaver has outstanding, and others for them, and drop what they were to be told.

    Passed and made stay. The circle is locked and the membership has ended.
    """
    running = list(_answerable(circle_id))
    db.session.execute(
        update(Commitment)
        .where(
            Commitment.round_id.in_([round_.id for round_ in running]),
            or_(Commitment.giver_id == person_id, Commitment.receiver_id == person_id),
            Commitment.state.in_(OUTSTANDING),
        )
        .values(state=CommitmentState.EXCUSED, contact_id=None, asked_at=None, changed_at=now)
    )
    _forget_letters(circle_id, person_id)
    for round_ in running:
        closings.tell_when_all_done(round_, now)


def _answerable(circle_id: int) -> list[Round]:
    states = (RoundState.OPEN, RoundState.CLOSED)
    return list(
        db.session.scalars(select(Round).where(Round.circle_id == circle_id, Round.state.in_(states)))
    )


def _forget_letters(circle_id: int, person_id: int) -> None:
    db.session.execute(
        delete(News).where(News.circle_id == circle_id, News.person_id == person_id, News.outbox_id.is_(None))
    )
    db.session.execute(
        update(RosterMember)
        .where(RosterMember.circle_id == circle_id, RosterMember.person_id == person_id)
        .values(next_reminder_at=None)
    )
