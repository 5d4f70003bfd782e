"""The pages around one introduction: logging it, editing it, asking first, finding no fit."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Circle, Commitment, Contact, Introduction, Membership, Person, Round
from circle.models.base import as_row
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import Channel, CommitmentState, Outcome, RoundState, Synergy
from circle.services.giving import made_days
from circle.services.giving.made_days import MadeDays
from circle.services.giving.standing import ANSWERABLE, LONGEST_REF
from circle.services.knowing import contacts
from circle.services.progress import boards
from circle.services.progress.boards import Someone

_person, _membership, _contact = as_row(Person), as_row(Membership), as_row(Contact)
_receiver = aliased(Membership)
_commitment = as_row(Commitment)


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise of the giver: for whom, in which state, and whom they are asking."""

    to: Someone
    state: CommitmentState
    asked: str
    passed_line: str

    @property
    def outstanding(self) -> bool:
        return self.state in OUTSTANDING


@dataclass(frozen=True, slots=True)
class GiverPage:
    """A giver's promises in one round, the days they may name, and the people they know."""

    number: int
    state: RoundState
    promises: tuple[Promised, ...]
    days: MadeDays
    known: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        return self.state in ANSWERABLE

    def to(self, ref: str) -> Promised | None:
        """Return the promise for the member with this public id."""
        return next((promise for promise in self.promises if promise.to.ref == ref), None)


@dataclass(frozen=True, slots=True)
class IntroductionPage:
    """One introduction as its giver or receiver sees it."""

    ref: str
    circle_ref: str
    mine: bool
    answerable: bool
    giver: str
    receiver: str
    contact_name: str
    made_on: date
    synergy: Synergy | None
    channel: Channel | None
    reason: str
    outcome: Outcome | None
    note: str
    thanks: str
    thanks_shared: bool
    withdrawn: bool
    days: MadeDays
    known: tuple[str, ...]
    other_name: str = ""
    outside: bool = False
    """It belongs to no round, and stands in the record alone."""
    receiver_ref: str = ""
    """The receiver's membership; empty where the circle is none."""

    @property
    def answered(self) -> bool:
        return self.outcome is not None or bool(self.thanks)


def read_giver(circle_id: int, number: int, giver_id: int, now: datetime) -> GiverPage | None:
    """Read what a giver promised in a round; None where there is no such round or they are not in it."""
    round_ = db.session.scalar(select(Round).where(Round.circle_id == circle_id, Round.number == number))
    if round_ is None:
        return None
    promises = _promises(round_.id, circle_id, giver_id)
    if not promises:
        return None
    return GiverPage(
        number,
        round_.state,
        promises,
        made_days.of_round(round_, giver_id, now),
        tuple(contacts.names_known_by(giver_id)),
    )


def read_introduction(ref: str, person_id: int, now: datetime) -> IntroductionPage | None:
    """Read an introduction for its giver or receiver while they sit in its circle; None for anybody else."""
    found = (
        select(Introduction, Circle.public_id, Round, _receiver.public_id)
        .outerjoin(Circle, Circle.id == Introduction.circle_id)
        .outerjoin(Round, Round.id == Introduction.round_id)
        .outerjoin(
            _receiver,
            and_(_receiver.circle_id == Circle.id, _receiver.person_id == Introduction.receiver_id),
        )
        .outerjoin(Membership, and_(Membership.circle_id == Circle.id, Membership.person_id == person_id))
        .where(
            Introduction.public_id == ref[:LONGEST_REF],
            or_(Introduction.giver_id == person_id, Introduction.receiver_id == person_id),
            # Who left a circle reads their record, not its pages; two contacts belong to no circle.
            or_(
                Introduction.circle_id.is_(None),
                and_(Membership.id.is_not(None), Membership.left_at.is_(None)),
            ),
        )
    )
    row = db.session.execute(found).one_or_none()
    return _page(*row, person_id, now) if row else None


def _page(
    introduction: Introduction,
    circle_ref: str | None,
    round_: Round | None,
    receiver_ref: str | None,
    person_id: int,
    now: datetime,
) -> IntroductionPage:
    mine = introduction.giver_id == person_id
    giver, receiver = (
        db.session.get_one(Person, one).name if one else introduction.other_name
        for one in (introduction.giver_id, introduction.receiver_id)
    )
    return IntroductionPage(
        introduction.public_id,
        circle_ref or "",
        mine,
        round_ is None or round_.state in ANSWERABLE,
        giver,
        receiver,
        introduction.contact_name,
        introduction.made_on,
        introduction.synergy,
        # How and with what words the giver got there is theirs; the reason belongs to both ends.
        introduction.channel if mine else None,
        introduction.reason,
        introduction.outcome,
        introduction.outcome_note,
        introduction.thanks,
        introduction.thanks_shared,
        introduction.withdrawn_at is not None,
        made_days.of_round(round_, introduction.giver_id, now)
        if round_
        else made_days.outside_rounds(introduction.giver_id, now),
        tuple(contacts.names_known_by(person_id)) if mine else (),
        introduction.other_name,
        round_ is None,
        receiver_ref or "",
    )


def _promises(round_id: int, circle_id: int, giver_id: int) -> tuple[Promised, ...]:
    asked_contact = and_(
        _contact.c.id == _commitment.c.contact_id,
        _contact.c.person_id == giver_id,
        _commitment.c.state.in_(OUTSTANDING),
    )
    in_circle = and_(
        _membership.c.person_id == _commitment.c.receiver_id, _membership.c.circle_id == circle_id
    )
    rows = db.session.connection().execute(
        select(*boards.PEOPLE, _commitment.c.state, _contact.c.name, _commitment.c.passed_line)
        .select_from(_commitment)
        .join(_membership, in_circle)
        .join(_person, _person.c.id == _commitment.c.receiver_id)
        .outerjoin(_contact, asked_contact)
        .where(_commitment.c.round_id == round_id, _commitment.c.giver_id == giver_id)
        .order_by(_membership.c.seat, _membership.c.id)
    )
    return tuple(Promised(boards.someone(row[:6]), row[6], row[7] or "", row[8]) for row in rows)
