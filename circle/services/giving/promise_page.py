"""One promise as its giver sees it: the receiver's card, where it stands, and what was done about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from circle.extensions import db
from circle.models import Commitment, Contact, Introduction, Membership, Person, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.names import first_name, initials
from circle.rules.states import CommitmentState, RoundState, Shape, Synergy
from circle.rules.wording import day_words
from circle.services.giving import between, made_days, second_looks
from circle.services.giving.between import Uncounted
from circle.services.giving.made_days import MadeDays
from circle.services.giving.standing import ANSWERABLE, LONGEST_REF
from circle.services.knowing import contacts
from circle.services.thinking import parked
from circle.services.thinking.parked import Parked

_person, _membership, _contact = as_row(Person), as_row(Membership), as_row(Contact)
_commitment, _introduction = as_row(Commitment), as_row(Introduction)
_planned = and_(
    _contact.c.id == _commitment.c.contact_id,
    _contact.c.person_id == _commitment.c.giver_id,
    _commitment.c.state.in_(OUTSTANDING),
)


@dataclass(frozen=True, slots=True)
class Card:
    """A receiver as their circle sees them."""

    name: str
    does: str
    serves: str
    interests: str
    wish: str
    forwardable: str

    @property
    def first_name(self) -> str:
        return first_name(self.name) or "Somebody"

    @property
    def initials(self) -> str:
        return initials(self.name)


@dataclass(frozen=True, slots=True)
class MadeHere:
    """One introduction that was logged for this promise."""

    ref: str
    contact_name: str
    day: str
    by_link: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class DraftHere:
    """A mail that was written for this promise; nobody has said yet that it was sent."""

    contact_name: str
    synergy: Synergy | None
    subject: str
    text: str
    day: str
    shape: Shape
    contact_email: str
    where_met: str


@dataclass(frozen=True, slots=True)
class PromisePage:
    """One promise: for whom, where it stands, whom the giver is asking, and the people they know."""

    to: Card
    receiver_id: int
    email: str
    ref: str
    answerable: bool
    state: CommitmentState
    asked: str
    asks_member: bool
    """The giver asked the receiver about them, not the contact."""
    asked_why: Synergy | None
    """The reason that stood in the mail by which the giver asked."""
    asked_day: str
    passed_line: str
    draft: DraftHere | None
    other_draft: bool
    """There is a draft to somebody whose name may not stand here."""
    made: tuple[MadeHere, ...]
    look_again: bool
    """The receiver says more exactly whom to meet since the giver passed, and the round is open."""
    days: MadeDays
    known: tuple[str, ...]
    ideas: tuple[Parked, ...]
    """What the giver parked for this member."""
    uncounted: tuple[Uncounted, ...]
    """What the giver made for this member outside rounds, and may count here."""

    def naming_only(self, may_show: Callable[[str], bool], names: tuple[str, ...]) -> "PromisePage":
        """Return the page with no contact on it but those of these names."""
        draft = self.draft if self.draft and may_show(self.draft.contact_name) else None
        if draft:
            draft = replace(draft, contact_email="", where_met="")
        return replace(
            self,
            email="",
            asked=self.asked if may_show(self.asked) else "",
            asked_why=self.asked_why if may_show(self.asked) else None,
            passed_line="",
            draft=draft,
            other_draft=draft is None and self.draft is not None,
            made=tuple(
                replace(one, contact_name=one.contact_name if may_show(one.contact_name) else "")
                for one in self.made
            ),
            known=names,
            ideas=tuple(one for one in self.ideas if one.contact and may_show(one.contact)),
            uncounted=tuple(
                replace(one, contact_name=one.contact_name if may_show(one.contact_name) else "")
                for one in self.uncounted
            ),
        )


def read(circle_id: int, number: int, giver_id: int, ref: str, now: datetime) -> PromisePage | None:
    """Read what a giver promised one member in a round; None where there is no such promise."""
    round_ = db.session.scalar(select(Round).where(Round.circle_id == circle_id, Round.number == number))
    if round_ is None:
        return None
    row = _row(round_, giver_id, ref)
    if row is None:
        return None
    zone = zones.zone(db.session.get_one(Person, giver_id).zone)
    commitment_id, state, asked, asked_at, line = row[:5]
    asking = state is CommitmentState.ASKING
    return PromisePage(
        Card(*row[9:15]),
        row[17],
        row[15],
        ref,
        round_.state in ANSWERABLE,
        state,
        (asked or "") if asking else "",
        row[18],
        row[5] if asking else None,
        day_words(zones.local_day(asked_at, zone)) if asking and asked_at else "",
        line,
        _draft(asked, (*row[5:9], *row[19:22]), zone),
        False,
        _made(commitment_id),
        bool(row[16]) and round_.state is RoundState.OPEN,
        made_days.of_round(round_, giver_id, now),
        tuple(contacts.names_known_by(giver_id)),
        parked.for_member(giver_id, circle_id, ref[:LONGEST_REF]),
        tuple(between.offered(giver_id, circle_id, number, now).get(row[17], ())),
    )


def _row(round_: Round, giver_id: int, ref: str) -> Any:
    return db.session.execute(
        select(
            _commitment.c.id,
            _commitment.c.state,
            _contact.c.name,
            _commitment.c.asked_at,
            _commitment.c.passed_line,
            _commitment.c.draft_synergy,
            _commitment.c.draft_subject,
            _commitment.c.draft_text,
            _commitment.c.drafted_at,
            _person.c.name,
            _person.c.does,
            _person.c.serves,
            _person.c.interests,
            _person.c.wish,
            _person.c.forwardable,
            _person.c.email,
            second_looks.wanted(_commitment, _person),
            _person.c.id,
            _commitment.c.asks_member,
            _commitment.c.draft_shape,
            _contact.c.email,
            _contact.c.where_met,
        )
        .join(_person, _person.c.id == _commitment.c.receiver_id)
        .join(_membership, _membership.c.person_id == _commitment.c.receiver_id)
        .outerjoin(_contact, _planned)
        .where(
            _commitment.c.round_id == round_.id,
            _commitment.c.giver_id == giver_id,
            _membership.c.circle_id == round_.circle_id,
            _membership.c.public_id == ref[:LONGEST_REF],
        )
    ).one_or_none()


def _draft(contact: str | None, columns: Sequence[Any], zone: ZoneInfo) -> DraftHere | None:
    synergy, subject, text, drafted_at, shape, *noted = columns
    if drafted_at is None or not contact:
        return None
    day = day_words(zones.local_day(drafted_at, zone))
    return DraftHere(contact, synergy, subject, text, day, shape, *noted)


def _made(commitment_id: int) -> tuple[MadeHere, ...]:
    rows = db.session.execute(
        select(
            _introduction.c.public_id,
            _introduction.c.contact_name,
            _introduction.c.made_on,
            _introduction.c.by_link,
            _introduction.c.outcome,
            _introduction.c.thanks,
        )
        .where(_introduction.c.commitment_id == commitment_id, _introduction.c.withdrawn_at.is_(None))
        .order_by(_introduction.c.id)
    )
    return tuple(MadeHere(*row[:2], day_words(row[2]), row[3], bool(row[4] or row[5])) for row in rows)
