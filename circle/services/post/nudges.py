"""Nudges: an organiser reminds a member of what is open, in place of that day's reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from circle.extensions import db
from circle.models import Commitment, OutboxMail, Person, RosterMember, Round
from circle.rules import zones
from circle.rules.commitments import OUTSTANDING
from circle.rules.errors import BadText, StalePage
from circle.rules.names import clean_line
from circle.rules.states import ChangeKind, MailKind
from circle.services import changes
from circle.services.membership import seats
from circle.services.post import outbox, reminders
from circle.services.post.readers import wants
from circle.services.rounds import openings
from circle.services.work import lock_circle, writing

MOST_A_ROUND = 3
NOTE_LIMIT = 300

NOTHING_OPEN = "has nothing open any more"
MAIL_OFF = "has mail off, speak to them"
AWAY = "is away"
HEARD_TODAY = "has heard about this round today"
ENOUGH = "was nudged three times this round: speak to them"


@dataclass(frozen=True, slots=True)
class Nudged:
    """Whom a nudge goes to, and the others with the reason, by name."""

    sent: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def nudge(circle_id: int, by: int, person_ids: Sequence[int], note: str, now: datetime) -> Nudged:
    """Write to these members of the open round about what they have open; one refused stops no other.

    Raise BadText beside `note`, or StalePage when no round is open.
    """
    line = _line(note)
    sent: list[str] = []
    refused: list[tuple[str, str]] = []
    with writing():
        lock_circle(circle_id)
        seats.refuse_unless_organiser(circle_id, by)
        round_ = openings.open_round_of(circle_id)
        if round_ is None:
            raise StalePage("The round has closed meanwhile, so nobody was nudged.")
        for member, person in _roster(round_.id, person_ids):
            reason = why_not(round_, member, person, now)
            if reason:
                refused.append((person.name, reason))
                continue
            _send(round_, member, person, by, line, now)
            sent.append(person.name)
    return Nudged(tuple(sent), tuple(refused))


def why_not(round_: Round, member: RosterMember, person: Person, now: datetime) -> str:
    """Say why a member cannot be nudged now, after their name; empty when they can."""
    today = zones.local_day(now, zones.zone(person.zone))
    if person.id in seats.away_ids([person.id], now):
        return AWAY
    if not _outstanding(round_.id, person.id):
        return NOTHING_OPEN
    if not wants(person, MailKind.NUDGE.switch or "", today):
        return MAIL_OFF
    last = member.last_reminder_at
    if last and zones.local_day(last, zones.zone(person.zone)) == today:
        return HEARD_TODAY
    return ENOUGH if _count(round_.id, person.id) >= MOST_A_ROUND else ""


def _line(note: str) -> str:
    try:
        return clean_line(note, NOTE_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="note") from None


def _roster(round_id: int, person_ids: Sequence[int]) -> list[tuple[RosterMember, Person]]:
    rows = db.session.execute(
        select(RosterMember, Person)
        .join(Person, Person.id == RosterMember.person_id)
        .where(
            RosterMember.round_id == round_id,
            RosterMember.gone.is_(False),
            RosterMember.person_id.in_(person_ids),
        )
        .order_by(RosterMember.seat, RosterMember.id)
        .with_for_update(of=Person, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [(member, person) for member, person in rows]


def _send(round_: Round, member: RosterMember, person: Person, by: int, note: str, now: datetime) -> None:
    number = _count(round_.id, person.id) + 1
    about = {"person_id": person.id, "circle_id": round_.circle_id, "round_id": round_.id}
    key = f"{MailKind.NUDGE.key}:{round_.id}:{person.id}:{number}"
    outbox.queue(MailKind.NUDGE, key=key, now=now, by_id=by, note=note, **about)
    reminders.leave_today_out(round_, member, person, now)
    words = f"round {round_.number}"
    changes.note(round_.circle_id, ChangeKind.NUDGED, now, by=by, about=person.id, words=words)


def _outstanding(round_id: int, person_id: int) -> bool:
    waiting = select(Commitment.id).where(
        Commitment.round_id == round_id, Commitment.giver_id == person_id, Commitment.state.in_(OUTSTANDING)
    )
    return db.session.scalar(waiting.limit(1)) is not None


def _count(round_id: int, person_id: int) -> int:
    count = select(func.count()).where(
        OutboxMail.kind == MailKind.NUDGE.key,
        OutboxMail.round_id == round_id,
        OutboxMail.person_id == person_id,
    )
    return db.session.scalar(count) or 0
