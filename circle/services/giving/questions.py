"""Questions: whom a giver was asking, and asking them again when "not now" was a slip."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import select

from circle.extensions import db
from circle.models import Commitment, Contact, Membership, Round
from circle.rules.commitments import move
from circle.rules.errors import BadName, StalePage
from circle.rules.states import CommitmentState, Synergy
from circle.services.giving import standing
from circle.services.knowing import contacts, dismissals
from circle.services.work import writing

_WHY = {one.value: one for one in Synergy}


@dataclass(frozen=True, slots=True)
class Question:
    """Whom a giver asked, by the contact's public id, when, why, and whether by way of the member."""

    contact_ref: str
    asked_at: datetime
    why: Synergy | None
    asks_member: bool

    def as_words(self) -> dict[str, str]:
        """Return what an address says of it."""
        said = {"whom": self.contact_ref, "at": str(int(self.asked_at.timestamp()))}
        said |= {"why": self.why.value} if self.why else {}
        return said | ({"member": "y"} if self.asks_member else {})

    @classmethod
    def of_words(cls, said: Mapping[str, str]) -> Self:
        """Read what an address says; raise StalePage where it says no such thing."""
        try:
            asked_at = datetime.fromtimestamp(int(said["at"]), UTC)
            why = _WHY[said["why"]] if "why" in said else None
            return cls(said["whom"], asked_at, why, "member" in said)
        except (KeyError, ValueError, OverflowError, OSError):
            raise StalePage("There is nothing to bring back here.") from None


def waiting(giver_id: int, circle_id: int, number: int, receiver_ref: str) -> Question | None:
    """Read whom a giver is asking for one member; None where nobody is."""
    row = db.session.execute(
        select(Contact.public_id, Commitment.asked_at, Commitment.draft_synergy, Commitment.asks_member)
        .join(Contact, Contact.id == Commitment.contact_id)
        .join(Round, Round.id == Commitment.round_id)
        .join(Membership, Membership.person_id == Commitment.receiver_id)
        .where(
            Commitment.giver_id == giver_id,
            Commitment.state == CommitmentState.ASKING,
            Commitment.asked_at.is_not(None),
            Round.circle_id == circle_id,
            Round.number == number,
            Membership.circle_id == circle_id,
            Membership.public_id == receiver_ref,
        )
    ).one_or_none()
    return Question(row[0], row[1], row[2], row[3]) if row and row[1] else None


def ask_again(
    giver_id: int, circle_id: int, number: int, receiver_ref: str, question: Question, now: datetime
) -> None:
    """Bring a question back as it was, and suggest whom it asks again.

    Raise BadName, CommitmentCannotMove, RoundIsSealed or StalePage.
    """
    with writing():
        round_ = standing.in_round(circle_id, number, giver_id)
        commitment = standing.promise(round_, giver_id, receiver_ref)
        contact = dismissals.locked_contact(giver_id, question.contact_ref)
        if commitment.state is CommitmentState.ASKING and commitment.contact_id == contact.id:
            return
        state = move(commitment.state, CommitmentState.ASKING)
        if commitment.contact_id is not None:
            raise StalePage("You wrote to somebody for this one meanwhile, so nothing was changed.")
        if contacts.is_fellow_member(circle_id, contact.name):
            raise BadName(f"{contact.name} is in this circle by now.", field="contact_name")
        dismissals.forget_not_now(contact.id, commitment.receiver_id)
        commitment.state, commitment.contact_id = state, contact.id
        commitment.asked_at = min(now, max(question.asked_at, round_.opened_at or now))
        commitment.asks_member, commitment.draft_synergy = question.asks_member, question.why
        commitment.changed_at, commitment.by_link = now, False
