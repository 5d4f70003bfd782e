"""Introductions outside rounds: logged into one's own record, changed, withdrawn, and what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from circle.extensions import db
from circle.models import Introduction, Membership, Person
from circle.rules.errors import BadName, IntroductionAnswered, ReceiverNotInRound, StalePage
from circle.rules.names import SOMEONE, name_key
from circle.rules.states import NewsKind, Outcome
from circle.services.giving import introductions, made_days, receiving, telling
from circle.services.giving.introductions import SAME_PRESS, Logging, Made
from circle.services.giving.standing import LONGEST_REF
from circle.services.knowing import contacts
from circle.services.post import news
from circle.services.thinking import ideas
from circle.services.work import lock_circle, writing

NOBODY = "Choose whom you introduced, or write their name."


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLogging(Logging):
    """What was made outside rounds: for members, by the public ids of their memberships, or for a contact."""

    other_name: str = ""


def log(giver_id: int, logging: OutsideLogging, now: datetime) -> list[str]:
    """Keep an introduction for each member named, and for the other contact; return their public ids.

    Raise BadName, BadText, BadDate or ReceiverNotInRound. The same form sent twice is kept once.
    """
    made, other = introductions.cleaned(logging), _other_name(logging.other_name)
    if not (other or logging.receiver_refs):
        raise ReceiverNotInRound(NOBODY, field="other_name")
    _refuse_same(made.contact_name, other)
    refs = tuple(dict.fromkeys(logging.receiver_refs))
    with writing():
        return log_now(giver_id, made, refs, other, now)


def log_now(
    giver_id: int, made: Made, receiver_refs: Sequence[str], other_name: str, now: datetime
) -> list[str]:
    """Keep what is cleaned, inside a unit of work; raise as `log` does."""
    members = _members(giver_id, receiver_refs)
    hold([giver_id, *(one.person_id for one in members)])
    refs = [_keep(giver_id, made, _to_member(one), now, tell=True) for one in members]
    if other_name:
        refs.append(_keep(giver_id, made, _to_contact(giver_id, other_name, now), now))
    return refs


def edit(giver_id: int, ref: str, made: Made, other_name: str, now: datetime) -> None:
    """Change what the giver said of one; raise BadName, BadText, BadDate or StalePage."""
    made = introductions.cleaned(made)
    with writing():
        introduction = _own(giver_id, ref)
        if introduction.withdrawn_at is not None:
            raise StalePage("You withdrew this introduction meanwhile. Log it anew if it was made.")
        changed = _said(giver_id, introduction.circle_id, made, now)
        if introduction.receiver_id is None:
            other = _other_name(other_name) or introduction.other_name
            _refuse_same(made.contact_name, other)
            changed |= _to_contact(giver_id, other, now)
        for column, value in changed.items():
            setattr(introduction, column, value)


def withdraw(giver_id: int, ref: str, now: datetime) -> None:
    """Withdraw one that its receiver has not answered; raise IntroductionAnswered or StalePage."""
    with writing():
        introduction = _own(giver_id, ref)
        if introduction.withdrawn_at is not None:
            return
        is_answered = introduction.outcome is not None or bool(introduction.thanks)
        if introduction.receiver_id is not None and is_answered:
            raise IntroductionAnswered(
                "This introduction was answered already, so it stays. You can still edit what it says."
            )
        introduction.withdrawn_at = now
        if not news.take_back(introduction_id=introduction.id):
            telling.tell_receiver(introduction, NewsKind.WITHDRAWN, now)


def note_outcome(giver_id: int, ref: str, outcome: Outcome | None, note: str, now: datetime) -> None:
    """Note what came of two contacts put together: nobody else can say it. Raise BadText or StalePage."""
    words = receiving.cleaned_note(note)
    with writing():
        introduction = _own(giver_id, ref)
        if introduction.receiver_id is not None or introduction.withdrawn_at is not None:
            raise StalePage("What came of this one is not yours to say any more.")
        introduction.outcome, introduction.outcome_note = outcome, words
        introduction.outcome_at = now if outcome else None


def hold(person_ids: Sequence[int]) -> None:
    """Lock whose record it is and who is told, in the order everybody locks people in."""
    people = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    db.session.execute(people.with_for_update(key_share=True))


def _members(giver_id: int, refs: Sequence[str]) -> list[Membership]:
    """Return the members by these public ids who sit in a circle with the giver, its circle locked."""
    mine = select(Membership.circle_id).where(Membership.person_id == giver_id, Membership.left_at.is_(None))
    wanted = [ref[:LONGEST_REF] for ref in refs if "\0" not in ref]
    found = db.session.scalars(
        select(Membership)
        .where(
            Membership.public_id.in_(wanted),
            Membership.circle_id.in_(mine),
            Membership.left_at.is_(None),
            Membership.person_id != giver_id,
        )
        .order_by(Membership.circle_id, Membership.person_id)
    ).all()
    if len(found) != len(refs):
        raise ReceiverNotInRound(
            "Choose members of your circles, other than yourself.", field="receiver_refs"
        )
    for circle_id in dict.fromkeys(one.circle_id for one in found):
        lock_circle(circle_id)
    return sorted(found, key=lambda one: one.person_id)


def _to_member(member: Membership) -> dict[str, Any]:
    return {"circle_id": member.circle_id, "receiver_id": member.person_id}


def _to_contact(giver_id: int, name: str, now: datetime) -> dict[str, Any]:
    return {"other_name": name, "other_contact_id": contacts.keep_unless_erased(giver_id, name, now)}


def _keep(giver_id: int, made: Made, whom: dict[str, Any], now: datetime, *, tell: bool = False) -> str:
    said = _said(giver_id, whom.get("circle_id"), made, now) | whom
    again = _same_press(giver_id, said, now)
    if again:
        return again
    introduction = Introduction(giver_id=giver_id, logged_at=now, **said)
    db.session.add(introduction)
    db.session.flush()
    ideas.made(giver_id, introduction.receiver_id, introduction.contact_id, now)
    if tell:
        telling.tell_of(introduction, now)
    return introduction.public_id


def _said(giver_id: int, circle_id: int | None, made: Made, now: datetime) -> dict[str, Any]:
    made_days.outside_rounds(giver_id, now).refuse_outside(made.made_on)
    return introductions.columns(giver_id, circle_id, made, now)


def _same_press(giver_id: int, said: dict[str, Any], now: datetime) -> str | None:
    return db.session.scalar(
        select(Introduction.public_id).where(
            Introduction.giver_id == giver_id,
            Introduction.round_id.is_(None),
            Introduction.receiver_id == said.get("receiver_id"),
            Introduction.other_name == said.get("other_name", ""),
            Introduction.contact_name == said["contact_name"],
            Introduction.made_on == said["made_on"],
            Introduction.logged_at > now - SAME_PRESS,
            Introduction.withdrawn_at.is_(None),
        )
    )


def _own(giver_id: int, ref: str) -> Introduction:
    found = select(Introduction).where(
        Introduction.public_id == ref[:LONGEST_REF],
        Introduction.giver_id == giver_id,
        Introduction.round_id.is_(None),
    )
    introduction = db.session.scalar(found)
    if introduction is None:
        raise StalePage("There is no such introduction of yours any more.")
    if introduction.circle_id is not None:
        lock_circle(introduction.circle_id)
        db.session.refresh(introduction)
    return introduction


def _other_name(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return contacts.contact_name(typed)
    except BadName as refusal:
        raise BadName(refusal.sentence, field="other_name") from None


def _refuse_same(one: str, other: str) -> None:
    if other not in {"", SOMEONE} and name_key(one) == name_key(other):
        raise BadName("These are the same person. Write two different names.", field="other_name")
