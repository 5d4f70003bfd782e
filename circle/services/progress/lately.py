"""Lately: what was done in a circle, by whom and when, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from circle.extensions import db
from circle.models import Change, Introduction, Person
from circle.rules import zones
from circle.rules.states import ChangeKind
from circle.rules.wording import day_words

MOST = 30
BY_ITSELF = {
    ChangeKind.OPENED: "The rhythm",
    ChangeKind.HELD: "The rhythm",
    ChangeKind.CLOSED: "The due date",
}
"""Who did what nobody did by hand."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done: a sentence, when in words, and the instant."""

    words: str
    when: str
    at: datetime


def read(circle_id: int, zone: str, now: datetime) -> tuple[Line, ...]:
    """Return the newest things done in a circle; times are the circle's."""
    here = zones.zone(zone)
    lines = [*_changes(circle_id, here, now), *_introductions(circle_id, here, now)]
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
    return [Line(_sentence(*row[1:]), _when(row[0], zone, now), row[0]) for row in rows]


def _introductions(circle_id: int, zone: ZoneInfo, now: datetime) -> list[Line]:
    giver, receiver = aliased(Person), aliased(Person)
    rows: Any = db.session.execute(
        select(Introduction.logged_at, giver.name, receiver.name)
        .join(giver, giver.id == Introduction.giver_id)
        .join(receiver, receiver.id == Introduction.receiver_id)
        .where(Introduction.circle_id == circle_id, Introduction.withdrawn_at.is_(None))
        .order_by(Introduction.logged_at.desc(), Introduction.id.desc())
        .limit(MOST)
    )
    return [Line(f"{given} introduced somebody to {to}", _when(at, zone, now), at) for at, given, to in rows]


def _sentence(kind: str, by: str | None, about: str | None, words: str) -> str:
    known = {one.value: one for one in ChangeKind}[kind]
    who = by or BY_ITSELF.get(known, "Somebody")
    return f"{who} {known.words.format(about=about or 'somebody', words=words)}"


def _when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    local = zones.to_local(at, zone)
    return f"{day_words(local, zones.to_local(now, zone))}, {local:%H:%M}"
