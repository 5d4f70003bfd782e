"""Sending: what a mail after a meeting makes once it was sent, for the round and for one's own record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Contact, Drafted, MeetingDraft, Met, Person
from circle.rules import zones
from circle.rules.names import name_key
from circle.rules.states import Channel
from circle.rules.wording import listed
from circle.services.giving import fellows, introductions
from circle.services.giving.fellows import Fellow
from circle.services.giving.introductions import Logged, Made
from circle.services.meeting import mails
from circle.services.own_record import outside
from circle.services.work import writing


@dataclass(frozen=True, slots=True)
class Sent:
    """What was made of a mail: for whom it counts, for whom it is one more, and whether more is on record."""

    counts_for: tuple[str, ...] = ()
    more_for: tuple[str, ...] = ()
    recorded: bool = False

    @property
    def words(self) -> str:
        """Say it in one line, for the one who sent it."""
        said = []
        if self.counts_for:
            said.append(f"It counts for {listed(self.counts_for)}.")
        if self.more_for:
            said.append(f"For {listed(self.more_for)} it is one more than you promised.")
        if self.recorded:
            rest = "What belongs to no round" if said else "It"
            said.append(f"{rest} stands in your own record.")
        return " ".join(["Noted.", *said])


def sent(person_id: int, meeting_ref: str, ref: str, now: datetime) -> Sent | None:
    """Log what a mail made, as made today by email; None when that was said before. Raise StalePage.

    Each member gets an introduction to each of those met, those met are put together with each other.
    """
    with writing():
        people = _people(person_id, meeting_ref, ref)
        _lock_circles(people)
        outside.hold([person_id, *(one.member_id for one in people if one.member_id)])
        mail = mails.locked(person_id, meeting_ref, ref)
        if mail.sent_at is not None:
            return None
        mail.sent_at = now
        made = _made_on(person_id, now)
        done = _log(person_id, mail, people, made, now)
        _remember_contacts(person_id, [one.met for one in people if one.met])
        return done


@dataclass(frozen=True, slots=True)
class _Drafted:
    """One of those a mail puts together: their name now, and who they are."""

    name: str
    met: Met | None
    member_id: int | None
    circle_id: int | None


def _people(person_id: int, meeting_ref: str, ref: str) -> list[_Drafted]:
    mail = mails.found(person_id, meeting_ref, ref)
    rows = db.session.execute(
        select(Drafted, Met, Contact.name, Person.name)
        .outerjoin(Met, Met.id == Drafted.met_id)
        .outerjoin(Contact, Contact.id == Met.contact_id)
        .outerjoin(Person, Person.id == Drafted.member_id)
        .where(Drafted.draft_id == mail.id)
        .order_by(Drafted.place)
    )
    return [
        _Drafted(contact or (met.name if met else member), met, drafted.member_id, drafted.circle_id)
        for drafted, met, contact, member in rows
    ]


def _lock_circles(people: Sequence[_Drafted]) -> None:
    """Lock the circles in one order for everybody, before anything else."""
    ids = {one.circle_id for one in people if one.circle_id}
    if ids:
        circles = select(Circle.id).where(Circle.id.in_(ids)).order_by(Circle.id)
        db.session.execute(circles.with_for_update())


def _made_on(person_id: int, now: datetime) -> date:
    return zones.local_day(now, zones.zone(db.session.get_one(Person, person_id).zone))


def _log(
    person_id: int, mail: MeetingDraft, people: Sequence[_Drafted], made_on: date, now: datetime
) -> Sent:
    beside = {(one.person_id, one.circle_id): one for one in fellows.of(person_id)}
    met = [
        Made(contact_name=one.name, made_on=made_on, synergy=mail.synergy, channel=Channel.EMAIL)
        for one in people
        if one.met
    ]
    done = Sent(recorded=len(met) > 1)
    # In one order for everybody: each is told, and whom to tell is locked.
    for one in sorted((one for one in people if one.member_id), key=lambda one: one.member_id or 0):
        fellow = beside.get((one.member_id or 0, one.circle_id or 0))
        if fellow is not None and fellow.takes is not None:
            done = _with_round(done, fellow, _log_in_round(person_id, fellow, fellow.takes, met, now))
        else:
            _log_outside(person_id, one.name, fellow, met, now)
            done = replace(done, recorded=True)
    for one_met, other_met in combinations(met, 2):
        outside.log_now(person_id, one_met, [], other_met.contact_name, now)
    return done


def _log_in_round(
    person_id: int, fellow: Fellow, number: int, met: Sequence[Made], now: datetime
) -> list[Logged]:
    return [
        introductions.log_now(person_id, fellow.circle_id, number, made, [fellow.ref], now) for made in met
    ]


def _with_round(done: Sent, fellow: Fellow, logged: Sequence[Logged]) -> Sent:
    """Add what was logged for one member; who sits in the circle too fills no promise."""
    filling = [one for one in logged if not one.fellow]
    names = (fellow.first_name,) if filling else ()
    is_more = all(one.extra for one in filling)
    return Sent(
        done.counts_for + (() if is_more else names),
        done.more_for + (names if is_more else ()),
        done.recorded or len(filling) < len(logged) or any(one.kept for one in logged),
    )


def _log_outside(
    person_id: int, name: str, fellow: Fellow | None, met: Sequence[Made], now: datetime
) -> None:
    """Keep each of those met for a member; who is in no circle with the writer any more is told nothing."""
    for made in met:
        if fellow:
            outside.log_now(person_id, made, [fellow.ref], "", now)
        else:
            outside.log_now(person_id, made, [], name, now)


def _remember_contacts(person_id: int, met: Sequence[Met]) -> None:
    """Note who those met are on the list now that an introduction has kept them."""
    keys = {name_key(one.name): one for one in met if one.contact_id is None}
    rows = select(Contact.id, Contact.name_key).where(
        Contact.person_id == person_id, Contact.name_key.in_(keys)
    )
    for contact_id, key in db.session.execute(rows):
        keys[key].contact_id = contact_id
