"""Receiving: what the receiver says came of an introduction, and thanks for it."""

from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Introduction, News
from circle.rules.errors import BadText, StalePage
from circle.rules.names import clean_text
from circle.rules.states import NewsKind, Outcome
from circle.services.giving import standing
from circle.services.post import news
from circle.services.work import lock_circle, writing

THANKS_LIMIT = NOTE_LIMIT = 500


def answer(person_id: int, ref: str, outcome: Outcome, now: datetime, *, note: str | None = None) -> None:
    """Say what came of an introduction, with a note to the giver alone; None leaves the note as it is.

    It may be changed at any time. Raise BadText, or StalePage once withdrawn.
    """
    words = None if note is None else cleaned_note(note)
    with writing():
        introduction = _for_me(person_id, ref)
        words = introduction.outcome_note if words is None else words
        if (introduction.outcome, introduction.outcome_note) == (outcome, words):
            return
        introduction.outcome, introduction.outcome_at = outcome, now
        introduction.outcome_note = words
        news.stop_asking(introduction.id)
        _tell_giver(introduction, NewsKind.ANSWERED, now)


def thank(person_id: int, ref: str, text: str, shared: bool, now: datetime) -> None:
    """Say thanks to the giver alone, or to the circle too; raise BadText, or StalePage once withdrawn."""
    words = _words(text)
    with writing():
        introduction = _for_me(person_id, ref)
        introduction.thanks_shared = shared
        if introduction.thanks == words:
            return
        introduction.thanks, introduction.thanks_at = words, now
        _tell_giver(introduction, NewsKind.THANKED, now)


def cleaned_note(text: str) -> str:
    """Return a note that only the two ends of an introduction see; raise BadText beside its field."""
    try:
        return clean_text(text, NOTE_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="note") from None


def _words(text: str) -> str:
    try:
        words = clean_text(text, THANKS_LIMIT)
    except BadText as refusal:
        raise BadText(refusal.sentence, field="text") from None
    if not words.strip():
        raise BadText("Write a word or two first. Even a short thank-you is nice to read.", field="text")
    return words


def _for_me(person_id: int, ref: str) -> Introduction:
    found = select(Introduction).where(Introduction.public_id == ref, Introduction.receiver_id == person_id)
    introduction = db.session.scalar(found)
    if introduction is None or introduction.circle_id is None:
        raise StalePage("There is no such introduction for you any more.")
    lock_circle(introduction.circle_id)
    db.session.refresh(introduction)
    if introduction.withdrawn_at is not None:
        raise StalePage("This introduction was withdrawn meanwhile.")
    return introduction


def _tell_giver(introduction: Introduction, kind: NewsKind, now: datetime) -> None:
    circle_id = introduction.circle_id
    untold = select(News.id).where(
        News.introduction_id == introduction.id, News.kind == kind, News.outbox_id.is_(None)
    )
    if db.session.scalar(untold) is not None:
        return
    if circle_id is not None and standing.are_present(circle_id, introduction.giver_id):
        news.tell(introduction.giver_id, kind, circle_id=circle_id, now=now, introduction_id=introduction.id)
