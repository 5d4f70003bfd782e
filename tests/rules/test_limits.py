"""Limits: seats and who may start."""

import pytest

from circle.rules.errors import CircleIsFull
from circle.rules.limits import Limits, free_seat, may_start, refuse_when_full

SIX = Limits(5, 6)


def test_a_seat_left_by_somebody_is_the_next_to_be_taken():
    assert free_seat({1, 2, 4, 5, 6}, SIX) == 3


def test_a_seventh_seat_is_refused_with_the_reason():
    with pytest.raises(CircleIsFull) as refused:
        free_seat({1, 2, 3, 4, 5, 6}, SIX)
    assert refused.value.sentence.startswith("All six seats are taken.")


def test_a_seat_held_by_an_invitation_is_not_free():
    with pytest.raises(CircleIsFull) as refused:
        refuse_when_full(4, 2, SIX)
    assert "four are taken and two are held by open invitations" in refused.value.sentence


def test_one_free_seat_is_enough():
    refuse_when_full(4, 1, SIX)


@pytest.mark.parametrize(
    ("who", "email", "member", "may"),
    [
        ("anyone", "finn@example.org", False, True),
        ("members", "finn@example.org", False, False),
        ("members", "ada@example.org", True, True),
        ("ada@example.org, Ben@Example.org", "ben@example.org", False, True),
        ("ada@example.org", "finn@example.org", True, False),
        ("", "finn@example.org", True, False),
    ],
)
def test_the_setting_says_who_may_start_a_circle(who: str, email: str, member: bool, may: bool):
    assert may_start(who, email, member=member) is may
