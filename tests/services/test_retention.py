"""Retention: what was settled long ago is forgotten in batches, with the news it told; nothing else is."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import News, OutboxMail
from circle.rules.states import MailKind, MailState, NewsKind
from circle.services.post import news, outbox, retention
from circle.services.work import writing
from tests.cast import NOON, Cast

LATER = NOON + timedelta(days=91)


def settled(cast: Cast, count: int = 1, state: MailState = MailState.SENT) -> None:
    ada = cast.person("Ada")
    with writing():
        for number in range(count):
            outbox.queue(MailKind.DAILY, key=f"daily:{number}", now=NOON, person_id=ada.id)
    for _ in range(count):
        mail = outbox.claim(NOON)
        assert mail
        outbox.settle(mail, state, "250 OK", NOON, wire=b"kept in the mailbox")


def mails() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(OutboxMail.id))) or 0


@pytest.mark.parametrize("state", retention.SETTLED)
def test_a_settled_mail_is_forgotten_after_90_days(context: Flask, cast: Cast, state: MailState):
    settled(cast, state=state)
    assert (retention.forget_settled(LATER), mails()) == (1, 0)


def test_before_that_it_is_kept(context: Flask, cast: Cast):
    settled(cast)
    assert (retention.forget_settled(NOON + timedelta(days=90)), mails()) == (0, 1)


def test_a_mail_that_still_waits_is_never_forgotten(context: Flask, cast: Cast):
    with writing():
        outbox.queue(MailKind.INVITATION, key="one", now=NOON)
    assert (retention.forget_settled(LATER), mails()) == (0, 1)


def test_a_pass_forgets_one_batch(context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    settled(cast, count=3)
    assert [retention.forget_settled(LATER) for _ in range(3)] == [2, 1, 0]


def test_what_a_forgotten_letter_told_is_not_told_again(context: Flask, cast: Cast):
    ada, stage = cast.person("Ada"), cast.circle("Ben")
    settled(cast)
    with writing() as session:
        news.tell(ada.id, NewsKind.INTRODUCED, circle_id=stage.id, now=NOON)
        mail_id = session.scalars(select(OutboxMail.id)).one()
        news.put_into(mail_id, ada.id, NOON)
    retention.forget_settled(LATER)
    assert db.session.scalars(select(News)).all() == []
