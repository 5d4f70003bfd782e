"""The record: every introduction one made and received, in circles one has left too, searched and counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from circle.extensions import db
from circle.models import Circle, Introduction, Membership, Person, Round
from circle.models.base import as_row
from circle.rules import record, zones
from circle.rules.alphabet import finds
from circle.rules.names import first_name
from circle.rules.states import Outcome, RoundState, Synergy
from circle.rules.wording import day_words
from circle.services.giving.standing import ANSWERABLE

PAGE = 20
NOTHING, OUTSIDE = "none", "outside"
"""What is chosen for lines without a reason or answer, and for those outside rounds."""
LED_ON = frozenset({Outcome.MET, Outcome.LED_ON})

_introduction, _circle, _round = as_row(Introduction), as_row(Circle), as_row(Round)
_membership, _giver = as_row(Membership), as_row(Person).alias("giver")
_receiver = as_row(Person).alias("receiver")

LINES = (
    select(
        _introduction.c.public_id,
        _introduction.c.giver_id == bindparam("me"),
        _introduction.c.made_on,
        _giver.c.public_id,
        _giver.c.name,
        _receiver.c.public_id,
        func.coalesce(_receiver.c.name, _introduction.c.other_name),
        _introduction.c.contact_name,
        _introduction.c.synergy,
        _introduction.c.reason,
        _introduction.c.outcome,
        _introduction.c.outcome_note,
        _introduction.c.thanks,
        _circle.c.public_id,
        _circle.c.name,
        _round.c.number,
        _round.c.state,
        or_(_introduction.c.circle_id.is_(None), _membership.c.id.is_not(None)),
    )
    .join(_giver, _giver.c.id == _introduction.c.giver_id)
    .outerjoin(_receiver, _receiver.c.id == _introduction.c.receiver_id)
    .outerjoin(_circle, _circle.c.id == _introduction.c.circle_id)
    .outerjoin(_round, _round.c.id == _introduction.c.round_id)
    .outerjoin(
        _membership,
        and_(
            _membership.c.circle_id == _introduction.c.circle_id,
            _membership.c.person_id == bindparam("me"),
            _membership.c.left_at.is_(None),
        ),
    )
    .where(
        or_(_introduction.c.giver_id == bindparam("me"), _introduction.c.receiver_id == bindparam("me")),
        _introduction.c.withdrawn_at.is_(None),
    )
    .order_by(_introduction.c.made_on.desc(), _introduction.c.id.desc())
)
"""One statement for the whole record: a search has to fold accents, which no database here does alike."""


@dataclass(frozen=True, slots=True)
class Line:
    """One introduction as the one whose record it is may read it."""

    ref: str
    mine: bool
    made_on: date
    giver_ref: str
    giver: str
    receiver_ref: str | None
    receiver: str
    contact_name: str
    synergy: Synergy | None
    reason: str
    outcome: Outcome | None
    note: str
    thanks: str
    circle_ref: str | None
    circle: str | None
    number: int | None
    round_state: RoundState | None
    is_here: bool
    """Its page may be opened: who left a circle reads the record alone."""

    @property
    def other(self) -> tuple[str, str]:
        """The member at the other end, by public id and name; empty for two contacts."""
        if self.mine:
            return (self.receiver_ref, self.receiver) if self.receiver_ref else ("", "")
        return self.giver_ref, self.giver

    @property
    def texts(self) -> tuple[str, ...]:
        """What a search looks through."""
        return self.contact_name, self.giver, self.receiver, self.reason

    @property
    def other_first(self) -> str:
        return first_name(self.other[1]) or "Somebody"

    @property
    def round_ref(self) -> str:
        return f"{self.circle_ref}-{self.number}" if self.number else OUTSIDE

    @property
    def round_words(self) -> str:
        return f"{self.circle}, round {self.number}" if self.number else "outside rounds"

    @property
    def may_change(self) -> bool:
        """The one who made it may still change it."""
        return self.mine and self.is_here and (self.round_state is None or self.round_state in ANSWERABLE)


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for in their record; empty is everything."""

    words: str = ""
    way: str = ""
    """`made` or `received`."""
    person: str = ""
    synergy: str = ""
    outcome: str = ""
    round: str = ""

    def holds(self, line: Line) -> bool:
        """Say whether a line is among what is looked for."""
        return (
            (not self.way or line.mine == (self.way == "made"))
            and self.person in ("", line.other[0])
            and self.synergy in ("", line.synergy or NOTHING)
            and self.outcome in ("", line.outcome or NOTHING)
            and self.round in ("", line.round_ref)
            # Folding thousands of texts takes longer than all else.
            and (not self.words or finds(self.words, *line.texts))
        )


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of a record, the whole of what was found in words, and what may be chosen from."""

    lines: tuple[tuple[Line, str], ...]
    """Each with its day in words."""
    words: str
    page: int
    pages: int
    people: tuple[tuple[str, str], ...]
    rounds: tuple[tuple[str, str], ...]
    is_empty: bool
    """There is nothing in the record at all."""


def read(person_id: int, zone: str, sought: Sought, page: int, now: datetime) -> RecordPage:
    """Read one page of somebody's record; a page past the end is the last."""
    rows: Sequence[Any] = db.session.connection().execute(LINES, {"me": person_id}).all()
    every = [Line(*row) for row in rows]
    found = [line for line in every if sought.holds(line)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    today = zones.local_day(now, zones.zone(zone))
    shown = found[(page - 1) * PAGE : page * PAGE]
    return RecordPage(
        tuple((line, day_words(line.made_on, today)) for line in shown),
        _words(found),
        page,
        pages,
        tuple(sorted(_choices(every, lambda line: line.other), key=lambda one: one[1].casefold())),
        tuple(_choices(every, lambda line: (line.round_ref, _capital(line.round_words)))),
        not every,
    )


def _words(found: Sequence[Line]) -> str:
    made = sum(line.mine for line in found)
    return record.in_words(made, len(found) - made, sum(line.outcome in LED_ON for line in found))


def _choices(lines: Sequence[Line], of: Callable[[Line], tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each value with its words once, newest first."""
    return [(value, words) for value, words in dict(of(line) for line in lines).items() if value]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
