"""Links in mails are safe to open by scanners: HEAD and GET, twice, without cookies, change no row."""

import re
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from circle import clock, worker
from circle.extensions import db
from circle.formats.addresses import Address
from circle.models import OutboxMail
from circle.rules.limits import Limits
from circle.rules.recurrence import Occurrence
from circle.rules.states import MailKind, MailState, Purpose
from circle.services.door import proofs, sign_in
from circle.services.door.proofs import Asked
from circle.services.farewell import erasure
from circle.services.giving import commitments, drafts, introductions
from circle.services.giving.introductions import Logging
from circle.services.membership import handing_over, invitations, memberships
from circle.services.post import nudges
from circle.services.rounds import by_hand, holding
from circle.services.work import lock_circle, writing
from tests.cast import Cast, Stage
from tests.smtp_sink import ReceivedMail, Sink
from tests.snapshot import rows

LINK = re.compile(r"https?://[^\s\"'<>]+")
LIMITS = Limits(3, 6)


def test_no_link_in_any_mail_changes_a_row_when_a_scanner_opens_it(app, cast, sink):
    now = clock.now()
    stage = letters_of_a_round(app, cast, now)
    while_it_runs = open_every_link(app, cast, sink)
    assert len(while_it_runs) >= 30
    assert {status for seen in while_it_runs.values() for status in seen} <= {200, 302}
    assert {"promises", "introduced"} <= {urlsplit(link).path.split("/")[1] for link in while_it_runs}
    letters_after_it(app, cast, stage, now)
    long_after = open_every_link(app, cast, sink)
    assert len(long_after) > len(while_it_runs)
    assert {status for seen in long_after.values() for status in seen} <= {200, 302, 410}


def open_every_link(app: Flask, cast: Cast, sink: Sink) -> dict[str, list[int]]:
    """Open each link of each mail as a scanner does; no row may change. Return the statuses."""
    found = sorted(set().union(*(links(mail) for mail in sink.mails)))
    before = rows(app)
    statuses = {link: open_twice(cast, link) for link in found}
    assert rows(app) == before
    return statuses


def links(mail: ReceivedMail) -> set[str]:
    """Return every link of a mail: in its text, its HTML and its headers."""
    header = str(mail.message.get("List-Unsubscribe", ""))
    return {link.replace("&amp;", "&") for link in LINK.findall(f"{mail.text} {mail.html} {header}")}


def open_twice(cast: Cast, link: str) -> list[int]:
    """Fetch a link as a scanner does and return the statuses."""
    client = cast.client()
    path = urlsplit(link)._replace(scheme="", netloc="").geturl()
    found = []
    for fetch in (client.head, client.get) * 2:
        client.delete_cookie("circle", domain="localhost")
        with fetch(path) as answer:
            found.append(answer.status_code)
    return found


def letters_of_a_round(app: Flask, cast: Cast, now: datetime) -> Stage:
    """Let a circle live in its first round, with all its letters."""
    stage = cast.circle("Ben", "Cy")
    ada, ben, cy = (cast.person(name) for name in ("Ada", "Ben", "Cy"))
    with app.app_context():
        sign_in.request(ada.email, binding="b", origin="o", next_url="", may_join=False, now=now)
        with writing():
            proofs.ask(Asked(Purpose.NEW_ADDRESS, "new@example.org", "b", "o", "", ada.id), now)
        invitations.invite(stage.id, ada.id, [Address("Gil", "gil@example.org")], LIMITS, now)
        by_hand.open_now(stage.id, ada.id, (now + timedelta(days=14)).date(), time(17), now, limits=LIMITS)
        worker.tick(now)
        log(stage, ben.id, "Cy", now)
        commitments.pass_on(ben.id, stage.id, 1, stage.refs["Ada"], "No baker yet.", now)
        commitments.ask(ada.id, stage.id, 1, stage.refs["Cy"], "Rosa Lind", now)
        drafts.write(ada.id, stage.id, 1, stage.refs["Ben"], "Idris Bello", None, now)
        nudges.nudge(stage.id, ada.id, [cy.id], "We meet on Thursday.", now)
        worker.tick(now)
        for days in range(1, 4):
            worker.tick(now + timedelta(days=days))
        for giver, receiver in ((ada, "Ben"), (ada, "Cy"), (cy, "Ada"), (cy, "Ben")):
            log(stage, giver.id, receiver, now)
        worker.tick(now + timedelta(minutes=1))
        worker.tick(now + timedelta(days=15))
    return stage


def letters_after_it(app: Flask, cast: Cast, stage: Stage, now: datetime) -> None:
    """Let two months go by, until each kind of mail has been sent."""
    later = now + timedelta(days=61)
    with app.app_context():
        with writing():
            local = later.replace(tzinfo=None)
            holding.hold(lock_circle(stage.id), Occurrence(local, later, local, later), later)
        handing_over.take_over(stage.id, cast.person("Ben").id, later)
        memberships.leave(stage.id, cast.person("Cy").id, later)
        erasure.ask(cast.person("Cy").id, later, later)
        worker.tick(later)
        sent = db.session.scalars(select(OutboxMail.kind).where(OutboxMail.state == MailState.SENT))
        assert set(sent) == {kind.key for kind in MailKind}


def log(stage: Stage, giver_id: int, receiver: str, now: datetime) -> None:
    """Log one introduction made today."""
    made = Logging(contact_name="Idris Bello", made_on=now.date(), receiver_refs=(stage.refs[receiver],))
    introductions.log(giver_id, stage.id, 1, made, now)
