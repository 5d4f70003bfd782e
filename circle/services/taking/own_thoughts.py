"""What somebody takes of their own thinking: people they know, ideas, sittings, meetings, and mails begun."""

from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from circle.models import (
    Circle,
    Contact,
    ContactImport,
    Dismissal,
    Drafted,
    Idea,
    Meeting,
    MeetingDraft,
    Met,
    Person,
    Sitting,
    Thought,
)
from circle.models.base import as_row

_circle, _member, _contact = as_row(Circle), as_row(Person), as_row(Contact)
_import, _idea, _dismissal = as_row(ContactImport), as_row(Idea), as_row(Dismissal)
_sitting, _thought = as_row(Sitting), as_row(Thought)
_meeting, _met = as_row(Meeting), as_row(Met)
_draft, _drafted = as_row(MeetingDraft), as_row(Drafted)
ME: BindParameter[int] = bindparam("me")

_ABOUT = (
    _circle.c.name.label("circle"),
    _member.c.name.label("member"),
    _contact.c.name.label("contact"),
)

SHEETS: dict[str, Select[Any]] = {
    "people_i_know": select(
        *(_contact.c[name].label(name) for name in ("name", "organisation", "position")),
        _contact.c.line.label("what_they_do"),
        _contact.c.where_met.label("where_met"),
        _contact.c.email.label("email"),
        _contact.c.created_at.label("written_down"),
        _contact.c.archived_at.label("archived"),
        _import.c.file_name.label("from_file"),
    )
    .outerjoin(_import, _import.c.id == _contact.c.import_id)
    .where(_contact.c.person_id == ME)
    .order_by(_contact.c.name_key, _contact.c.id),
    "files_of_people": select(
        _import.c.file_name.label("file_name"),
        _import.c.uploaded_at.label("uploaded"),
        _import.c.kept_at.label("kept"),
        _import.c.people.label("people"),
        _import.c.columns.label("columns"),
        _import.c.file.label("file_not_kept_yet"),
    )
    .where(_import.c.person_id == ME)
    .order_by(_import.c.id),
    "ideas": select(
        *_ABOUT,
        _idea.c.words.label("words"),
        _idea.c.parked_at.label("parked"),
        _idea.c.settled_at.label("settled"),
    )
    .outerjoin(_circle, _circle.c.id == _idea.c.circle_id)
    .outerjoin(_member, _member.c.id == _idea.c.member_id)
    .outerjoin(_contact, _contact.c.id == _idea.c.contact_id)
    .where(_idea.c.person_id == ME)
    .order_by(_idea.c.id),
    "not_to_suggest": select(
        _contact.c.name.label("contact"),
        _member.c.name.label("for_member"),
        _dismissal.c.kind.label("kind"),
        _dismissal.c.made_at.label("said"),
        _dismissal.c.until.label("until"),
    )
    .join(_member, _member.c.id == _dismissal.c.member_id)
    .join(_contact, _contact.c.id == _dismissal.c.contact_id)
    .where(_dismissal.c.person_id == ME)
    .order_by(_dismissal.c.id),
    "fifteen_minutes": select(_sitting.c.began_at.label("began"), _sitting.c.ended_at.label("ended"))
    .where(_sitting.c.person_id == ME)
    .order_by(_sitting.c.id),
    "fifteen_minutes_thoughts": select(
        _sitting.c.began_at.label("began"),
        _thought.c.position.label("position"),
        *_ABOUT,
        _thought.c.asked.label("asked_about"),
        _thought.c.settled_at.label("settled"),
    )
    .join(_sitting, _sitting.c.id == _thought.c.sitting_id)
    .outerjoin(_circle, _circle.c.id == _thought.c.circle_id)
    .outerjoin(_member, _member.c.id == _thought.c.member_id)
    .outerjoin(_contact, _contact.c.id == _thought.c.contact_id)
    .where(_sitting.c.person_id == ME)
    .order_by(_sitting.c.id, _thought.c.position),
    "meetings": select(
        _meeting.c.public_id.label("meeting"),
        _meeting.c.where_met.label("where_met"),
        _meeting.c.met_on.label("met_on"),
        _meeting.c.created_at.label("written_down"),
    )
    .where(_meeting.c.person_id == ME)
    .order_by(_meeting.c.id),
    "people_met": select(
        _meeting.c.public_id.label("meeting"),
        *(_met.c[name].label(name) for name in ("place", "name", "organisation", "position")),
        _met.c.line.label("what_they_do"),
        _met.c.email.label("email"),
        _contact.c.name.label("on_my_list_as"),
    )
    .join(_meeting, _meeting.c.id == _met.c.meeting_id)
    .outerjoin(_contact, _contact.c.id == _met.c.contact_id)
    .where(_meeting.c.person_id == ME)
    .order_by(_meeting.c.id, _met.c.place),
    "mails_after_meetings": select(
        _meeting.c.public_id.label("meeting"),
        _draft.c.public_id.label("mail"),
        _draft.c.synergy.label("synergy"),
        _draft.c.subject.label("subject"),
        _draft.c.text.label("text"),
        _draft.c.written_at.label("written"),
        _draft.c.sent_at.label("sent"),
    )
    .join(_meeting, _meeting.c.id == _draft.c.meeting_id)
    .where(_meeting.c.person_id == ME)
    .order_by(_draft.c.id),
    "mails_after_meetings_to": select(
        _draft.c.public_id.label("mail"),
        _drafted.c.place.label("place"),
        _met.c.name.label("somebody_met"),
        _circle.c.name.label("circle"),
        _member.c.name.label("member"),
    )
    .join(_draft, _draft.c.id == _drafted.c.draft_id)
    .join(_meeting, _meeting.c.id == _draft.c.meeting_id)
    .outerjoin(_met, _met.c.id == _drafted.c.met_id)
    .outerjoin(_circle, _circle.c.id == _drafted.c.circle_id)
    .outerjoin(_member, _member.c.id == _drafted.c.member_id)
    .where(_meeting.c.person_id == ME)
    .order_by(_draft.c.id, _drafted.c.place),
}
