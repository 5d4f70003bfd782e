"""Introductions: logging what was made, editing it, withdrawing it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from circle.extensions import db
from circle.models import Commitment, Introduction, Person, Round
from circle.rules.commitments import OUTSTANDING
from circle.rules.errors import BadText, IntroductionAnswered, ReceiverNotInRound, StalePage
from circle.rules.names import clean_text
from circle.rules.rounds import is_late
from circle.rules.states import Channel, CommitmentState, NewsKind, RoundState, Synergy
from circle.services.giving import made_days, standing, telling
from circle.services.giving.settling import settle, state_of
from circle.services.knowing import contacts
from circle.services.post import news
from circle.services.rounds import closings
from circle.services.thinking import ideas
from circle.services.work import lock_circle, writing

REASON_LIMIT = 1000
SAME_PRESS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a giver says of an introduction."""

    contact_name: str
    made_on: date
    synergy: Synergy | None = None
    channel: Channel | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logging(Made):
    """What was made, and for whom, by the public ids of their memberships."""

    receiver_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """What a log did, in the order in which the receivers were named.

    `repeated` when it was the same press again, `fellow` when it fills no commitment.
    """

    refs: tuple[str, ...]
    receivers: tuple[str, ...]
    contact_name: str
    fellow: bool
    extra: bool
    late: bool
    repeated: bool
    kept: tuple[str, ...] = ()
    """For whom it was made between rounds and fills no promise: the next round offers to count it."""


def log(
    giver_id: int, circle_id: int, number: int, logging: Logging, now: datetime, *, by_link: bool = False
) -> Logged:
    """Log an introduction for each receiver; it counts at once.

    Raise BadName, BadText, BadDate, ReceiverNotInRound, RoundIsSealed or StalePage.
    """
    made = cleaned(logging)
    if not logging.receiver_refs:
        raise ReceiverNotInRound("Choose whom you introduced.", field="receiver_refs")
    refs = tuple(dict.fromkeys(logging.receiver_refs))
    with writing():
        return log_now(giver_id, circle_id, number, made, refs, now, by_link=by_link)


def log_now(
    giver_id: int,
    circle_id: int,
    number: int,
    made: Made,
    receiver_refs: Sequence[str],
    now: datetime,
    *,
    by_link: bool = False,
) -> Logged:
    """Log what is `cleaned` for each receiver, inside a unit of work; raise as `log` does."""
    round_ = standing.in_round(circle_id, number, giver_id)
    promises = [standing.promise(round_, giver_id, ref) for ref in receiver_refs]
    said = _said(round_, giver_id, made, now)
    kept = {one.id for one in promises if _is_between_rounds(round_, one, late=said["late"])}
    again = _same_press(promises, kept, made, now)
    # In one order for everybody: each is told, and whom to tell is locked.
    fresh = sorted((one for one in promises if one.id not in again), key=lambda one: one.receiver_id)
    kept &= {one.id for one in fresh}
    extra = any(one.state is CommitmentState.INTRODUCED for one in fresh if one.id not in kept)
    said["by_link"] = by_link
    added = {one.id: _add(one, said, now, between=one.id in kept) for one in fresh}
    closings.tell_when_all_done(round_, now)
    return Logged(
        refs=tuple((again | added)[one.id] for one in promises),
        receivers=_names(promises),
        contact_name=made.contact_name,
        fellow=not said["fills"],
        extra=extra and said["fills"],
        late=said["late"],
        repeated=not fresh,
        kept=_names([one for one in fresh if one.id in kept]),
    )


def edit(person_id: int, ref: str, made: Made, now: datetime) -> None:
    """Change what the giver said of an introduction.

    Raise BadName, BadText, BadDate, RoundIsSealed, or StalePage once it is withdrawn.
    """
    made = cleaned(made)
    with writing():
        introduction, round_ = _own(person_id, ref)
        if introduction.withdrawn_at is not None:
            raise StalePage("You withdrew this introduction meanwhile. Log it anew if it was made.")
        for column, value in _said(round_, person_id, made, now, logged_as=introduction.made_on).items():
            setattr(introduction, column, value)
        settle(introduction, now)
        closings.tell_when_all_done(round_, now)


def withdraw(person_id: int, ref: str, now: datetime, *, by_link: bool = False) -> CommitmentState | None:
    """Withdraw an introduction its receiver has not answered, and return what its promise is now.

    Raise IntroductionAnswered or RoundIsSealed.
    """
    with writing():
        introduction, _ = _own(person_id, ref)
        if introduction.withdrawn_at is not None:
            return state_of(introduction)
        if introduction.outcome is not None or introduction.thanks:
            raise IntroductionAnswered(
                "This introduction was answered already, so it stays. You can still edit what it says."
            )
        introduction.withdrawn_at = now
        settle(introduction, now, by_link=by_link)
        if not news.take_back(introduction_id=introduction.id):
            telling.tell_receiver(introduction, NewsKind.WITHDRAWN, now)
        return state_of(introduction)


def cleaned(made: Made) -> Made:
    """Return what a giver says as it is kept; raise BadName or BadText beside the field."""
    try:
        reason = clean_text(made.reason, REASON_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="reason") from None
    return replace(made, contact_name=contacts.contact_name(made.contact_name), reason=reason)


def columns(giver_id: int, circle_id: int | None, made: Made, now: datetime) -> dict[str, Any]:
    """Return what a giver says as columns; a fellow member is no contact. Inside a unit of work."""
    fellow = circle_id is not None and contacts.is_fellow_member(circle_id, made.contact_name)
    return {
        "contact_name": made.contact_name,
        "contact_id": None if fellow else contacts.keep_unless_erased(giver_id, made.contact_name, now),
        "fills": not fellow,
        "synergy": made.synergy,
        "channel": made.channel,
        "reason": made.reason,
        "made_on": made.made_on,
    }


def _said(
    round_: Round, giver_id: int, made: Made, now: datetime, *, logged_as: date | None = None
) -> dict[str, Any]:
    """Return the columns a giver fills in; a day that was logged before stays allowed."""
    days = made_days.of_round(round_, giver_id, now)
    if made.made_on != logged_as:
        days.refuse_outside(made.made_on)
    return columns(giver_id, round_.circle_id, made, now) | {"late": is_late(made.made_on, days.due)}


def _is_between_rounds(round_: Round, promise: Commitment, *, late: bool) -> bool:
    """Say whether something made after a round was due is kept for the next, the promise being answered."""
    return late and round_.state is RoundState.CLOSED and promise.state not in OUTSTANDING


def _same_press(
    promises: Collection[Commitment], kept: Collection[int], made: Made, now: datetime
) -> dict[int, str]:
    """Return by promise what was logged just so within the last minute: the same form sent twice."""
    by_receiver = {one.receiver_id: one.id for one in promises}
    to = [one.receiver_id for one in promises if one.id in kept]
    outside = and_(
        Introduction.round_id.is_(None),
        Introduction.circle_id.in_([one.circle_id for one in promises]),
        Introduction.giver_id.in_([one.giver_id for one in promises]),
        Introduction.receiver_id.in_(to),
    )
    rows = db.session.execute(
        select(Introduction.receiver_id, Introduction.public_id).where(
            or_(Introduction.commitment_id.in_([promise.id for promise in promises]), outside),
            Introduction.contact_name == made.contact_name,
            Introduction.made_on == made.made_on,
            Introduction.logged_at > now - SAME_PRESS,
            Introduction.withdrawn_at.is_(None),
        )
    )
    return {by_receiver[receiver_id]: ref for receiver_id, ref in rows if receiver_id is not None}


def _add(promise: Commitment, said: dict[str, Any], now: datetime, *, between: bool) -> str:
    place = {"late": False} if between else {"round_id": promise.round_id, "commitment_id": promise.id}
    introduction = Introduction(
        circle_id=promise.circle_id,
        giver_id=promise.giver_id,
        receiver_id=promise.receiver_id,
        logged_at=now,
        **(said | place),
    )
    db.session.add(introduction)
    db.session.flush()
    if not between:
        settle(introduction, now, by_link=introduction.by_link)
    ideas.made(promise.giver_id, promise.receiver_id, introduction.contact_id, now)
    telling.tell_of(introduction, now)
    return introduction.public_id


def _own(person_id: int, ref: str) -> tuple[Introduction, Round]:
    found = select(Introduction).where(Introduction.public_id == ref, Introduction.giver_id == person_id)
    introduction = db.session.scalar(found)
    if introduction is None or introduction.circle_id is None:
        raise StalePage("There is no such introduction of yours any more.")
    lock_circle(introduction.circle_id)
    db.session.refresh(introduction)
    round_ = db.session.get(Round, introduction.round_id, populate_existing=True)
    return introduction, standing.answerable(round_, introduction.circle_id)


def _names(promises: Collection[Commitment]) -> tuple[str, ...]:
    ids = [promise.receiver_id for promise in promises]
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all()
    names = {person_id: name for person_id, name in rows}  # noqa: C416 - rows are not pairs to dict()
    return tuple(names[person_id] for person_id in ids)
