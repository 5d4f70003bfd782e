"""The circle page: what is left for the reader, what was made for them, and how far the circle came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import bindparam, select

from circle.extensions import db
from circle.models import Circle, Membership, Person, StoredRhythm
from circle.models.base import as_row
from circle.rules import board, zones
from circle.rules.board import Cell, Tally
from circle.rules.limits import Limits
from circle.rules.recurrence import Occurrence
from circle.rules.states import CommitmentState, Outcome
from circle.rules.wording import count_word, due_words, first_line, listed, tally_words
from circle.services.door.sessions import Viewer
from circle.services.giving import between
from circle.services.meeting.unsent import ANY_UNSENT
from circle.services.progress import beginnings, boards, history
from circle.services.progress.beginnings import Beginning
from circle.services.progress.boards import Promise, RoundRead, Someone
from circle.services.progress.history import CameOf, Dial, PastRound
from circle.services.thinking.parked import ANY_IN_CIRCLE

_person, _membership, _rhythm = as_row(Person), as_row(Membership), as_row(StoredRhythm)
_circle = as_row(Circle)

EVERYBODY = (
    select(*boards.PEOPLE, between.MADE_OUTSIDE, ANY_IN_CIRCLE, ANY_UNSENT, *history.RHYTHM)
    .join(_membership, _membership.c.person_id == _person.c.id)
    .join(_circle, _circle.c.id == _membership.c.circle_id)
    .outerjoin(_rhythm, _rhythm.c.circle_id == _membership.c.circle_id)
    .where(_membership.c.circle_id == bindparam("circle"))
    .order_by(_membership.c.seat, _membership.c.id)
)
STRIP, AHEAD = 12, 2


class Standpoint(Protocol):
    """Who looks, and at which circle."""

    @property
    def viewer(self) -> Viewer: ...
    @property
    def circle_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def archived_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class OwnWish:
    """Whom the reader would like to meet; `asked` is why they are asked now, empty when they are not."""

    words: str
    asked: str


@dataclass(frozen=True, slots=True)
class Current:
    """The round a reader looks at: the open one, else the last one."""

    round: PastRound
    read: RoundRead
    heading: str
    due: str
    lede: str
    next: Promise | None
    given_words: str
    received_words: str
    board_words: str
    wish: OwnWish | None


@dataclass(frozen=True, slots=True)
class CirclePage:
    """Everything the circle page shows; `current` is None before the first round, `beginning` after it."""

    title: str
    current: Current | None
    beginning: Beginning | None
    dials: tuple[Dial, ...]
    came_of: CameOf
    made_outside: bool
    """The reader made something here that belongs to no round, and may count in this one."""
    has_parked: bool
    """The reader parked ideas for this circle."""
    has_unsent: bool
    """Mails of the reader after a meeting wait, here or elsewhere."""
    answers: tuple[tuple[str, str], ...] = tuple((one.value, one.words) for one in Outcome)

    @property
    def to_think_of(self) -> tuple[int, ...]:
        """For whom the reader has nobody in mind yet."""
        if self.current is None or not self.current.round.answerable:
            return ()
        given = self.current.read.given
        open_ = (one for one in given if one.state is CommitmentState.OPEN and not one.draft_day)
        return tuple(one.receiver.person_id for one in open_)

    @property
    def to_count_in(self) -> int | None:
        """The number of the round in which something the reader made may still be counted."""
        return self.current.round.number if self.made_outside and self.current and self.current.next else None


def read(here: Standpoint, now: datetime, limits: Limits) -> dict[str, CirclePage]:
    """Read the circle page in four statements, however many rounds there are."""
    of_reader = {"circle": here.circle_id, "giver": here.viewer.person_id}
    rows = db.session.connection().execute(EVERYBODY, of_reader).all()
    people = {row[0]: boards.someone(row[:6]) for row in rows}
    made_outside, has_parked, has_unsent, *rhythm = rows[0][6:]
    ahead = history.coming(rhythm, here.circle_id, here.zone, now, AHEAD)
    rounds = history.newest_rounds(here.circle_id, STRIP)
    came_of = history.came_of(here.circle_id)
    members = [person for person in people.values() if person.left_at is None]
    plans = _Plans(here, now, ahead, len(members), limits)
    if here.archived_at:
        rounds = [one.at_rest() for one in rounds]
    current = _current(rounds[0], people, plans) if rounds else None
    beginning = None
    if current is None:
        beginning = beginnings.read(here.circle_id, members, plans.opens(), limits, now)
        beginning = beginning.at_rest() if here.archived_at else beginning
    dials = history.dials(rounds, ahead, here.zone, now, here=rounds[0].number if rounds else None)
    seen = (_title(here, current), current, beginning, tuple(dials), came_of)
    return {"circle": CirclePage(*seen, made_outside, has_parked, has_unsent)}


@dataclass(frozen=True, slots=True)
class _Plans:
    """What is known of the time around a round, for one reader."""

    here: Standpoint
    now: datetime
    ahead: Sequence[Occurrence]
    members: int
    limits: Limits

    def moment(self, at: datetime) -> str:
        return due_words(at, zones.zone(self.here.viewer.zone), self.now)

    def opens(self) -> str:
        return self.moment(self.ahead[0].opens_at) if self.ahead else ""

    @property
    def are_known(self) -> bool:
        return bool(self.ahead) and self.members >= self.limits.min_members

    def next_round(self) -> str:
        if self.here.archived_at:
            return ""
        if not self.ahead:
            return "No next round is planned yet."
        if self.members < self.limits.min_members:
            return f"The next round waits until {count_word(self.limits.min_members)} are here."
        return f"The next round opens {self.opens()}."


def _current(one: PastRound, people: dict[int, Someone], plans: _Plans) -> Current:
    me = plans.here.viewer.person_id
    seen = boards.read_round(one.id, me, people, zones.zone(plans.here.viewer.zone))
    mine = _tally(seen.given)
    return Current(
        one,
        seen,
        _heading(one, seen, mine, plans),
        plans.moment(one.due_at),
        _lede(one, mine, plans),
        _next(seen.given) if one.answerable else None,
        tally_words(mine) if mine.counted else "",
        _received_words(_tally(seen.received)),
        tally_words(seen.board.tally),
        _own_wish(people[me].wish, seen) if one.open and seen.given else None,
    )


def _own_wish(wish: str, seen: RoundRead) -> OwnWish:
    passed = [promise for promise in seen.received if promise.state is CommitmentState.PASSED]
    if passed and not any(promise.look_again for promise in passed):
        names = listed([promise.giver.first_name for promise in passed])
        return OwnWish(wish, f"{names} found no fit. The more exactly you say it, the easier it is.")
    return OwnWish(wish, "" if seen.heard else "The others read it where they think of you.")


def _heading(one: PastRound, seen: RoundRead, mine: Tally, plans: _Plans) -> str:
    if one.open and not seen.given:
        return "You start with the next round"
    if one.open or (one.answerable and mine.outstanding):
        return first_line(mine, round_open=one.open)
    if plans.are_known:
        return f"The next round opens {plans.opens()}"
    return f"Round {one.number} is over"


def _lede(one: PastRound, mine: Tally, plans: _Plans) -> str:
    made = f"You have made {mine.made} of {mine.counted}." if mine.counted else ""
    in_heading = plans.are_known and not (one.answerable and mine.outstanding)
    if one.open or in_heading:
        return made
    return f"{made} {plans.next_round()}".strip()


def _received_words(tally: Tally) -> str:
    return f"{tally.made} of {tally.counted}" if tally.counted else ""


def _next(given: Sequence[Promise]) -> Promise | None:
    for state in (CommitmentState.OPEN, CommitmentState.ASKING):
        for promise in given:
            if promise.state is state:
                return promise
    return None


def _tally(promises: Sequence[Promise]) -> Tally:
    return board.tally(
        Cell(promise.giver.person_id, promise.receiver.person_id, promise.state, promise.late)
        for promise in promises
    )


def _title(here: Standpoint, current: Current | None) -> str:
    left = _tally(current.read.given).outstanding if current and current.round.answerable else 0
    return f"{left} left · {here.name}" if left else here.name
