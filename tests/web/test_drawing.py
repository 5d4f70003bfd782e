"""The geometry of the ring, the dials and the bars."""

from math import hypot
from re import findall

import pytest

from circle.web.frame.drawing import arcs, axis, bar_length, column, columns_box, dial_dash, seats, stacked


def ends(path: str) -> tuple[tuple[float, float], tuple[float, float]]:
    x1, y1, _, _, x2, y2 = (float(number) for number in findall(r"-?\d+", path))
    return (x1, y1), (x2, y2)


def test_the_first_seat_is_at_the_top() -> None:
    assert seats(6)[0] == (200.0, 34.0)


def test_seats_go_round_clockwise() -> None:
    assert seats(4)[1][0] > seats(4)[3][0]


@pytest.mark.parametrize("n", range(1, 13))
def test_every_seat_fits_the_drawing_with_its_rim(n: int) -> None:
    assert all(30 <= along <= 370 for seat in seats(n) for along in seat)


@pytest.mark.parametrize("n", range(2, 7))
def test_every_pair_has_an_arc_each_way(n: int) -> None:
    drawn = [path for row in arcs(n) for path in row if path]
    assert len(set(drawn)) == n * (n - 1)


def test_a_seat_has_no_arc_to_itself() -> None:
    assert [arcs(6)[index][index] for index in range(6)] == [""] * 6


@pytest.mark.parametrize("n", range(2, 7))
def test_an_arc_runs_from_the_rim_of_the_giver_to_the_rim_of_the_receiver(n: int) -> None:
    far = [
        abs(hypot(point[0] - seat[0], point[1] - seat[1]) - 33)
        for i, row in enumerate(arcs(n))
        for j, path in enumerate(row)
        if path
        for point, seat in zip(ends(path), (seats(n)[i], seats(n)[j]), strict=True)
    ]
    assert max(far) < 1.5


def test_nobody_on_the_ring_draws_nothing() -> None:
    assert (seats(0), arcs(0)) == ((), ())


def test_a_dial_half_made_is_half_filled() -> None:
    assert dial_dash(15, 30) == "125.7 251.3"


def test_a_dial_of_nothing_counted_stays_empty() -> None:
    assert dial_dash(0, 0) == "0.0 251.3"


def test_a_dial_never_fills_more_than_once_round() -> None:
    assert dial_dash(31, 30, radius=10) == "62.8 62.8"


def test_the_longest_bar_is_a_hundred_long() -> None:
    assert [bar_length(count, 8) for count in (8, 2, 0)] == ["100", "25", "0"]


def test_bars_of_nothing_have_no_length() -> None:
    assert bar_length(0, 0) == "0"


def test_parts_of_a_bar_follow_one_another() -> None:
    assert stacked([5, 3, 2], 20) == (("0.0", "25.0"), ("25.0", "15.0"), ("40.0", "10.0"))


def test_parts_of_nothing_have_no_length() -> None:
    assert stacked([0, 0], 0) == (("0.0", "0.0"), ("0.0", "0.0"))


def test_parts_never_run_over_the_end_of_their_bar() -> None:
    assert stacked([3, 3], 4) == (("0.0", "75.0"), ("75.0", "25.0"))


def test_a_column_stands_on_its_foot_beside_the_one_before() -> None:
    assert column(1, [3, 1], 4) == (("12", "25.0", "6", "75.0"), ("12", "0.0", "6", "25.0"))


def test_few_columns_leave_room_for_those_to_come() -> None:
    assert (columns_box(2), columns_box(50)) == ("0 0 80 100", "0 0 500 100")


def test_an_axis_has_a_place_for_each_column() -> None:
    assert axis([1, 2]) == ("1", "2", "", "", "", "", "", "")
    assert [len(axis(range(1, n + 1))) for n in (0, 8, 60)] == [8, 8, 60]


@pytest.mark.parametrize("n", [11, 30, 50, 60])
def test_a_long_axis_names_at_most_ten_and_always_the_last(n: int) -> None:
    named = [one for one in axis(range(1, n + 1)) if one]
    assert (len(named) <= 10, named[-1]) == (True, str(n))
