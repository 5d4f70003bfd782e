"""Mails after a meeting: two or three people put together, in words that may change until they are sent."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.models import Drafted, Meeting, MeetingDraft, Met, Person
from circle.rules import drafts as rules
from circle.rules.drafts import Draft
from circle.rules.errors import CannotPutTogether, StalePage
from circle.rules.matching import people
from circle.rules.names import name_key
from circle.rules.states import Synergy
from circle.services.giving import drafts, fellows
from circle.services.giving.fellows import Fellow
from circle.services.giving.standing import LONGEST_REF
from circle.services.knowing import contacts
from circle.services.work import writing

GONE = "This meeting is not here any more."
NO_MAIL = "This mail is not here any more."
SENT = "You said that this mail was sent, so it stays as it is."


def write(
    person_id: int,
    meeting_ref: str,
    places: Sequence[str],
    member_refs: Sequence[str],
    synergy: Synergy | None,
    now: datetime,
) -> str:
    """Keep a first mail to those chosen, by their place among those met and by membership.

    Return its public id; one to the same people that was not sent yet stays as it is. Raise
    CannotPutTogether beside the field, or StalePage.
    """
    with writing() as session:
        meeting = _meeting(person_id, meeting_ref)
        met, members = _met(meeting.id, places), _members(person_id, member_refs)
        _refuse_same(met, members)
        again = _waiting(meeting.id, met, members)
        if again:
            return again
        giver = session.get_one(Person, person_id)
        profiles = [session.get_one(Person, one.person_id) for one in members]
        words = rules.put_together(giver.name, [_presented(one) for one in met], profiles, synergy)
        draft = MeetingDraft(
            meeting_id=meeting.id,
            synergy=synergy,
            subject=words.subject,
            text=words.text,
            written_at=now,
        )
        session.add(draft)
        session.flush()
        chosen = [{"met_id": one.id} for one in met]
        chosen += [{"member_id": one.person_id, "circle_id": one.circle_id} for one in members]
        session.add_all(Drafted(draft_id=draft.id, place=at, **one) for at, one in enumerate(chosen, 1))
        return draft.public_id


def revise(person_id: int, meeting_ref: str, ref: str, draft: Draft) -> None:
    """Keep a mail as its writer changed it; raise BadText or StalePage."""
    draft = drafts.cleaned(draft)
    with writing():
        mail = locked(person_id, meeting_ref, ref)
        if mail.sent_at is not None:
            raise StalePage(SENT)
        mail.subject, mail.text = draft.subject, draft.text


def drop(person_id: int, meeting_ref: str, ref: str) -> None:
    """Let go of a mail that was not sent; one that is gone already is no fault. Raise StalePage."""
    with writing() as session:
        mail = session.scalar(_one(person_id, meeting_ref, ref).with_for_update(of=MeetingDraft))
        if mail is not None and mail.sent_at is not None:
            raise StalePage(SENT)
        if mail is not None:
            session.delete(mail)


def found(person_id: int, meeting_ref: str, ref: str) -> MeetingDraft:
    """Return a mail of this person's meeting; raise StalePage."""
    return _there(_one(person_id, meeting_ref, ref))


def locked(person_id: int, meeting_ref: str, ref: str) -> MeetingDraft:
    """Return it as it is now, locked; inside a unit of work. Raise StalePage."""
    return _there(_one(person_id, meeting_ref, ref).with_for_update(of=MeetingDraft))


def _there(wanted: Select[MeetingDraft]) -> MeetingDraft:
    mail = db.session.scalar(wanted.execution_options(populate_existing=True))
    if mail is None:
        raise StalePage(NO_MAIL)
    return mail


def _one(person_id: int, meeting_ref: str, ref: str) -> Select[MeetingDraft]:
    return (
        select(MeetingDraft)
        .join(Meeting, Meeting.id == MeetingDraft.meeting_id)
        .where(
            Meeting.person_id == person_id, Meeting.public_id == meeting_ref, MeetingDraft.public_id == ref
        )
    )


def _meeting(person_id: int, ref: str) -> Meeting:
    """Return a meeting of this person, locked, so that one press waits for the other."""
    mine = select(Meeting).where(Meeting.public_id == ref, Meeting.person_id == person_id)
    meeting = db.session.scalar(mine.with_for_update())
    if meeting is None:
        raise StalePage(GONE)
    return meeting


def _met(meeting_id: int, places: Sequence[str]) -> list[Met]:
    rows = db.session.scalars(select(Met).where(Met.meeting_id == meeting_id).order_by(Met.place)).all()
    wanted = set(places)
    found = [one for one in rows if str(one.place) in wanted]
    if len(found) != len(wanted):
        raise CannotPutTogether("Choose among those who still stand here.", field="met")
    if not found:
        raise CannotPutTogether("Choose at least one of those whom you met.", field="met")
    return found


def _members(person_id: int, refs: Sequence[str]) -> list[Fellow]:
    wanted = {ref[:LONGEST_REF] for ref in refs}
    found = {one.person_id: one for one in reversed(fellows.of(person_id)) if one.ref in wanted}
    if {one.ref for one in found.values()} != wanted:
        raise CannotPutTogether("Choose each member once, among those of your circles.", field="members")
    return [*reversed(found.values())]


def _refuse_same(met: Sequence[Met], members: Sequence[Fellow]) -> None:
    if len(met) + len(members) not in {2, 3}:
        raise CannotPutTogether("Choose two or three people in all.", field="met")
    names = {name_key(one.name) for one in met}
    addresses = {address_key(one.email) for one in met}
    for member in members:
        if name_key(member.name) in names or address_key(member.email) in addresses:
            raise CannotPutTogether(
                f"{member.name} stands in both lists. Choose them once, and somebody else.", field="members"
            )


def _waiting(meeting_id: int, met: Sequence[Met], members: Sequence[Fellow]) -> str | None:
    """Return the mail to just these people that was not sent yet."""
    wanted = {(one.id, None) for one in met} | {(None, one.person_id) for one in members}
    rows = db.session.execute(
        select(MeetingDraft.public_id, Drafted.met_id, Drafted.member_id)
        .join(Drafted, Drafted.draft_id == MeetingDraft.id)
        .where(MeetingDraft.meeting_id == meeting_id, MeetingDraft.sent_at.is_(None))
    )
    people_of: dict[str, set[tuple[int | None, int | None]]] = {}
    for ref, met_id, member_id in rows:
        people_of.setdefault(ref, set()).add((met_id, member_id))
    return next((ref for ref, chosen in people_of.items() if chosen == wanted), None)


def _presented(met: Met) -> people.Contact:
    """Return what may be said of somebody met: where they work, never a line about them."""
    if met.contact_id is not None:
        return contacts.as_noted(met.contact_id)
    return people.Contact(met.name, met.organisation, met.position)
