"""What somebody takes of their rounds: promises both ways, introductions both ways, wishes."""

from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, case, func, or_, select

from circle.models import Circle, Commitment, Contact, Introduction, Membership, Person, RosterMember, Round
from circle.models.base import as_row

_circle, _person, _membership = as_row(Circle), as_row(Person), as_row(Membership)
_round, _roster, _commitment = as_row(Round), as_row(RosterMember), as_row(Commitment)
_introduction, _contact = as_row(Introduction), as_row(Contact)
_giver, _receiver = _person.alias("giver"), _person.alias("receiver")
ME: BindParameter[int] = bindparam("me")

_WHERE = (_circle.c.name.label("circle"), _round.c.number.label("round"))
_BETWEEN_THE_TWO = (
    _introduction.c.synergy.label("synergy"),
    _introduction.c.reason.label("reason"),
    _introduction.c.made_on.label("made_on"),
    _introduction.c.late.label("late"),
    _introduction.c.outcome.label("outcome"),
    _introduction.c.outcome_at.label("outcome_said"),
    _introduction.c.outcome_note.label("note"),
    _introduction.c.thanks.label("thanks"),
    _introduction.c.thanks_at.label("thanks_said"),
    _introduction.c.thanks_shared.label("thanks_shared"),
)
"""What both ends of an introduction see."""

SHEETS: dict[str, Select[Any]] = {
    "memberships": select(
        _circle.c.name.label("circle"),
        _membership.c.role.label("role"),
        _membership.c.seat.label("seat"),
        _membership.c.joined_at.label("joined"),
        _membership.c.left_at.label("left"),
        _membership.c.took_over_at.label("took_on_the_organising"),
    )
    .join(_circle, _circle.c.id == _membership.c.circle_id)
    .where(_membership.c.person_id == ME)
    .order_by(_membership.c.id),
    "wishes": select(
        *_WHERE,
        _roster.c.seat.label("seat"),
        _roster.c.wish.label("wish"),
        _roster.c.wish_said_at.label("said"),
        _roster.c.away.label("away"),
        _roster.c.gone.label("left_before_its_end"),
        _roster.c.last_reminder_at.label("last_reminder"),
    )
    .join(_round, _round.c.id == _roster.c.round_id)
    .join(_circle, _circle.c.id == _roster.c.circle_id)
    .where(_roster.c.person_id == ME)
    .order_by(_roster.c.id),
    "promises_by_me": select(
        *_WHERE,
        _person.c.name.label("for_whom"),
        _commitment.c.state.label("state"),
        _commitment.c.late.label("late"),
        _commitment.c.changed_at.label("changed"),
        _contact.c.name.label("contact"),
        _commitment.c.asked_at.label("asked"),
        _commitment.c.asks_member.label("asked_the_member_first"),
        _commitment.c.drafted_at.label("drafted"),
        _commitment.c.draft_subject.label("draft_subject"),
        _commitment.c.draft_text.label("draft_text"),
        _commitment.c.draft_synergy.label("draft_synergy"),
        _commitment.c.draft_shape.label("draft_shape"),
        _commitment.c.passed_line.label("line_when_passed"),
        _commitment.c.by_link.label("by_link"),
    )
    .join(_round, _round.c.id == _commitment.c.round_id)
    .join(_circle, _circle.c.id == _commitment.c.circle_id)
    .join(_person, _person.c.id == _commitment.c.receiver_id)
    .outerjoin(_contact, and_(_contact.c.id == _commitment.c.contact_id, _contact.c.person_id == ME))
    .where(_commitment.c.giver_id == ME)
    .order_by(_commitment.c.id),
    "promises_for_me": select(
        *_WHERE,
        _person.c.name.label("by_whom"),
        _commitment.c.state.label("state"),
        _commitment.c.late.label("late"),
        _commitment.c.passed_line.label("line_when_passed"),
    )
    .join(_round, _round.c.id == _commitment.c.round_id)
    .join(_circle, _circle.c.id == _commitment.c.circle_id)
    .join(_person, _person.c.id == _commitment.c.giver_id)
    .where(_commitment.c.receiver_id == ME)
    .order_by(_commitment.c.id),
    "introductions_by_me": select(
        *_WHERE,
        _person.c.name.label("for_member"),
        _introduction.c.other_name.label("for_somebody_else"),
        _introduction.c.contact_name.label("contact"),
        *_BETWEEN_THE_TWO,
        _introduction.c.channel.label("channel"),
        _introduction.c.fills.label("fills_a_promise"),
        _introduction.c.logged_at.label("logged"),
        _introduction.c.by_link.label("by_link"),
        _introduction.c.withdrawn_at.label("withdrawn"),
    )
    .outerjoin(_person, _person.c.id == _introduction.c.receiver_id)
    .outerjoin(_round, _round.c.id == _introduction.c.round_id)
    .outerjoin(_circle, _circle.c.id == _introduction.c.circle_id)
    .where(_introduction.c.giver_id == ME)
    .order_by(_introduction.c.made_on, _introduction.c.id),
    "introductions_for_me": select(
        *_WHERE,
        _person.c.name.label("by_member"),
        _introduction.c.contact_name.label("contact"),
        *_BETWEEN_THE_TWO,
    )
    .join(_person, _person.c.id == _introduction.c.giver_id)
    .outerjoin(_round, _round.c.id == _introduction.c.round_id)
    .outerjoin(_circle, _circle.c.id == _introduction.c.circle_id)
    .where(_introduction.c.receiver_id == ME, _introduction.c.withdrawn_at.is_(None))
    .order_by(_introduction.c.made_on, _introduction.c.id),
}
"""How somebody was reached is the giver's, and so is what was withdrawn."""

RECORD: Select[Any] = (
    select(
        case((_introduction.c.giver_id == ME, "by you"), else_="for you").label("made"),
        _introduction.c.made_on.label("day"),
        *_WHERE,
        _giver.c.name.label("giver"),
        func.coalesce(_receiver.c.name, _introduction.c.other_name).label("introduced"),
        _introduction.c.contact_name.label("to"),
        _introduction.c.synergy.label("synergy"),
        _introduction.c.reason.label("reason"),
        _introduction.c.outcome.label("what_came_of_it"),
        _introduction.c.outcome_note.label("note_of_receiver"),
        _introduction.c.thanks.label("thanks_of_receiver"),
    )
    .join(_giver, _giver.c.id == _introduction.c.giver_id)
    .outerjoin(_receiver, _receiver.c.id == _introduction.c.receiver_id)
    .outerjoin(_round, _round.c.id == _introduction.c.round_id)
    .outerjoin(_circle, _circle.c.id == _introduction.c.circle_id)
    .where(
        or_(_introduction.c.giver_id == ME, _introduction.c.receiver_id == ME),
        _introduction.c.withdrawn_at.is_(None),
    )
    .order_by(_introduction.c.made_on.desc(), _introduction.c.id.desc())
)
"""One's record as one sheet, newest first."""
