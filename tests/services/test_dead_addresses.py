"""Dead addresses: mail that came back stops the letters, organisers know, and it can be mended."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from circle import worker
from circle.extensions import db
from circle.models import Membership, News, Person
from circle.rules.states import MailKind, MailState, NewsKind, Role
from circle.services.door import sign_in
from circle.services.membership import handing_on, organise_page
from circle.services.post import dead_addresses, outbox
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Actor, Cast, Stage
from tests.scripted_server import ScriptedServer
from tests.services.at_once import at_once
from tests.story import A_WEEK_BEFORE, Story

LONG_AFTER = NOON + timedelta(days=14)


@pytest.fixture
def told(cast: Cast) -> Story:
    """Ada's circle with Ben and Cy, in a round of which they have been told."""
    return story.begin(cast, "Ben", "Cy")


def refuse(app: Flask, told: Story, first: str, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Let the mail server refuse a letter that tells somebody the round has opened."""
    about = {"person_id": told.id(first), "circle_id": told.stage.id, "round_id": told.round_id()}
    with app.app_context(), writing():
        outbox.queue(MailKind.ROUND_OPENED, key="the one", now=NOON, **about)
    with ScriptedServer(rcpt=answer) as server, monkeypatch.context() as there, app.app_context():
        there.setattr(app.extensions["mail"], "port", server.port)
        worker.tick(NOON)


def mark(app: Flask, actor: Actor) -> None:
    """Let mail to somebody come back."""
    with app.app_context(), writing():
        dead_addresses.note(actor.email, "550 nobody", NOON)


def refused_at(app: Flask, actor: Actor) -> datetime | None:
    with app.app_context():
        return db.session.get_one(Person, actor.id).mail_refused_at


def news_of(app: Flask, actor: Actor) -> list[tuple[NewsKind, int | None]]:
    with app.app_context():
        told_next = News.person_id == actor.id, News.tell_from == News.created_at
        found = select(News.kind, News.about_id).where(*told_next)
        return [(kind, about) for kind, about in db.session.execute(found)]


def organisers(app: Flask, stage: Stage) -> set[str]:
    with app.app_context():
        found = (
            select(Person.name)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.circle_id == stage.id, Membership.role == Role.ORGANISER)
        )
        return set(db.session.scalars(found))


def test_a_recipient_refused_for_good_is_remembered(app, told, monkeypatch):
    refuse(app, told, "Ben", monkeypatch, "550 5.1.1 nobody here")
    with app.app_context():
        ben = db.session.get_one(Person, told.id("Ben"))
        assert (ben.mail_refused_at, "nobody here" in ben.mail_refused_words) == (NOON, True)


@pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "550 5.7.1 not from you", "552 5.2.2 full"])
def test_an_address_that_is_not_dead_stays_as_it_is(app, told, monkeypatch, answer):
    refuse(app, told, "Ben", monkeypatch, answer)
    assert refused_at(app, told.people["Ben"]) is None


def test_the_organiser_is_told_once_whom_it_is_about(app, told, monkeypatch):
    refuse(app, told, "Ben", monkeypatch, "550 5.1.1 nobody here")
    mark(app, told.people["Ben"])
    assert news_of(app, told.people["Ada"]) == [(NewsKind.UNDELIVERABLE, told.id("Ben"))]


def test_no_letter_goes_to_a_dead_address(app, told, sink):
    mark(app, told.people["Ben"])
    with app.app_context():
        worker.tick(A_WEEK_BEFORE)
    assert sink.mails_to("ben@example.org") == []
    assert len(sink.mails_to("cy@example.org")) == 1


def test_what_waits_in_the_outbox_for_a_dead_address_is_dropped(app, cast, sink):
    round_ = story.begin(cast, "Ben", "Cy", told=False)
    mark(app, round_.people["Ben"])
    with app.app_context():
        worker.tick(NOON)
    [mail] = [mail for mail in story.mails(app) if mail.person_id == round_.id("Ben")]
    assert (mail.state, mail.words) == (MailState.DROPPED, "Mail to this address came back.")


def test_sign_in_mails_go_to_a_dead_address_and_mend_nothing(app, told, sink):
    ben = told.people["Ben"]
    mark(app, ben)
    with app.app_context():
        sign_in.request(ben.email, binding="b", origin="o", next_url="", may_join=False, now=NOON)
        worker.tick(NOON)
    assert len(sink.mails_to("ben@example.org")) == 1
    assert refused_at(app, ben) == NOON


def test_to_try_again_lets_letters_go_and_takes_the_news_back(app, told, sink):
    mark(app, told.people["Ben"])
    with app.app_context():
        dead_addresses.try_again(told.id("Ben"))
        worker.tick(A_WEEK_BEFORE)
    assert len(sink.mails_to("ben@example.org")) == 1
    assert news_of(app, told.people["Ada"]) == []


def test_a_letter_that_was_accepted_after_all_mends_the_address(app, told, sink):
    about = {"person_id": told.id("Ben"), "circle_id": told.stage.id, "round_id": told.round_id()}
    with app.app_context():
        with writing():
            outbox.queue(MailKind.ROUND_OPENED, key="on its way", now=NOON, **about)
        mail = outbox.claim(NOON)
        assert mail
        mark(app, told.people["Ben"])
        outbox.settle(mail, MailState.SENT, "250 OK", NOON)
    assert refused_at(app, told.people["Ben"]) is None


def test_the_organise_page_says_whose_mail_comes_back(app, told):
    mark(app, told.people["Ben"])
    with app.app_context():
        rows = organise_page.read(told.stage.id, "Europe/London", NOON).members
    assert [row.name for row in rows if row.mail_comes_back] == ["Ben Katz"]


def test_after_two_weeks_the_member_there_longest_organises_too(app, told, sink):
    story.change(app, told.people["Ada"], mail_refused_at=NOON)
    with app.app_context():
        worker.tick(LONG_AFTER)
    assert organisers(app, told.stage) == {"Ada Obi", "Ben Katz"}
    [to_ben] = [mail for mail in sink.mails_to("ben@example.org") if "organise" in mail.message["Subject"]]
    [to_cy] = [mail for mail in sink.mails_to("cy@example.org") if "took on" in mail.message["Subject"]]
    assert "Mail to Ada Obi comes back" in " ".join(to_ben.text.split())
    assert "because mail to Ada Obi comes back" in " ".join(to_cy.text.split())


def test_before_two_weeks_are_over_nothing_is_handed_on(app, told):
    story.change(app, told.people["Ada"], mail_refused_at=NOON)
    with app.app_context():
        assert handing_on.circles_out_of_reach(LONG_AFTER - timedelta(seconds=1)) == []


def test_while_another_organiser_can_be_reached_nothing_is_handed_on(app, told):
    story.change(app, told.people["Ada"], mail_refused_at=NOON)
    with app.app_context():
        with writing() as session:
            session.query(Membership).filter_by(person_id=told.id("Cy")).one().role = Role.ORGANISER
        assert handing_on.circles_out_of_reach(LONG_AFTER) == []


def test_the_job_goes_to_nobody_who_is_out_of_reach_too(app, told):
    for first in ("Ada", "Ben"):
        story.change(app, told.people[first], mail_refused_at=NOON)
    with app.app_context():
        handing_on.hand_on(told.stage.id, LONG_AFTER)
    assert organisers(app, told.stage) == {"Ada Obi", "Cy Marsh"}


def test_two_passes_hand_the_job_on_once(app, told):
    story.change(app, told.people["Ada"], mail_refused_at=NOON)
    at_once(app, *[lambda: handing_on.hand_on(told.stage.id, LONG_AFTER)] * 3)
    assert organisers(app, told.stage) == {"Ada Obi", "Ben Katz"}


def test_two_addresses_refused_at_one_moment_do_not_wait_for_each_other(app, told):
    with app.app_context(), writing() as session:
        session.query(Membership).filter_by(person_id=told.id("Ben")).one().role = Role.ORGANISER
    ada, ben = told.people["Ada"], told.people["Ben"]
    assert at_once(app, *[lambda: mark(app, ada), lambda: mark(app, ben)] * 2) == [None] * 4
