"""Lately: what was done in a circle, by whom and when, newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Change, Commitment, Introduction, Person
from circle.rules import zones
from circle.rules.states import ChangeKind, CommitmentState
from circle.rules.wording import apart, day_words, listed

MOST = 30
BY_LINK = " (by the link in a letter)"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done: a sentence, when in words, and the instant."""

    words: str
    when: str
    at: datetime


def read(circle_id: int, zone: str, now: datetime) -> tuple[Line, ...]:
    """Return the newest things done in a circle; times are the circle's."""
    here = zones.zone(zone)
    lines = [
        *_changes(circle_id, here, now),
        *_introductions(circle_id, here, now),
        *_passes(circle_id, here, now),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:MOST])


def _changes(circle_id: int, zone: ZoneInfo, now: datetime) -> list[Line]:
    by, about = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(Change.at, Change.kind, by.name, about.name, Change.words)
        .outerjoin(by, by.id == Change.by_id)
        .outerjoin(about, about.id == Change.about_id)
        .where(Change.circle_id == circle_id)
        .order_by(Change.at.desc(), Change.id.desc())
        .limit(MOST)
    )
    return [_line(_sentence(*row[1:]), row[0], zone, now) for row in _together(rows.all())]


def _together(rows: Sequence[Any]) -> Iterator[tuple[datetime, str, str | None, str | None, str]]:
    """Make one of the rows about several people who were nudged at once."""
    for (at, kind, by, words), several in groupby(rows, lambda row: (*row[:3], row[4])):
        about = [row[3] for row in several]
        if kind == ChangeKind.NUDGED.value:
            about = [listed([apart(name or "somebody") for name in reversed(about)])]
        yield from ((at, kind, by, one, words) for one in about)


def _introductions(circle_id: int, zone: ZoneInfo, now: datetime) -> list[Line]:
    giver, receiver = aliased(Person), aliased(Person)
    rows: Any = db.session.execute(
        select(Introduction.logged_at, Introduction.by_link, giver.name, receiver.name)
        .join(giver, giver.id == Introduction.giver_id)
        .join(receiver, receiver.id == Introduction.receiver_id)
        .where(Introduction.circle_id == circle_id, Introduction.withdrawn_at.is_(None))
        .order_by(Introduction.logged_at.desc(), Introduction.id.desc())
        .limit(MOST)
    )
    return [
        _line(f"{apart(given)} introduced somebody to {apart(to)}", at, zone, now, by_link=by_link)
        for at, by_link, given, to in rows
    ]


def _passes(circle_id: int, zone: ZoneInfo, now: datetime) -> list[Line]:
    giver, receiver = aliased(Person), aliased(Person)
    rows: Any = db.session.execute(
        select(Commitment.changed_at, Commitment.by_link, giver.name, receiver.name)
        .join(giver, giver.id == Commitment.giver_id)
        .join(receiver, receiver.id == Commitment.receiver_id)
        .where(Commitment.circle_id == circle_id, Commitment.state == CommitmentState.PASSED)
        .order_by(Commitment.changed_at.desc(), Commitment.id.desc())
        .limit(MOST)
    )
    return [
        _line(f"{apart(given)} found no fit for {apart(to)} this time", at, zone, now, by_link=by_link)
        for at, by_link, given, to in rows
    ]


def _line(words: str, at: datetime, zone: ZoneInfo, now: datetime, *, by_link: bool = False) -> Line:
    return Line(f"{words}{BY_LINK if by_link else ''}", _when(at, zone, now), at)


def _sentence(kind: str, by: str | None, about: str | None, words: str) -> str:
    known = {one.value: one for one in ChangeKind}[kind]
    if by is None and known.by_itself:
        said = known.by_itself.format(words=words)
        return said[:1].upper() + said[1:]
    if known is ChangeKind.DESCRIBED and not words:
        words = "description"
    return f"{apart(by or 'Somebody')} {known.words.format(about=apart(about or 'somebody'), words=words)}"


def _when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = zones.to_local(at, zone)
    return f"{day_words(local, zones.to_local(now, zone))}, {local:%H:%M}"
