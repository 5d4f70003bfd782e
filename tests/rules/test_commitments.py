"""Every step a commitment may take, and every step it may not, as one table."""

import itertools

import pytest

from circle.rules.commitments import ALLOWED, OUTSTANDING, after_undo, move
from circle.rules.errors import CommitmentCannotMove
from circle.rules.states import CommitmentState

STATES = ("open", "asking", "introduced", "passed", "excused")
# Rows are from, columns are to, both in the order of STATES.
TABLE = {
    "open": ". yes yes yes yes",
    "asking": "yes . yes yes yes",
    "introduced": "yes . . . yes",
    "passed": "yes . yes . .",
    "excused": "yes . yes . .",
}
PAIRS = [
    (CommitmentState(state), CommitmentState(to), answer == "yes")
    for state, row in TABLE.items()
    for to, answer in zip(STATES, row.split(), strict=True)
]


def test_the_table_names_every_pair():
    assert {(state, to) for state, to, _ in PAIRS} == set(itertools.product(CommitmentState, repeat=2))


@pytest.mark.parametrize(("state", "to"), [(state, to) for state, to, allowed in PAIRS if allowed])
def test_an_allowed_step_is_taken(state, to):
    assert move(state, to) is to


@pytest.mark.parametrize(("state", "to"), [(state, to) for state, to, allowed in PAIRS if not allowed])
def test_any_other_step_is_refused_in_words(state, to):
    with pytest.raises(CommitmentCannotMove, match=r"^[A-Z].*\.$"):
        move(state, to)


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(CommitmentState)


def test_outstanding_means_open_or_asking():
    assert {CommitmentState.OPEN, CommitmentState.ASKING} == OUTSTANDING


@pytest.mark.parametrize(
    ("absent", "asked", "state"),
    [
        (False, False, CommitmentState.OPEN),
        (False, True, CommitmentState.ASKING),
        (True, False, CommitmentState.EXCUSED),
        (True, True, CommitmentState.EXCUSED),
    ],
)
def test_what_is_undone_leaves_its_commitment_as_it_was_unless_somebody_is_absent(absent, asked, state):
    assert after_undo(absent=absent, asked=asked) is state
