"""The delivery log: which mails went out for a circle, to whom and how; never what they said."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from circle.extensions import db
from circle.models import Invitation, MailCircle, News, OutboxMail, Person
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.states import MailKind, MailState
from circle.services.inserting import insert_once

SHOWN = 200

STATES = {
    MailState.QUEUED: "Waiting to go out",
    MailState.CLAIMED: "On its way",
    MailState.STARTED: "On its way",
    MailState.SENT: "Sent",
    MailState.DROPPED: "Not sent",
    MailState.FAILED: "Refused by the mail server",
    MailState.EXPIRED: "Could not be sent in time",
    MailState.UNKNOWN: "May not have arrived",
}
KEPT = "Kept in the mailbox of this machine"
TRIED_AGAIN = "Waiting to be tried again"

_mail, _told, _news = as_row(OutboxMail), as_row(MailCircle), as_row(News)
_person, _invitation = as_row(Person), as_row(Invitation)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail: what kind, to whom, how it stands, and when that was, in words."""

    kind: str
    to: str
    state: str
    when: str


def note_circle(mail_id: int, circle_id: int) -> None:
    """Write down that a letter speaks of a circle. Inside a unit of work."""
    insert_once(MailCircle, outbox_id=mail_id, circle_id=circle_id)


def note_news(mail_id: int) -> None:
    """Write down the circles that a letter's news is of. Inside a unit of work."""
    told = select(_news.c.circle_id).where(_news.c.outbox_id == mail_id, _news.c.circle_id.is_not(None))
    for circle_id in db.session.scalars(told.distinct()).all():
        note_circle(mail_id, circle_id)


def of_circle(circle_id: int, zone: str) -> tuple[Delivery, ...]:
    """Return the newest mails of a circle, with the daily letters that spoke of it; the newest first."""
    own = _MAILS.where(_mail.c.circle_id == circle_id).order_by(_mail.c.created_at.desc())
    spoke = _MAILS.join(_told, _told.c.outbox_id == _mail.c.id).where(_told.c.circle_id == circle_id)
    newest = (own, spoke.order_by(_told.c.outbox_id.desc()))
    rows = {row.id: row for query in newest for row in db.session.execute(query.limit(SHOWN))}
    in_order = sorted(rows.values(), key=lambda row: (row.at, row.id), reverse=True)
    return tuple(_delivery(row, zone) for row in in_order[:SHOWN])


_MAILS: Select[*tuple[Any, ...]] = (
    select(
        _mail.c.id,
        _mail.c.kind,
        _mail.c.state,
        _mail.c.words,
        _mail.c.attempts,
        _mail.c.wire.is_not(None).label("is_kept"),
        func.coalesce(_mail.c.settled_at, _mail.c.created_at).label("at"),
        func.coalesce(
            func.nullif(_person.c.name, ""),
            func.nullif(_invitation.c.name, ""),
            _person.c.email,
            _invitation.c.email,
            _mail.c.recipient,
        ).label("reader"),
    )
    .join(_person, _person.c.id == _mail.c.person_id, isouter=True)
    .join(_invitation, _invitation.c.id == _mail.c.invitation_id, isouter=True)
)


def _delivery(row: Any, zone: str) -> Delivery:
    return Delivery(
        kind=MailKind.named(row.kind).words,
        to=row.reader,
        state=_state(row),
        when=f"{zones.to_local(row.at, zones.zone(zone)):%A %-d %B, %H:%M}",
    )


def _state(row: Any) -> str:
    if row.state is MailState.SENT and row.is_kept:
        return KEPT
    if row.state is MailState.QUEUED and row.attempts:
        return TRIED_AGAIN
    # Why a mail was dropped is said by the site itself; other words may quote a mail server.
    return f"{STATES[row.state]}: {row.words}" if row.state is MailState.DROPPED else STATES[row.state]
