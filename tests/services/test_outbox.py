"""The outbox: each mail is queued once, claimed by one, retried in time and settled for good."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from circle.extensions import db
from circle.models import OutboxMail, Site
from circle.rules.states import MailKind, MailState
from circle.services.post import outbox
from circle.services.post.claims import Claimed, ClaimLost
from circle.services.work import writing
from tests.cast import NOON, Cast
from tests.services.at_once import at_once

MINUTE = timedelta(minutes=1)


def queue(person_id: int, key: str = "daily:1", kind: MailKind = MailKind.DAILY) -> bool:
    with writing():
        return outbox.queue(kind, key=key, now=NOON, person_id=person_id)


def row() -> OutboxMail:
    db.session.rollback()
    return db.session.scalars(select(OutboxMail)).one()


def claimed() -> Claimed:
    mail = outbox.claim(NOON)
    assert mail is not None
    return mail


def test_a_key_queues_one_mail_only(context: Flask, cast: Cast):
    ada = cast.person("Ada")
    assert [queue(ada.id), queue(ada.id)] == [True, False]


def test_a_claimed_mail_is_claimed_by_nobody_else(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    assert outbox.claim(NOON)
    assert outbox.claim(NOON) is None


def test_a_claim_ends_with_its_lease(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    first = claimed()
    second = outbox.claim(NOON + outbox.LEASE)
    assert second
    assert second.claim != first.claim


def test_who_lost_the_lease_cannot_start(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    first = claimed()
    outbox.claim(NOON + outbox.LEASE)
    with pytest.raises(ClaimLost):
        outbox.start(first, b"bytes", "ada@example.org", NOON)


def test_starting_keeps_the_bytes(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    outbox.start(claimed(), b"bytes", "ada@example.org", NOON)
    assert (row().state, row().wire) == (MailState.STARTED, b"bytes")


def test_a_mail_with_a_secret_keeps_no_bytes(context: Flask, cast: Cast):
    queue(cast.person("Ada").id, kind=MailKind.SIGN_IN)
    outbox.start(claimed(), b"secret", "ada@example.org", NOON)
    assert row().wire is None


def test_a_settled_mail_forgets_its_bytes(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    mail = claimed()
    outbox.start(mail, b"bytes", "ada@example.org", NOON)
    outbox.settle(mail, MailState.SENT, "250 OK", NOON)
    assert (row().state, row().wire, row().try_at) == (MailState.SENT, None, None)


def test_a_mail_put_off_waits_before_its_next_try(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    outbox.put_off(claimed(), "451 later", NOON)
    assert outbox.claim(NOON) is None
    assert outbox.claim(NOON + 2 * MINUTE)


def test_each_wait_is_longer_than_the_one_before(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    waits, now = [], NOON
    for _ in range(4):
        mail = outbox.claim(now)
        assert mail
        outbox.put_off(mail, "451 later", now)
        again = row().try_at
        assert again
        waits.append(again - now)
        now = again
    assert waits == sorted(waits)


def test_a_mail_expires_when_its_next_try_would_be_too_late(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    late = NOON + timedelta(hours=23, minutes=59, seconds=50)
    mail = outbox.claim(late)
    assert mail
    outbox.put_off(mail, "451 later", late)
    assert row().state is MailState.EXPIRED


def test_a_mail_nobody_tried_in_time_expires(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    assert outbox.sweep(NOON + timedelta(hours=25)) == 1
    assert row().state is MailState.EXPIRED


def test_a_reminder_cut_off_while_being_sent_is_not_repeated(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    outbox.start(claimed(), b"bytes", "ada@example.org", NOON)
    later = NOON + outbox.LEASE
    assert outbox.claim(later) is None
    outbox.sweep(later)
    assert (row().state, row().words) == (MailState.UNKNOWN, outbox.MAY_NOT_HAVE_ARRIVED)


def test_a_reminder_cut_off_before_it_was_sent_is_sent(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    claimed()
    outbox.sweep(NOON + outbox.LEASE)
    assert outbox.claim(NOON + outbox.LEASE)


def test_another_letter_cut_off_is_sent_again_with_the_same_bytes(context: Flask, cast: Cast):
    queue(cast.person("Ada").id, kind=MailKind.RECAP)
    outbox.start(claimed(), b"bytes", "ada@example.org", NOON)
    again = outbox.claim(NOON + outbox.LEASE)
    assert again
    assert (again.wire, again.recipient) == (b"bytes", "ada@example.org")


def test_a_wrong_setting_holds_all_mail_back(context: Flask, cast: Cast):
    ada = cast.person("Ada")
    queue(ada.id, "daily:1")
    queue(ada.id, "daily:2")
    outbox.hold_back(claimed(), "535 wrong password", NOON)
    assert outbox.claim(NOON + MINUTE) is None


def test_while_held_back_one_mail_is_tried_every_five_minutes(context: Flask, cast: Cast):
    ada = cast.person("Ada")
    queue(ada.id, "daily:1")
    queue(ada.id, "daily:2")
    outbox.hold_back(claimed(), "535 wrong password", NOON)
    later = NOON + 5 * MINUTE
    assert [outbox.claim(later) is not None, outbox.claim(later) is not None] == [True, False]


def test_a_mail_that_goes_through_lets_the_others_go(context: Flask, cast: Cast):
    ada = cast.person("Ada")
    queue(ada.id, "daily:1")
    queue(ada.id, "daily:2")
    outbox.hold_back(claimed(), "535 wrong password", NOON)
    later = NOON + 5 * MINUTE
    mail = outbox.claim(later)
    assert mail
    outbox.settle(mail, MailState.SENT, "250 OK", later)
    assert outbox.claim(later)


def test_the_reason_for_holding_back_is_kept_for_the_operator(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    outbox.hold_back(claimed(), "535 wrong password", NOON)
    db.session.rollback()
    assert db.session.get_one(Site, 1).mail_paused_why == "535 wrong password"


def test_a_mail_given_back_is_free_at_once(context: Flask, cast: Cast):
    queue(cast.person("Ada").id)
    outbox.give_back(claimed())
    again = outbox.claim(NOON)
    assert again
    assert again.attempts == 1


def test_of_four_workers_one_gets_the_mail(app: Flask, cast: Cast):
    ada = cast.person("Ada")
    with app.app_context():
        queue(ada.id)
    got: list[Claimed | None] = []
    at_once(app, *[lambda: got.append(outbox.claim(NOON))] * 4)
    assert sum(mail is not None for mail in got) == 1
