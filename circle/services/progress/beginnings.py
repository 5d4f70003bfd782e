"""Beginnings: what a circle sees before its first round, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from circle.extensions import db
from circle.models import Invitation
from circle.models.base import as_row
from circle.rules.limits import Limits
from circle.rules.wording import count_word
from circle.services.membership.seats import pending
from circle.services.progress.boards import Someone

_invitation = as_row(Invitation)


class Step(StrEnum):
    """What an organiser does next."""

    INVITE = "invite"
    OPEN = "open"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who has joined, who is invited, what is missing, what comes next."""

    heading: str
    lede: str
    step: Step
    members: tuple[Someone, ...]
    invited: tuple[str, ...]
    empty_seats: int

    def at_rest(self) -> "Beginning":
        """Return it as an archived circle shows it: who was here, and nothing of what would come next."""
        return replace(
            self,
            heading="This circle rests",
            lede="It was archived before its first round.",
            step=Step.WAIT,
            invited=(),
            empty_seats=0,
        )


def read(circle_id: int, members: Sequence[Someone], opens: str, limits: Limits, now: datetime) -> Beginning:
    """Read what a circle without a round shows; `opens` says when its rhythm opens the first one, if ever."""
    invited = _invited(circle_id, now)
    missing = max(0, limits.min_members - len(members))
    return Beginning(
        _heading(len(members), missing, limits, opens),
        _lede(missing, len(invited), limits, opens),
        _step(missing, len(invited), opens),
        tuple(members),
        invited,
        max(0, limits.max_members - len(members) - len(invited)),
    )


def _invited(circle_id: int, now: datetime) -> tuple[str, ...]:
    found = (
        select(_invitation.c.name, _invitation.c.email)
        .where(_invitation.c.circle_id == circle_id, *pending(now))
        .order_by(_invitation.c.id)
    )
    rows = db.session.connection().execute(found).all()
    return tuple(name or email or "Somebody with a link" for name, email in rows)


def _heading(joined: int, missing: int, limits: Limits, opens: str) -> str:
    if missing:
        return f"{count_word(joined)} of {count_word(limits.min_members)} are here".capitalize()
    return f"The first round opens {opens}" if opens else "Ready for the first round"


def _lede(missing: int, invited: int, limits: Limits, opens: str) -> str:
    if not missing:
        return (
            "Then each of you promises one introduction for each other member. "
            "Until then, think whom you could put together."
        )
    waiting = f", and {count_word(invited)} invited" if invited else ""
    first = f"The first round can open when {count_word(limits.min_members)} have joined"
    planned = f" It is planned for {opens}." if opens else ""
    return f"{first}: {count_word(missing)} to go{waiting}.{planned}"


def _step(missing: int, invited: int, opens: str) -> Step:
    if missing > invited:
        return Step.INVITE
    return Step.WAIT if missing or opens else Step.OPEN
