"""Carriers: the letters that open or close a round take that day's daily letter into themselves."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select

from circle.extensions import db
from circle.models import Circle, Membership, OutboxMail, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.states import MailKind, MailState, RoundState, Switch
from circle.services.post.readers import wants

KINDS = (MailKind.ROUND_OPENED.key, MailKind.RECAP.key)
ON_THEIR_WAY = (MailState.QUEUED, MailState.CLAIMED, MailState.STARTED)
WAIT_FOR_CARRIER = timedelta(hours=24)

_mail, _round, _roster = as_row(OutboxMail), as_row(Round), as_row(RosterMember)
_circle, _membership = as_row(Circle), as_row(Membership)


def is_on_its_way(person_id: int, now: datetime) -> bool:
    """Say whether a letter that will carry the day waits to be written."""
    return db.session.execute(on_their_way(_mail.c.person_id == person_id, now).limit(1)).first() is not None


def on_their_way(whose: ColumnElement[bool], now: datetime) -> Select[tuple[int]]:
    """Return the query for such letters."""
    return select(_mail.c.id).where(
        whose,
        _mail.c.kind.in_(KINDS),
        _mail.c.state.in_(ON_THEIR_WAY),
        _mail.c.wire.is_(None),
        _mail.c.created_at > now - WAIT_FOR_CARRIER,
    )


def comes_today(person: Person, now: datetime) -> bool:
    """Say whether a round of theirs opens or closes later today, so that its letter can carry the news."""
    zone = zones.zone(person.zone)
    today = zones.local_day(now, zone)
    midnight = zones.to_utc(datetime.combine(today + timedelta(days=1), datetime.min.time()), zone)
    closes = wants(person, Switch.RECAP, today) and _closes(person.id, now, midnight)
    return closes or (wants(person, Switch.ROUND_OPENED, today) and _opens(person.id, now, midnight))


def _closes(person_id: int, now: datetime, until: datetime) -> bool:
    closing = (
        select(_round.c.id)
        .join(_roster, _roster.c.round_id == _round.c.id)
        .where(
            _roster.c.person_id == person_id,
            _roster.c.gone.is_(False),
            _round.c.state == RoundState.OPEN,
            _round.c.due_at > now,
            _round.c.due_at < until,
        )
    )
    return db.session.execute(closing.limit(1)).first() is not None


def _opens(person_id: int, now: datetime, until: datetime) -> bool:
    opening = (
        select(_circle.c.id)
        .join(_membership, _membership.c.circle_id == _circle.c.id)
        .where(
            _membership.c.person_id == person_id,
            _membership.c.left_at.is_(None),
            _circle.c.archived_at.is_(None),
            _circle.c.held_at.is_(None),
            _circle.c.next_opening_at > now,
            _circle.c.next_opening_at < until,
        )
    )
    return db.session.execute(opening.limit(1)).first() is not None
