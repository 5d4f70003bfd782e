"""Wishes: whom members would like to meet now, kept for each round, and sharper after a pass."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from circle.extensions import db
from circle.models import Commitment, Membership, News, Person, RosterMember, Round
from circle.models.base import as_row
from circle.rules.errors import BadText
from circle.rules.names import clean_line, first_name
from circle.rules.states import CommitmentState, NewsKind, RoundState
from circle.services.post import news
from circle.services.work import hold_circles_of, writing

LIMIT = 300

_person, _roster = as_row(Person), as_row(RosterMember)


def cleaned(text: str) -> str:
    """Return a wish as it is kept; raise BadText beside its field."""
    try:
        return clean_line(text, LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="wish") from None


def say(person_id: int, text: str, now: datetime) -> list[str]:
    """Keep whom somebody would like to meet now; return the first names of who is asked to look again.

    Raise BadText.
    """
    wish = cleaned(text)
    with writing() as session:
        hold_readers(person_id)
        person = session.get_one(Person, person_id, populate_existing=True)
        return heard(person, wish, now)


def hold_readers(person_id: int) -> None:
    """Lock somebody, and all who may be told of their wish, in the order everybody locks people in."""
    hold_circles_of(person_id)
    passed = [giver for giver, *_ in _who_passed(person_id)]
    locked = select(Person.id).where(Person.id.in_([person_id, *passed])).order_by(Person.id)
    db.session.execute(locked.with_for_update(key_share=True))


def heard(person: Person, wish: str, now: datetime) -> list[str]:
    """Take down a wish in every open round; return who is asked to look again. Inside a unit of work.

    Whom it may be told has been locked before.
    """
    is_new = person.wish != wish
    person.wish = wish
    if is_new:
        person.wish_at = now
    db.session.flush()
    _keep_in_step(_roster.c.person_id == person.id, wish_said_at=now)
    return _offer_second_look(person, now) if is_new and wish else []


def catch_up(round_id: int) -> None:
    """Let the roster of a round that is open again hold the wishes as they are now. Inside a unit of work."""
    db.session.flush()
    _keep_in_step(_roster.c.round_id == round_id)


def _keep_in_step(whose: ColumnElement[bool], **more: datetime) -> None:
    is_open = select(Round.id).where(Round.id == _roster.c.round_id, Round.state == RoundState.OPEN)
    now_wished = select(_person.c.wish).where(_person.c.id == _roster.c.person_id)
    db.session.execute(
        update(_roster)
        .where(whose, _roster.c.gone.is_(False), is_open.exists())
        .values(wish=now_wished.scalar_subquery(), **more)
    )
    db.session.expire_all()


def of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the wishes of people as they are now."""
    rows = db.session.execute(select(_person.c.id, _person.c.wish).where(_person.c.id.in_(person_ids)))
    return {person_id: wish for person_id, wish in rows}  # noqa: C416 - rows are not pairs to dict()


def _who_passed(receiver_id: int) -> Sequence[tuple[int, str, int, int]]:
    """Return the givers of open rounds who found no fit: id, name, circle and commitment."""
    rows = db.session.execute(
        select(Person.id, Person.name, Commitment.circle_id, Commitment.id)
        .join(Person, Person.id == Commitment.giver_id)
        .join(Round, Round.id == Commitment.round_id)
        .join(
            Membership,
            (Membership.circle_id == Commitment.circle_id) & (Membership.person_id == Commitment.giver_id),
        )
        .where(
            Commitment.receiver_id == receiver_id,
            Commitment.state == CommitmentState.PASSED,
            Round.state == RoundState.OPEN,
            Membership.left_at.is_(None),
        )
        .order_by(Person.id, Commitment.id)
    )
    return [(*row,) for row in rows]


def _offer_second_look(person: Person, now: datetime) -> list[str]:
    passed = _who_passed(person.id)
    untold = select(News.commitment_id).where(
        News.commitment_id.in_([commitment_id for *_, commitment_id in passed]),
        News.kind == NewsKind.LOOK_AGAIN,
        News.outbox_id.is_(None),
    )
    waiting = set(db.session.scalars(untold))
    for giver_id, _, circle_id, commitment_id in passed:
        if commitment_id not in waiting:
            news.tell(
                giver_id, NewsKind.LOOK_AGAIN, circle_id=circle_id, commitment_id=commitment_id, now=now
            )
    return list(dict.fromkeys(first_name(name) for _, name, *_ in passed))
