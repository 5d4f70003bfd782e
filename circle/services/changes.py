"""Changes: a line for each thing done in a circle, so that its organisers see what happened lately."""

from datetime import datetime

from circle.extensions import db
from circle.models import Change
from circle.rules.states import ChangeKind


def note(
    circle_id: int,
    kind: ChangeKind,
    now: datetime,
    *,
    by: int | None = None,
    about: int | None = None,
    words: str = "",
) -> None:
    """Write down who did what in a circle, to whom, and about what. Inside a unit of work.

    `by` and `about` are person ids; without `by` it was the rhythm or time.
    """
    db.session.add(
        Change(circle_id=circle_id, at=now, kind=kind.value, by_id=by, about_id=about, words=words[:200])
    )
