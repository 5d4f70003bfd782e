"""The front page: what Circle is and why, and the way in."""

from functools import cache
from typing import Any

from flask import Blueprint, session
from flask.blueprints import BlueprintSetupState

from circle import clock
from circle.rules.board import Board, Cell, Seat, board
from circle.rules.names import first_name, initials
from circle.rules.states import CommitmentState
from circle.services.door import sign_in
from circle.services.membership import circles
from circle.services.running import demo
from circle.web.access import anyone, current_viewer, local_only
from circle.web.frame import entry
from circle.web.frame.answers import page, see_other

bp = Blueprint("pages", __name__)

SHOWN = ("Amara Obi", "Ben Katz", "Chloe Marsh", "Dev Patel", "Elena Ruiz", "Farid Haddad")
"""The people in the ring on the front page, seat by seat, and how far they are."""
PROMISES = ("-iiaio", "i-iioi", "ii-iii", "oii-oa", "iiii-i", "ioiai-")
LETTERS = {"i": CommitmentState.INTRODUCED, "a": CommitmentState.ASKING, "o": CommitmentState.OPEN}


@bp.get("/")
@anyone
def front() -> Any:
    """Say what Circle is; who is signed in goes on to their circles."""
    viewer = current_viewer()
    if viewer is None:
        return page("pages/front.html", board=_shown_board())
    mine = circles.of_person(viewer.person_id)
    if len(mine) == 1:
        return see_other("circles.show", circle_id=mine[0].public_id)
    return see_other("circles.list")


@local_only
def visit_demo() -> Any:
    """Make the demo circle if it is not there, and look at it as its organiser."""
    now = clock.now()
    person_id = demo.make(now)
    entry.enter(sign_in.start_session(person_id, "A look around", now, former=session.get("sid", "")))
    return see_other("circles.show", circle_id="demo")


@cache
def _shown_board() -> Board:
    seats = [Seat(at, "", name, first_name(name), initials(name)) for at, name in enumerate(SHOWN)]
    cells = [
        Cell(giver, receiver, LETTERS[letter])
        for giver, row in enumerate(PROMISES)
        for receiver, letter in enumerate(row)
        if letter in LETTERS
    ]
    return board(seats, cells)


@bp.record
def _add_demo(state: BlueprintSetupState) -> None:
    if state.app.config["SETTINGS"].local:
        state.add_url_rule("/demo", "demo", visit_demo, methods=["POST"])
