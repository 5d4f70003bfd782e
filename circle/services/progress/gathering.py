"""The view for a circle's meeting: what everybody may read aloud, and nobody's list of what is open."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from circle.extensions import db
from circle.models import Introduction, Round
from circle.models.base import as_row
from circle.rules import zones
from circle.rules.board import Board
from circle.rules.wording import due_words, tally_words
from circle.services.progress import boards, history
from circle.services.progress.boards import Someone
from circle.services.progress.circle_page import Standpoint
from circle.services.progress.history import PastRound

_round, _introduction = as_row(Round), as_row(Introduction)

NOBODY = 0
"""The view is for all: nothing in it stands out as one reader's own."""
MOST_THANKS = 6
"""As many as are read aloud without hurry, and fit on the sheet."""

THANKS = (
    select(_introduction.c.giver_id, _introduction.c.receiver_id, _introduction.c.thanks)
    .join(_round, _round.c.id == _introduction.c.round_id)
    .where(
        _introduction.c.circle_id == bindparam("circle"),
        _round.c.number >= bindparam("since"),
        _introduction.c.thanks_shared,
        _introduction.c.thanks != "",
        _introduction.c.withdrawn_at.is_(None),
    )
    .order_by(_introduction.c.thanks_at.desc(), _introduction.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class Thanks:
    """Thanks that were shared with the circle."""

    giver: Someone
    receiver: Someone
    thanks: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a circle looks at together; `board` is None before the first round."""

    number: int | None
    theme: str
    figures: str
    due: str
    open: bool
    together: str
    """What the circle made in all its rounds, in words."""
    board: Board | None
    thanks: tuple[Thanks, ...]
    """Of the newest round and the one before, newest first."""
    more_thanks: int
    members: tuple[Someone, ...]


def read(here: Standpoint, now: datetime) -> Gathering:
    """Read what a circle looks at in its meeting, in five statements."""
    people = boards.people_of(here.circle_id)
    members = tuple(person for person in people.values() if person.left_at is None)
    newest = next(iter(history.newest_rounds(here.circle_id, 1)), None)
    if newest is None:
        return Gathering(None, "", "", "", False, "", None, (), 0, members)
    board = boards.read_round(newest.id, NOBODY, people, zones.zone(here.zone)).board
    thanks = _thanks(here.circle_id, newest, people)
    return Gathering(
        newest.number,
        newest.theme,
        tally_words(board.tally),
        due_words(newest.due_at, zones.zone(here.zone), now),
        newest.open,
        history.came_of(here.circle_id).words,
        board,
        thanks[:MOST_THANKS],
        len(thanks[MOST_THANKS:]),
        members,
    )


def _thanks(circle_id: int, newest: PastRound, people: dict[int, Someone]) -> tuple[Thanks, ...]:
    since = {"circle": circle_id, "since": newest.number - 1}
    rows = db.session.connection().execute(THANKS, since).all()
    return tuple(Thanks(people[giver], people[receiver], words) for giver, receiver, words in rows)
