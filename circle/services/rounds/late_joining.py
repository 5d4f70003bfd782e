"""Late joining: a member who came after the opening is added to the open round."""

from datetime import datetime
from itertools import chain

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Membership, RosterMember, Round
from circle.rules.errors import StalePage
from circle.rules.states import ChangeKind, CommitmentState
from circle.services import changes
from circle.services.giving import wishes
from circle.services.membership import seats
from circle.services.post import reminders
from circle.services.rounds import excusal, openings
from circle.services.work import lock_circle, writing


def add_to_round(circle_id: int, by: int, membership_id: int, now: datetime) -> None:
    """Let a member take part in the open round, both ways with everybody who is still here.

    Who was on its roster and came back finds what was excused open again. Raise StalePage when no round is
    open or the member has left.
    """
    with writing() as session:
        lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        round_ = openings.open_round_of(circle_id)
        if round_ is None:
            raise StalePage("No round is open any more, so nobody was added.")
        member = session.get(Membership, membership_id, populate_existing=True)
        if member is None or member.circle_id != circle_id or member.left_at:
            raise StalePage("This person has left the circle meanwhile.")
        if not _may_join(round_, member):
            return
        _seat(round_, member, now)
        excusal.reopen_promises(round_, member.person_id, now)
        if member.person_id not in seats.away_ids([member.person_id], now):
            openings.tell(round_, member.person_id, now)
        reminders.schedule_one(round_, member.person_id, now)
        words = f"round {round_.number}"
        changes.note(circle_id, ChangeKind.ADDED, now, by=by, about=member.person_id, words=words)


def joinable(circle_id: int) -> set[str]:
    """Return the public ids of the memberships that could be added to the open round."""
    round_ = openings.open_round_of(circle_id)
    return {one.public_id for one in openings.sitting(circle_id) if round_ and _may_join(round_, one)}


def _may_join(round_: Round, member: Membership) -> bool:
    """Say whether a member came, or came back, after the opening and has not been added since."""
    row = _row(round_, member)
    return row is None or row.gone


def _row(round_: Round, member: Membership) -> RosterMember | None:
    return db.session.scalar(
        select(RosterMember).where(
            RosterMember.round_id == round_.id, RosterMember.membership_id == member.id
        )
    )


def _seat(round_: Round, member: Membership, now: datetime) -> None:
    """Put a member on the roster, with an excused promise to and from each of those on it."""
    known, said = _row(round_, member), wishes.of([member.person_id])[member.person_id]
    if known:
        known.gone, known.wish = False, said
        return
    others = db.session.scalars(
        select(RosterMember.person_id).where(RosterMember.round_id == round_.id)
    ).all()
    place = {"circle_id": round_.circle_id, "round_id": round_.id}
    db.session.add(
        RosterMember(
            membership_id=member.id, person_id=member.person_id, seat=member.seat, wish=said, **place
        )
    )
    pairs = chain.from_iterable(((member.person_id, one), (one, member.person_id)) for one in others)
    db.session.add_all(
        Commitment(
            giver_id=giver, receiver_id=receiver, state=CommitmentState.EXCUSED, changed_at=now, **place
        )
        for giver, receiver in pairs
    )
    db.session.flush()
