"""What somebody takes of their account: profile, settings, sessions without secrets, mails, what they did."""

from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, or_, select

from circle.models import (
    Change,
    Circle,
    Invitation,
    News,
    OutboxMail,
    Person,
    Session,
    SignInRequest,
)
from circle.models.base import as_row

_person, _circle, _session = as_row(Person), as_row(Circle), as_row(Session)
_invitation, _mail, _news = as_row(Invitation), as_row(OutboxMail), as_row(News)
_request, _change = as_row(SignInRequest), as_row(Change)
_reader = _person.alias("reader")
ME: BindParameter[int] = bindparam("me")
_MY_KEY = select(_person.c.email_key).where(_person.c.id == ME).scalar_subquery()

_KEPT_AS_THEY_ARE = (
    *("email", "name", "zone", "does", "serves", "interests", "wish", "forwardable"),
    *("letter_hour", "letter_weekdays", "letters_off", "letters_paused_until", "last_letter_on"),
    *("quarter_weekdays", "quarter_hour", "quarter_in_letter", "quarter_in_calendar"),
    *("away_from", "away_until"),
)

PROFILE: Select[Any] = select(
    *(_person.c[name].label(name) for name in _KEPT_AS_THEY_ARE),
    _person.c.wish_at.label("wish_said"),
    _person.c.created_at.label("here_since"),
    _person.c.seen_at.label("last_here"),
    _person.c.quarter_changed_at.label("quarter_changed"),
    _person.c.mail_refused_at.label("mail_came_back"),
    _person.c.mail_refused_words.label("mail_came_back_because"),
    _person.c.news_due_at.label("next_letter"),
    _person.c.erase_at.label("to_be_erased"),
    _person.c.calendar_ref.is_not(None).label("has_a_calendar_address"),
).where(_person.c.id == ME)

SHEETS: dict[str, Select[Any]] = {
    "sessions": select(
        _session.c.device.label("device"),
        _session.c.created_at.label("signed_in"),
        _session.c.used_at.label("last_used"),
        _session.c.confirmed_at.label("confirmed"),
    )
    .where(_session.c.person_id == ME)
    .order_by(_session.c.id),
    "sign_in_mails": select(
        _request.c.purpose.label("purpose"),
        _request.c.email.label("to"),
        _request.c.created_at.label("asked"),
        _request.c.used_at.label("used"),
        _request.c.expires_at.label("ends"),
    )
    .where(or_(_request.c.person_id == ME, _request.c.email_key == _MY_KEY))
    .order_by(_request.c.id),
    "letters": select(
        _mail.c.kind.label("kind"),
        _circle.c.name.label("circle"),
        _mail.c.recipient.label("to"),
        _mail.c.note.label("line_by_an_organiser"),
        _mail.c.created_at.label("written"),
        _mail.c.expires_at.label("worth_sending_until"),
        _mail.c.state.label("state"),
        _mail.c.settled_at.label("settled"),
        _mail.c.words.label("what_happened"),
    )
    .outerjoin(_circle, _circle.c.id == _mail.c.circle_id)
    .where(_mail.c.person_id == ME)
    .order_by(_mail.c.id),
    "nudges_by_me": select(
        _circle.c.name.label("circle"),
        _reader.c.name.label("to"),
        _mail.c.note.label("note"),
        _mail.c.created_at.label("written"),
    )
    .join(_circle, _circle.c.id == _mail.c.circle_id)
    .join(_reader, _reader.c.id == _mail.c.person_id)
    .where(_mail.c.by_id == ME, _mail.c.kind == "nudge")
    .order_by(_mail.c.id),
    "news_waiting": select(
        _news.c.kind.label("kind"),
        _circle.c.name.label("circle"),
        _news.c.created_at.label("happened"),
        _news.c.tell_from.label("told_from"),
    )
    .outerjoin(_circle, _circle.c.id == _news.c.circle_id)
    .where(_news.c.person_id == ME, _news.c.outbox_id.is_(None))
    .order_by(_news.c.id),
    "invitations_by_me": select(
        _circle.c.name.label("circle"),
        _invitation.c.name.label("name"),
        _invitation.c.email.label("email"),
        _invitation.c.created_at.label("invited"),
        _invitation.c.resent_at.label("sent_again"),
        _invitation.c.expires_at.label("ends"),
        _invitation.c.accepted_at.label("accepted"),
        _invitation.c.declined_at.label("declined"),
        _invitation.c.withdrawn_at.label("withdrawn"),
    )
    .join(_circle, _circle.c.id == _invitation.c.circle_id)
    .where(_invitation.c.inviter_id == ME)
    .order_by(_invitation.c.id),
    "invitations_for_me": select(
        _circle.c.name.label("circle"),
        _invitation.c.name.label("name"),
        _invitation.c.email.label("email"),
        _invitation.c.created_at.label("invited"),
        _invitation.c.expires_at.label("ends"),
        _invitation.c.accepted_at.label("accepted"),
        _invitation.c.declined_at.label("declined"),
    )
    .join(_circle, _circle.c.id == _invitation.c.circle_id)
    .where(or_(_invitation.c.accepted_by_id == ME, _invitation.c.email_key == _MY_KEY))
    .order_by(_invitation.c.id),
    "what_i_did": select(
        _circle.c.name.label("circle"),
        _change.c.at.label("at"),
        _change.c.kind.label("kind"),
        _reader.c.name.label("about"),
        _change.c.words.label("words"),
    )
    .join(_circle, _circle.c.id == _change.c.circle_id)
    .outerjoin(_reader, _reader.c.id == _change.c.about_id)
    .where(_change.c.by_id == ME)
    .order_by(_change.c.at, _change.c.id),
}
