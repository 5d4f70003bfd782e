"""The life of a commitment: which state may follow which."""

from typing import Final

from circle.rules.errors import CommitmentCannotMove
from circle.rules.states import CommitmentState

_OPEN, _ASKING, _INTRODUCED, _PASSED, _EXCUSED = CommitmentState

ALLOWED: Final[dict[CommitmentState, frozenset[CommitmentState]]] = {
    _OPEN: frozenset({_ASKING, _INTRODUCED, _PASSED, _EXCUSED}),
    _ASKING: frozenset({_OPEN, _INTRODUCED, _PASSED, _EXCUSED}),
    _PASSED: frozenset({_OPEN, _INTRODUCED}),
    _EXCUSED: frozenset({_OPEN, _INTRODUCED}),
    _INTRODUCED: frozenset({_OPEN, _EXCUSED}),
}

OUTSTANDING: Final = frozenset({_OPEN, _ASKING})

_REFUSALS: Final[dict[CommitmentState, str]] = {
    _OPEN: "This one is open already.",
    _ASKING: "You are asking for this one already.",
    _PASSED: "You passed this one. Take that back first.",
    _EXCUSED: "This one is excused this round. You can still log an introduction if you made one.",
    _INTRODUCED: "An introduction is logged here already. Withdraw it first if it should not count.",
}


def move(state: CommitmentState, to: CommitmentState) -> CommitmentState:
    """Return the new state; raise CommitmentCannotMove with a sentence where the table has no such step."""
    if to not in ALLOWED[state]:
        raise CommitmentCannotMove(_REFUSALS[state])
    return to


def after_undo(*, absent: bool, asked: bool) -> CommitmentState:
    """Return where a commitment goes when its last introduction or its pass is undone.

    `absent` means that one of the two is away or gone; `asked` that somebody was asked before.
    """
    if absent:
        return _EXCUSED
    return _ASKING if asked else _OPEN
