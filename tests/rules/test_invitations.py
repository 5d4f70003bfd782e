"""Invitations: where one stands, and the words for it."""

from datetime import UTC, datetime, timedelta

import pytest

from circle.rules.invitations import LIFE, TITLES, InvitationState, state_of, why_ended

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_an_invitation_is_open_until_its_last_moment():
    assert (
        state_of(None, None, None, NOON + LIFE, NOON + LIFE - timedelta(seconds=1)) is InvitationState.PENDING
    )


def test_an_invitation_runs_out_after_fourteen_days():
    assert state_of(None, None, None, NOON + timedelta(days=14), NOON + LIFE) is InvitationState.EXPIRED


def test_a_used_invitation_stays_used_when_its_time_is_over():
    assert state_of(NOON, None, None, NOON, NOON) is InvitationState.ACCEPTED


def test_a_declined_invitation_says_so():
    assert state_of(None, NOON, None, NOON + LIFE, NOON) is InvitationState.DECLINED


def test_a_withdrawn_invitation_says_so():
    assert state_of(None, None, NOON, NOON + LIFE, NOON) is InvitationState.WITHDRAWN


@pytest.mark.parametrize("state", list(TITLES))
def test_every_ending_names_the_one_to_ask(state: InvitationState):
    assert "Ada" in why_ended(state, "Ada")
