"""What many rounds show together, in words and counts."""

from collections import Counter

import pytest

from circle.rules.across import kept_words, kinds, led_on_words, own_words, spans, time_words
from circle.rules.states import Outcome, Synergy

CLIENTS, TEAM = Synergy.SAME_CLIENTS, Synergy.TEAM_UP


def test_a_kind_counts_what_was_met_and_what_led_on_together():
    (kind,) = kinds([(TEAM, Outcome.MET, 3), (TEAM, Outcome.LED_ON, 2), (TEAM, None, 4)])
    assert (kind.met, kind.arrived, kind.made) == (5, 5, 9)


def test_what_did_not_arrive_is_no_answer_about_a_reason():
    (kind,) = kinds([(TEAM, Outcome.NOT_RECEIVED, 2), (TEAM, None, 1)])
    assert (kind.arrived, kind.not_received, kind.unanswered, kind.made) == (0, 2, 1, 3)


def test_what_did_not_arrive_is_said_beside_what_did():
    rows = kinds([(TEAM, Outcome.MET, 1), (TEAM, Outcome.NOT_RECEIVED, 2)])
    assert led_on_words(rows) == (
        "1 of 1 introductions that arrived and were answered led to a meeting or more. 2 more did not arrive."
    )
    assert rows[0].led_nowhere == 2


def test_kinds_stand_in_their_own_order_without_those_never_used():
    labels = [one.label for one in kinds([(None, None, 1), (TEAM, None, 9), (CLIENTS, None, 2)])]
    assert labels == ["Same clients", "Could team up", "No reason given"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "Nobody has said yet what came of an introduction."),
        ([(TEAM, None, 9)], "Nobody has said yet what came of an introduction."),
        (
            [(TEAM, Outcome.MET, 4)],
            "4 of 4 introductions that arrived and were answered led to a meeting or more.",
        ),
        (
            [(TEAM, Outcome.MET, 5), (CLIENTS, Outcome.NOT_A_FIT, 4)],
            "5 of 9 introductions that arrived and were answered led to a meeting or more.",
        ),
        (
            [(TEAM, Outcome.MET, 5), (CLIENTS, Outcome.IN_TOUCH, 4), (CLIENTS, Outcome.LED_ON, 1)],
            "6 of 10 introductions that arrived and were answered led to a meeting or more; "
            "most often for “Could team up”: 5 of 5.",
        ),
        (
            [(TEAM, Outcome.MET, 5), (CLIENTS, Outcome.MET, 5)],
            "10 of 10 introductions that arrived and were answered led to a meeting or more.",
        ),
    ],
)
def test_a_reason_is_named_only_where_answers_tell_it_apart(rows, words):
    assert led_on_words(kinds(rows)) == words


def test_days_are_counted_up_to_the_last_stretch_used():
    counted = spans(Counter({-3: 1, 0: 1, 1: 2, 7: 3, 8: 1}))
    assert [(one.label, one.count) for one in counted] == [
        ("By the opening day", 2),
        ("Days 1 to 3", 2),
        ("Days 4 to 7", 3),
        ("Second week", 1),
    ]


def test_what_came_after_four_weeks_is_later():
    assert [one.count for one in spans(Counter({29: 2, 200: 1}))] == [0, 0, 0, 0, 0, 0, 3]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, "No introduction is made yet."),
        ({0: 2, 5: 1}, "Half of all introductions are made by the opening day."),
        ({1: 1, 3: 1}, "Half of all introductions are made within one day of the opening."),
        ({2: 1, 9: 2, 20: 1}, "Half of all introductions are made within nine days of the opening."),
    ],
)
def test_half_of_them_are_made_by_a_day(days, words):
    assert time_words(Counter(days)) == words


def test_kept_promises_are_said_with_the_late_ones_and_the_open_round():
    assert (kept_words(103, 1, 120, 4, 4)) == (
        "103 of 120 promises kept so far in four rounds, one of them after the due day. "
        "Round 4 is still open."
    )
    assert kept_words(30, 0, 30, 1, None) == "30 of 30 promises kept in one round."


def test_who_was_in_no_round_is_told_so():
    assert own_words((0, 0), (0, 0)) == "You have not been in a round yet."
    assert own_words((3, 5), (4, 5)) == "You made 3 of 5, and 4 of 5 were made for you."
