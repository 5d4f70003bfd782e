"""Writing together: what several threads of one program want written goes into one unit of work.

A commit on a disk takes as long as dozens of statements, and SQLite lets one program write at a time.
PostgreSQL gathers commits by itself, so there each piece is a unit of work of its own.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from circle.extensions import db
from circle.services.work import writing

T = TypeVar("T")

LEFT_TO_OTHERS = 0.25
"""Where more waits already, it waits on for this part of the time taken: other programs write too."""


class Refused(Exception):
    """Raised by a piece of writing that has changed nothing: the others beside it go on."""


class _Piece:
    """What one thread wants written, and what came of it."""

    def __init__(self, do: Callable[[], Any]) -> None:
        self._do = do
        self.is_done = False
        self.returned: Any = None
        self.raised: Exception | None = None

    def write(self) -> None:
        """Write it, inside a unit of work."""
        self.raised = None
        try:
            self.returned = self._do()
        except Refused as refused:
            self.raised = refused

    def write_alone(self) -> None:
        """Write it in a unit of work of its own, and keep what it raised."""
        try:
            with writing():
                self.write()
        except Exception as error:
            self.raised = error
        self.is_done = True


_guard, _turn = threading.Lock(), threading.Lock()
_waiting: list[_Piece] = []


def together(do: Callable[[], T]) -> T:
    """Do this inside a unit of work, which it may share with what other threads wait to write."""
    piece = _Piece(do)
    # Who waits here must not hold a reading transaction: the one who writes could not commit.
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with _guard:
            _waiting.append(piece)
        with _turn:
            if not piece.is_done:
                _write_all(_taken())
    else:
        piece.write_alone()
    if piece.raised:
        raise piece.raised
    result: T = piece.returned
    return result


def _taken() -> list[_Piece]:
    with _guard:
        pieces = list(_waiting)
        _waiting.clear()
    return pieces


def _write_all(pieces: Sequence[_Piece]) -> None:
    began = time.monotonic()
    try:
        with writing():
            for piece in pieces:
                piece.write()
    except Exception:
        # One of them failed: each by itself, so that the others are written all the same.
        for piece in pieces:
            piece.write_alone()
    for piece in pieces:
        piece.is_done = True
    if _waiting:
        time.sleep(LEFT_TO_OTHERS * (time.monotonic() - began))
