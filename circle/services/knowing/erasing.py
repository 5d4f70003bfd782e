"""Erasing: somebody leaves a list for good, and is "someone" wherever they were introduced."""

import re
from datetime import datetime

from sqlalchemy import delete, or_, select

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.models import (
    Commitment,
    Contact,
    ContactImport,
    Drafted,
    Introduction,
    Meeting,
    MeetingDraft,
    Met,
    Round,
)
from circle.rules.commitments import move
from circle.rules.names import SOMEONE, name_key
from circle.rules.states import CommitmentState
from circle.services.giving.commitments import forget_plans
from circle.services.giving.standing import ANSWERABLE
from circle.services.knowing import keeping
from circle.services.rounds import excusal
from circle.services.work import writing

_TEXTS = ("reason", "outcome_note", "thanks")
"""What both ends wrote about an introduction, and may have named them in."""


def erase(person_id: int, ref: str, now: datetime) -> str:
    """Erase somebody and return the name they had; raise StalePage when they are gone.

    What was made with them stays, with "someone" in their place; plans, mails and ideas about them go.
    """
    with writing() as session:
        contact = keeping.locked(person_id, ref)
        contact_id, name, email, brought_by = contact.id, contact.name, contact.email, contact.import_id
        for promise, round_ in _promises(contact_id):
            _forget(promise, answerable=round_.state in ANSWERABLE, now=now)
        _forget_met(person_id, contact_id, name, email)
        for introduction in _introductions(contact_id):
            for text in _TEXTS:
                setattr(introduction, text, _without(name, getattr(introduction, text)))
        session.flush()
        keeping.rename(contact_id, SOMEONE)
        session.expunge(contact)
        session.execute(
            delete(Contact).where(Contact.id == contact_id),
            execution_options={"synchronize_session": False},
        )
        _forget_import(brought_by)
        return name


def _promises(contact_id: int) -> list[tuple[Commitment, Round]]:
    found = select(Commitment, Round).join(Round, Round.id == Commitment.round_id)
    rows = db.session.execute(found.where(Commitment.contact_id == contact_id))
    return [(promise, round_) for promise, round_ in rows]


def _forget_met(person_id: int, contact_id: int, name: str, email: str) -> None:
    """Let go of them among those met, and of the mails that speak of them."""
    mine = select(Met.id, Met.contact_id, Met.name, Met.email).join(Meeting, Meeting.id == Met.meeting_id)
    met = [
        met_id
        for met_id, known_as, met_name, met_email in db.session.execute(
            mine.where(Meeting.person_id == person_id)
        )
        if known_as == contact_id
        or (known_as is None and name_key(met_name) == name_key(name))
        or (known_as is None and email and address_key(met_email) == address_key(email))
    ]
    speaking = select(Drafted.draft_id).where(Drafted.met_id.in_(met))
    for what in (
        delete(MeetingDraft).where(MeetingDraft.id.in_(speaking)),
        delete(Met).where(Met.id.in_(met)),
    ):
        db.session.execute(what, execution_options={"synchronize_session": False})


def _forget_import(import_id: int | None) -> None:
    """Let go of an import of which nobody is left: a file of one card is called after them."""
    left = select(Contact.id).where(Contact.import_id == import_id)
    db.session.execute(
        delete(ContactImport).where(ContactImport.id == import_id, ~left.exists()),
        execution_options={"synchronize_session": False},
    )


def _introductions(contact_id: int) -> list[Introduction]:
    stands = or_(Introduction.contact_id == contact_id, Introduction.other_contact_id == contact_id)
    return list(db.session.scalars(select(Introduction).where(stands)))


def _forget(promise: Commitment, *, answerable: bool, now: datetime) -> None:
    """Let go of what a giver planned with somebody; what a finished round says of itself stays."""
    forget_plans(promise)
    if answerable and promise.state is CommitmentState.ASKING:
        promise.state, promise.changed_at = move(promise.state, CommitmentState.OPEN), now
        if excusal.is_absent(promise, now):
            promise.state = move(promise.state, CommitmentState.EXCUSED)


def _without(name: str, text: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", SOMEONE, text, flags=re.IGNORECASE)
