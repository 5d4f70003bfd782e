"""What remains of somebody who is erased: that there was a former member, and what the others made and wrote.

All of it inside a unit of work, their circles locked.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from circle.extensions import db
from circle.models import (
    Change,
    Commitment,
    Contact,
    ContactImport,
    Dismissal,
    Drafted,
    Idea,
    Introduction,
    Invitation,
    Meeting,
    MeetingDraft,
    Membership,
    News,
    OutboxMail,
    Person,
    RosterMember,
    Session,
    SignInRequest,
    Sitting,
)
from circle.models.base import public_id
from circle.rules.names import FORMER_MEMBER, SOMEONE, name_key, without_name
from circle.rules.states import Role
from circle.services.membership import seats
from circle.services.rounds.plans import NO_PLANS

NOT_HERE = "erased:"
"""How the key of an address begins that nobody has."""
OWN = (Idea, Sitting, Meeting, Dismissal, Contact, ContactImport, Session, SignInRequest, News, OutboxMail)
"""What goes with its person, whoever else it speaks of."""
_TEXTS = ("reason", "outcome_note", "thanks")


def forget(person: Person, circles: Collection[int], now: datetime) -> None:
    """Forget somebody who has left all these circles."""
    # What was changed above is written before rows go by statements of their own.
    db.session.flush()
    _forget_promises(person.id)
    _forget_introductions(person, circles)
    _forget_invitations(person, circles, now)
    _let_organisers_invite(person.id, now)
    _forget_what_others_planned(person)
    for model in OWN:
        _do(delete(model).where(model.person_id == person.id))
    _do(delete(SignInRequest).where(SignInRequest.email_key == person.email_key))
    if _is_remembered(person.id):
        _do(update(Person).where(Person.id == person.id).values(_nobody(person.demo, now)))
    else:
        _do(delete(Person).where(Person.id == person.id))
    db.session.expunge(person)


def anybody_else(circle_id: int, person_id: int) -> bool:
    """Say whether anybody but this person is in a circle or was, and has not been erased."""
    others = select(Membership.id).join(Person, Person.id == Membership.person_id)
    living = (Membership.circle_id == circle_id, Person.id != person_id, Person.email != "")
    return db.session.scalar(others.where(*living).limit(1)) is not None


def _forget_promises(person_id: int) -> None:
    """Keep how each promise stands, and nothing of what was planned or written with it."""
    given, got = Commitment.giver_id == person_id, Commitment.receiver_id == person_id
    _do(update(Commitment).where(or_(given, got)).values(passed_line="", **NO_PLANS))
    blank = {"wish": "", "wish_said_at": None, "sharper_asked_at": None, "last_reminder_at": None}
    _do(update(RosterMember).where(RosterMember.person_id == person_id).values(blank))


def _forget_introductions(person: Person, circles: Collection[int]) -> None:
    """Take away what they wrote and whom they knew; what the other end wrote stays, without their name."""
    given, got = Introduction.giver_id == person.id, Introduction.receiver_id == person.id
    nobodys = or_(Introduction.receiver_id.is_(None), Introduction.withdrawn_at.is_not(None))
    _do(delete(Introduction).where(given, nobodys))
    for one in db.session.scalars(select(Introduction).where(or_(given, got))):
        written = {"reason"} if one.giver_id == person.id else {"outcome_note", "thanks"}
        for text in _TEXTS:
            setattr(one, text, "" if text in written else without_name(getattr(one, text), person.name))
        if one.giver_id == person.id:
            one.contact_name, one.channel = SOMEONE, None
        else:
            one.thanks_shared, one.thanks_at = False, None
    db.session.flush()
    fellow = (Introduction.circle_id.in_(circles), Introduction.fills.is_(False))
    for one in db.session.scalars(select(Introduction).where(*fellow)):
        if name_key(one.contact_name) == name_key(person.name):
            one.contact_name = FORMER_MEMBER
    db.session.flush()


def _forget_invitations(person: Person, circles: Collection[int], now: datetime) -> None:
    """Let invitations to them name nobody, and what organisers read of those."""
    to_them = or_(Invitation.accepted_by_id == person.id, Invitation.email_key == person.email_key)
    found = list(db.session.scalars(select(Invitation).where(to_them)))
    names = {person.name, person.email} | {name for one in found for name in (one.name, one.email)}
    addresses = {person.email} | {one.email for one in found}
    everywhere = {*circles, *(one.circle_id for one in found)}
    about = (Change.circle_id.in_(everywhere), Change.words.in_(names - {""}))
    _do(update(Change).where(*about).values(words=FORMER_MEMBER))
    _do(update(Invitation).where(to_them, *seats.pending(now)).values(withdrawn_at=now))
    _do(update(Invitation).where(to_them).values(name="", email="", email_key=""))
    sent = OutboxMail.recipient.in_(addresses - {""})
    _do(update(OutboxMail).where(sent).values(recipient="", words="", wire=None))
    _do(update(OutboxMail).where(OutboxMail.by_id == person.id).values(note=""))


def _let_organisers_invite(person_id: int, now: datetime) -> None:
    """Let who organises now keep the seats that are kept for others: nobody can be asked about them."""
    organiser = (
        select(Membership.person_id)
        .where(Membership.circle_id == Invitation.circle_id, Membership.left_at.is_(None))
        .where(Membership.role == Role.ORGANISER)
        .order_by(Membership.seat)
        .limit(1)
        .scalar_subquery()
    )
    waiting = update(Invitation).where(Invitation.inviter_id == person_id, *seats.pending(now))
    _do(waiting.values(inviter_id=func.coalesce(organiser, Invitation.inviter_id)))


def _forget_what_others_planned(person: Person) -> None:
    """Let go of mails that others wrote to them after a meeting, and of what waits to be told of them.

    Ideas stay with whoever had them, without the name.
    """
    to_them = select(Drafted.draft_id).where(Drafted.member_id == person.id)
    _do(delete(MeetingDraft).where(MeetingDraft.id.in_(to_them)))
    _do(delete(Dismissal).where(Dismissal.member_id == person.id))
    _do(delete(News).where(News.about_id == person.id))
    for idea in db.session.scalars(select(Idea).where(Idea.member_id == person.id)):
        idea.words = without_name(idea.words, person.name)
    db.session.flush()


def _is_remembered(person_id: int) -> bool:
    """Say whether what others have points at this person."""
    ends = (
        *(Commitment.giver_id, Commitment.receiver_id),
        *(Introduction.giver_id, Introduction.receiver_id),
        Invitation.inviter_id,
    )
    return any(db.session.scalar(select(exists().where(end == person_id))) for end in ends)


def _nobody(demo: bool, now: datetime) -> dict[str, Any]:
    """Return every column of a person as one has it of whom nothing is known."""
    ref = public_id()
    blank = {
        column.name: column.default.arg if column.default is not None and column.default.is_scalar else None
        for column in Person.__table__.columns
        if column.name != "id"
    }
    told = {"name": FORMER_MEMBER, "email": "", "email_key": NOT_HERE + ref}
    return blank | told | {"public_id": ref, "created_at": now, "demo": demo}


def _do(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
