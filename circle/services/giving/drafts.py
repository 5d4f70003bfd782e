"""Drafts: mails that givers wrote with the help of the site, until they say that they sent them."""

from dataclasses import replace
from datetime import date, datetime

from circle.models import Commitment, Person
from circle.rules import drafts as rules
from circle.rules.commitments import OUTSTANDING, move
from circle.rules.drafts import Draft
from circle.rules.errors import BadText, CommitmentCannotMove, StalePage
from circle.rules.matching import people
from circle.rules.names import clean_line, clean_text
from circle.rules.states import Channel, CommitmentState, Shape, Synergy
from circle.services.giving import commitments, introductions, standing
from circle.services.giving.commitments import forget_plans, outside_contact
from circle.services.giving.introductions import Logged, Logging
from circle.services.giving.promise_page import DraftHere
from circle.services.knowing import contacts
from circle.services.work import writing

NO_DRAFT = "There is no draft here any more."


def write(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    contact_name: str,
    synergy: Synergy | None,
    now: datetime,
    *,
    shape: Shape = Shape.TOGETHER,
    anew: bool = False,
    by_link: bool = False,
    named_by_letter: bool = False,
) -> str:
    """Keep a first draft to this contact, from the receiver's own words, and return the contact's name.

    A draft to the same contact stays as it was changed, unless it is to be `anew`. By a link it says where
    somebody works only if they were `named_by_letter`, or asked by the giver signed in.
    Raise BadName, CommitmentCannotMove or RoundIsSealed.
    """
    name = contacts.contact_name(contact_name)
    with writing() as session:
        commitment = _outstanding(giver_id, circle_id, number, receiver_ref)
        contact_id = outside_contact(giver_id, circle_id, name, now)
        kept = commitment.contact_id, commitment.draft_synergy, commitment.draft_shape
        if commitment.drafted_at and kept == (contact_id, synergy, shape) and not anew:
            return name
        may_quote = named_by_letter or not by_link or _asked_signed_in(commitment, contact_id)
        noted = contacts.as_noted(contact_id) if may_quote else people.Contact(name)
        forget_plans(commitment)
        if commitment.state is CommitmentState.ASKING:
            commitment.state = move(commitment.state, CommitmentState.OPEN)
            commitment.changed_at, commitment.by_link = now, by_link
        giver = session.get_one(Person, commitment.giver_id)
        receiver = session.get_one(Person, commitment.receiver_id)
        draft = rules.compose(giver.name, receiver, noted, synergy, shape)
        commitment.contact_id, commitment.drafted_at = contact_id, now
        commitment.draft_synergy, commitment.draft_shape = synergy, shape
        _put(draft, commitment)
    return name


def revise(giver_id: int, circle_id: int, number: int, receiver_ref: str, draft: Draft) -> None:
    """Keep the draft as its writer changed it; raise BadText, StalePage or RoundIsSealed."""
    draft = cleaned(draft)
    with writing():
        commitment = _drafted(giver_id, circle_id, number, receiver_ref)
        if commitment is None:
            raise StalePage(NO_DRAFT)
        _put(draft, commitment)


def sent(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    draft: DraftHere,
    made_on: date,
    now: datetime,
    *,
    by_link: bool = False,
) -> Logged:
    """Log a draft to both as its writer saw it, made by email; raise RoundIsSealed or StalePage."""
    made = Logging(
        contact_name=draft.contact_name,
        made_on=made_on,
        synergy=draft.synergy,
        channel=Channel.EMAIL,
        receiver_refs=(receiver_ref,),
    )
    return introductions.log(giver_id, circle_id, number, made, now, by_link=by_link)


def asked(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    draft: DraftHere,
    now: datetime,
    *,
    by_link: bool = False,
) -> None:
    """Note that a draft which asks one of the two first was sent; raise RoundIsSealed or StalePage."""
    whom = draft.contact_name
    commitments.ask(
        giver_id,
        circle_id,
        number,
        receiver_ref,
        whom,
        now,
        the_member=draft.shape is Shape.ASK_MEMBER,
        by_link=by_link,
    )


def drop(giver_id: int, circle_id: int, number: int, receiver_ref: str) -> None:
    """Let go of the draft; raise RoundIsSealed or StalePage."""
    with writing():
        commitment = _drafted(giver_id, circle_id, number, receiver_ref)
        if commitment is not None:
            forget_plans(commitment)


def cleaned(draft: Draft) -> Draft:
    """Return the words of a mail made clean; raise BadText beside the field."""
    try:
        draft = replace(draft, subject=clean_line(draft.subject, rules.SUBJECT_LIMIT))
    except BadText as refusal:
        raise BadText(refusal.sentence, field="subject") from None
    try:
        return replace(draft, text=clean_text(draft.text, rules.TEXT_LIMIT))
    except BadText as refusal:
        raise BadText(refusal.sentence, field="text") from None


def _put(draft: Draft, commitment: Commitment) -> None:
    commitment.draft_subject, commitment.draft_text = draft.subject, draft.text


def _asked_signed_in(commitment: Commitment, contact_id: int) -> bool:
    is_asked = commitment.state is CommitmentState.ASKING and commitment.contact_id == contact_id
    return is_asked and not commitment.by_link


def _outstanding(giver_id: int, circle_id: int, number: int, receiver_ref: str) -> Commitment:
    round_ = standing.in_round(circle_id, number, giver_id)
    commitment = standing.promise(round_, giver_id, receiver_ref)
    if commitment.state not in OUTSTANDING:
        words = {
            CommitmentState.PASSED: "You passed this one. Take that back first.",
            CommitmentState.INTRODUCED: "You introduced them already. Log another one once it is made.",
        }
        excused = "This one is excused this round. You can still log an introduction if you made one."
        raise CommitmentCannotMove(words.get(commitment.state, excused))
    return commitment


def _drafted(giver_id: int, circle_id: int, number: int, receiver_ref: str) -> Commitment | None:
    round_ = standing.in_round(circle_id, number, giver_id)
    commitment = standing.promise(round_, giver_id, receiver_ref)
    is_waiting = commitment.state in OUTSTANDING and commitment.drafted_at is not None
    return commitment if is_waiting else None
