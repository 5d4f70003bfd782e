"""Where things stand in the drawings: seats and arcs of a ring, the fill of a dial, bars and columns."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import ceil, cos, hypot, pi, sin

CENTRE = 200.0
RADIUS = 166.0
SEAT_RADIUS = 28.0
BEND = 18.0

FEWEST_COLUMNS, MOST_LABELS = 8, 10
COLUMN, GAP = 10.0, 2.0

Point = tuple[float, float]


@cache
def seats(n: int) -> tuple[Point, ...]:
    """Return the centres of n seats, clockwise from the top of a 400 by 400 drawing."""
    return tuple((round(x, 1), round(y, 1)) for x, y in (_on_ring(index, n) for index in range(n)))


@cache
def arcs(n: int) -> tuple[tuple[str, ...], ...]:
    """Return the path from seat i to seat j at [i][j]; a seat has none to itself, its place is empty."""
    places = [_on_ring(index, n) for index in range(n)]
    return tuple(
        tuple("" if giver == receiver else _arc(giver, receiver) for receiver in places) for giver in places
    )


def dial_dash(made: int, counted: int, radius: float = 40) -> str:
    """Return the stroke-dasharray that fills made of counted of a circle; nothing counted fills nothing."""
    around = 2 * pi * radius
    return f"{around * _share(made, counted):.1f} {around:.1f}"


def bar_length(count: int, most: int) -> str:
    """Return the length of a bar, from 0 to 100, where `most` is the longest."""
    return f"{100 * _share(count, most):.0f}"


def stacked(parts: Sequence[int], whole: int) -> tuple[tuple[str, str], ...]:
    """Return where each part of a bar from 0 to 100 begins, and how long it is."""
    ends = [100 * _share(sum(parts[:at]), whole) for at in range(len(parts) + 1)]
    return tuple((f"{start:.1f}", f"{end - start:.1f}") for start, end in pairwise(ends))


def column(at: int, parts: Sequence[int], whole: int) -> tuple[tuple[str, str, str, str], ...]:
    """Return x, y, width and height of each part of a column, the first at its foot; 100 is full height."""
    x, width = f"{at * COLUMN + GAP:.0f}", f"{COLUMN - 2 * GAP:.0f}"
    return tuple(
        (x, f"{100 - float(start) - float(length):.1f}", width, length)
        for start, length in stacked(parts, whole)
    )


def columns_box(count: int) -> str:
    """Return the viewBox of so many columns; few of them leave room for those to come."""
    return f"0 0 {max(count, FEWEST_COLUMNS) * COLUMN:.0f} 100"


def axis(numbers: Sequence[int]) -> tuple[str, ...]:
    """Return what stands under each column; with many, some stay unnamed, the last one never."""
    step = ceil(len(numbers) / MOST_LABELS) or 1
    named = [str(one) if (len(numbers) - 1 - at) % step == 0 else "" for at, one in enumerate(numbers)]
    return (*named, *[""] * (FEWEST_COLUMNS - len(numbers)))


def _share(part: int, whole: int) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0


def _on_ring(index: int, n: int) -> Point:
    turn = 2 * pi * index / n
    return CENTRE + RADIUS * sin(turn), CENTRE - RADIUS * cos(turn)


def _arc(start: Point, end: Point) -> str:
    bend = _bend(start, end)
    (x1, y1), (x2, y2) = _towards(start, bend), _towards(end, bend)
    return f"M{x1:.0f} {y1:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {x2:.0f} {y2:.0f}"


def _bend(start: Point, end: Point) -> Point:
    """Return a point beside the middle, so that the two arcs of a pair lie apart."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    return (start[0] + end[0]) / 2 + dy / length * BEND, (start[1] + end[1]) / 2 - dx / length * BEND


def _towards(start: Point, target: Point) -> Point:
    """Return the point where an arc leaves the edge of its seat."""
    dx, dy = target[0] - start[0], target[1] - start[1]
    part = (SEAT_RADIUS + 5) / hypot(dx, dy)
    return start[0] + dx * part, start[1] + dy * part
