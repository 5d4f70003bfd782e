"""Commitments: asking the contact first, finding no fit, and taking either back."""

from datetime import datetime

from circle.models import Commitment
from circle.rules.commitments import after_undo, move
from circle.rules.errors import BadName, BadText, CommitmentCannotMove
from circle.rules.names import clean_line
from circle.rules.states import CommitmentState, NewsKind, Shape
from circle.services.giving import standing
from circle.services.knowing import contacts, dismissals
from circle.services.post import news
from circle.services.rounds import closings, excusal, plans
from circle.services.work import writing

LINE_LIMIT = 300


def ask(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    contact_name: str,
    now: datetime,
    *,
    the_member: bool = False,
    by_link: bool = False,
) -> str:
    """Note that the giver asks this contact first, or the member about them; return the contact's name.

    Raise BadName, CommitmentCannotMove or RoundIsSealed.
    """
    name = contacts.contact_name(contact_name)
    with writing():
        round_ = standing.in_round(circle_id, number, giver_id)
        commitment = standing.promise(round_, giver_id, receiver_ref)
        contact_id = outside_contact(giver_id, circle_id, name, now)
        same = commitment.contact_id == contact_id and commitment.asks_member is the_member
        if commitment.state is CommitmentState.ASKING and same:
            return name
        if commitment.state is not CommitmentState.ASKING:
            commitment.state = move(commitment.state, CommitmentState.ASKING)
        why = commitment.draft_synergy if commitment.contact_id == contact_id else None
        if commitment.contact_id != contact_id or commitment.draft_shape is not Shape.TOGETHER:
            forget_plans(commitment)
        # A yes leads on to the mail to both, which gives the same reason.
        commitment.asks_member, commitment.draft_synergy = the_member, why
        commitment.contact_id, commitment.by_link = contact_id, by_link
        commitment.asked_at = commitment.changed_at = now
    return name


def pass_on(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    line: str,
    now: datetime,
    *,
    by_link: bool = False,
) -> None:
    """Say honestly that there is no fit this round, with a line to the receiver if wanted.

    Raise BadText, CommitmentCannotMove or RoundIsSealed.
    """
    line = _line(line)
    with writing():
        round_ = standing.in_round(circle_id, number, giver_id)
        commitment = standing.promise(round_, giver_id, receiver_ref)
        if commitment.state is CommitmentState.PASSED:
            commitment.passed_line = line or commitment.passed_line
            return
        commitment.state = move(commitment.state, CommitmentState.PASSED)
        commitment.passed_line, commitment.changed_at, commitment.by_link = line, now, by_link
        keep_plans(commitment)
        if standing.are_present(circle_id, commitment.receiver_id):
            news.tell(
                commitment.receiver_id,
                NewsKind.PASSED,
                circle_id=circle_id,
                now=now,
                commitment_id=commitment.id,
            )
        closings.tell_when_all_done(round_, now)


def reopen(
    giver_id: int,
    circle_id: int,
    number: int,
    receiver_ref: str,
    now: datetime,
    *,
    by_link: bool = False,
    not_now: bool = True,
    only: CommitmentState | None = None,
) -> CommitmentState:
    """Take back a pass or an asking and return what it is now: excused when one of them is absent.

    A pass brings back what was planned before it. Whoever was asked said `not_now`, so they are spared for
    a while, unless the asking is only undone. With `only` nothing else is taken back, however often pressed.
    Raise CommitmentCannotMove or RoundIsSealed.
    """
    with writing():
        round_ = standing.in_round(circle_id, number, giver_id)
        commitment = standing.promise(round_, giver_id, receiver_ref)
        if commitment.state is CommitmentState.OPEN or only not in {None, commitment.state}:
            return commitment.state
        _refuse_what_only_others_reopen(commitment)
        if commitment.state is CommitmentState.ASKING:
            _end_question(commitment, now, not_now=not_now)
        forget_pass(commitment)
        come_back(commitment, now)
        commitment.changed_at, commitment.by_link = now, by_link
        return commitment.state


def outside_contact(giver_id: int, circle_id: int, name: str, now: datetime) -> int:
    """Keep whom a giver has in mind and return the contact's id; raise BadName for a fellow member."""
    if contacts.is_fellow_member(circle_id, name):
        raise BadName(
            f"{name} is in this circle already. Think of somebody outside it.", field="contact_name"
        )
    return contacts.keep(giver_id, name, now)


def keep_plans(commitment: Commitment) -> None:
    """Ask no more whether a draft was sent, and keep whom the giver had in mind, in case of an undo."""
    if commitment.drafted_at is not None:
        news.take_back(commitment_id=commitment.id)


def come_back(commitment: Commitment, now: datetime) -> None:
    """Let what was introduced or passed be what it was before, its plans with it; absence excuses it."""
    absent = excusal.is_absent(commitment, now)
    if absent or commitment.contact_id is None:
        forget_plans(commitment)
    commitment.state = move(commitment.state, CommitmentState.OPEN)
    before = after_undo(absent=absent, asked=commitment.asked_at is not None)
    if before is not CommitmentState.OPEN:
        commitment.state = move(commitment.state, before)


def forget_plans(commitment: Commitment) -> None:
    """Let go of whom the giver was asking, and of a draft with the question whether it was sent."""
    keep_plans(commitment)
    for column, nothing in plans.NO_PLANS.items():
        setattr(commitment, column, nothing)


def forget_pass(commitment: Commitment) -> None:
    """Let go of a pass: its line, and its news where that is not told yet."""
    if commitment.state is CommitmentState.PASSED:
        news.take_back(commitment_id=commitment.id)
        commitment.passed_line = ""


def _end_question(commitment: Commitment, now: datetime, *, not_now: bool) -> None:
    if not_now and commitment.contact_id:
        dismissals.note_not_now(commitment.giver_id, commitment.contact_id, commitment.receiver_id, now)
    if not_now or commitment.drafted_at is None:
        forget_plans(commitment)
    # A draft that was there before the question stays when the question is undone.
    commitment.asked_at, commitment.asks_member = None, False


def _refuse_what_only_others_reopen(commitment: Commitment) -> None:
    if commitment.state is CommitmentState.INTRODUCED:
        raise CommitmentCannotMove(
            "An introduction is logged here. Withdraw it first if it should not count."
        )
    if commitment.state is CommitmentState.EXCUSED:
        raise CommitmentCannotMove(
            "This one is excused this round. You can still log an introduction if you made one."
        )


def _line(text: str) -> str:
    try:
        return clean_line(text, LINE_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="line") from None
