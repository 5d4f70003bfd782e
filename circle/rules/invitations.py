"""An invitation's life: pending for 14 days, then used, declined, withdrawn or run out."""

from datetime import datetime, timedelta

from circle.rules.states import Worded

LIFE = timedelta(days=14)
MAILS_A_DAY = 12


class InvitationState(Worded):
    """Where an invitation stands."""

    PENDING = "pending", "waiting for an answer"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "withdrawn"
    EXPIRED = "expired", "run out"


TITLES = {
    InvitationState.ACCEPTED: "This invitation has been used",
    InvitationState.DECLINED: "This invitation was declined",
    InvitationState.WITHDRAWN: "This invitation was withdrawn",
    InvitationState.EXPIRED: "This invitation has run out",
}


def state_of(
    accepted_at: datetime | None,
    declined_at: datetime | None,
    withdrawn_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> InvitationState:
    """Say where an invitation stands; what somebody did counts before what time did."""
    if accepted_at:
        return InvitationState.ACCEPTED
    if declined_at:
        return InvitationState.DECLINED
    if withdrawn_at:
        return InvitationState.WITHDRAWN
    return InvitationState.PENDING if now < expires_at else InvitationState.EXPIRED


def why_ended(state: InvitationState, inviter: str) -> str:
    """Say in one or two sentences why an invitation no longer opens a circle, and what to do."""
    ask = inviter or "the person who invited you"
    return {
        InvitationState.PENDING: "This invitation is still open.",
        InvitationState.ACCEPTED: f"It let one person in. If that was you, sign in. If not, ask {ask}.",
        InvitationState.DECLINED: f"Nothing more will come. Should you think again, ask {ask} for a new one.",
        InvitationState.WITHDRAWN: f"Its seat is free for somebody else. If that surprises you, ask {ask}.",
        InvitationState.EXPIRED: f"An invitation holds a seat for 14 days. Ask {ask} for a new one.",
    }[state]
