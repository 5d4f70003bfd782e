"""Telling: what the receiver of an introduction reads of it in their letters; inside a unit of work."""

from datetime import datetime, timedelta

from circle.models import Introduction
from circle.rules.states import NewsKind
from circle.services.giving import standing
from circle.services.post import news

ASK_AFTER = timedelta(days=7)
"""When the receiver is asked how it went."""


def tell_of(introduction: Introduction, now: datetime) -> None:
    """Tell the receiver of a new introduction, and ask a week later how it went."""
    tell_receiver(introduction, NewsKind.INTRODUCED, now)
    tell_receiver(introduction, NewsKind.HOW_DID_IT_GO, now, now + ASK_AFTER)


def tell_receiver(
    introduction: Introduction, kind: NewsKind, now: datetime, tell_from: datetime | None = None
) -> None:
    """Put one thing about an introduction into its receiver's letters, if there is one who sits there."""
    circle_id, receiver_id = introduction.circle_id, introduction.receiver_id
    if circle_id is None or receiver_id is None:
        return
    if standing.are_present(circle_id, receiver_id):
        news.tell(
            receiver_id,
            kind,
            circle_id=circle_id,
            introduction_id=introduction.id,
            now=now,
            tell_from=tell_from,
        )
