"""The board of one round: who sits where, what each promised whom, and the honest count of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from circle.rules.states import CommitmentState


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of commitments; `counted`, the denominator, leaves out the excused that were not made."""

    made: int = 0
    passed: int = 0
    asking: int = 0
    open: int = 0
    excused: int = 0
    late: int = 0

    @property
    def counted(self) -> int:
        return self.made + self.passed + self.asking + self.open

    @property
    def outstanding(self) -> int:
        return self.open + self.asking

    @property
    def in_time(self) -> int:
        return self.made - self.late


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of a roster as the board shows them; `ref` is the public id of the membership."""

    person_id: int
    ref: str
    name: str
    first_name: str
    initials: str
    me: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One commitment as everybody in the circle may see it."""

    giver_id: int
    receiver_id: int
    state: CommitmentState
    late: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """Seats in seat order; `rows[i][j]` is what seat i promised seat j, None where there is no promise."""

    seats: tuple[Seat, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    row_tallies: tuple[Tally, ...]
    tally: Tally


def tally(cells: Iterable[Cell | None]) -> Tally:
    """Count the cells by state."""
    present = [cell for cell in cells if cell is not None]
    states = Counter(cell.state for cell in present)
    return Tally(
        made=states[CommitmentState.INTRODUCED],
        passed=states[CommitmentState.PASSED],
        asking=states[CommitmentState.ASKING],
        open=states[CommitmentState.OPEN],
        excused=states[CommitmentState.EXCUSED],
        late=sum(cell.late for cell in present if cell.state is CommitmentState.INTRODUCED),
    )


def board(seats: Sequence[Seat], cells: Iterable[Cell]) -> Board:
    """Lay the cells out by giver (rows) and receiver (columns) in seat order."""
    by_pair = {(cell.giver_id, cell.receiver_id): cell for cell in cells}
    rows = tuple(tuple(by_pair.get((giver.person_id, other.person_id)) for other in seats) for giver in seats)
    return Board(tuple(seats), rows, tuple(tally(row) for row in rows), tally(by_pair.values()))


def without_any(of: Board) -> frozenset[int]:
    """Return for whom nothing is made yet, by person id; empty while that is so for everybody."""
    had = {
        cell.receiver_id
        for row in of.rows
        for cell in row
        if cell and cell.state is CommitmentState.INTRODUCED
    }
    return frozenset(seat.person_id for seat in of.seats if seat.person_id not in had) if had else frozenset()
