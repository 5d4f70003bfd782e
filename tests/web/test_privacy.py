"""Privacy: what is for two people, or for one, is on no page and in no letter of anybody else."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from circle import clock, worker
from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import OutboxMail
from circle.services.giving import commitments
from circle.services.knowing import imports, keeping
from tests.cast import Cast
from tests.client import Client
from tests.smtp_sink import Sink
from tests.web.acting import Acting

pytestmark = pytest.mark.both_databases

ASKED = "Canary-asked"
"""The contact Ada asks first for Ben: hers alone."""
PASSED = "Canary-line"
"""What Ada tells Cy when there is no fit: for the two of them."""
CONTACT = "Canary-contact"
REASON = "Canary-reason"
THANKS = "Canary-thanks"
"""An introduction Ada made for Dee: for the two of them."""
ALL = (ASKED, PASSED, CONTACT, REASON, THANKS)
MAY_READ = {
    "Ada": {ASKED, PASSED, CONTACT, REASON, THANKS},
    "Ben": set(),
    "Cy": {PASSED},
    "Dee": {CONTACT, REASON, THANKS},
    "Eve": set(),
    "Finn": set(),
}
LINK = re.compile(r'(?:href|src)="(/[^"#]*)')


@pytest.fixture
def act(cast: Cast) -> Acting:
    """A round in which Ada has asked, passed and introduced, and Dee has said thanks."""
    act = Acting(cast)
    ada, dee = act.browser("Ada"), act.browser("Dee")
    ada.submit(act.promise_url("Ben", "asking"), {"contact_name": ASKED})
    ada.submit(act.promise_url("Cy", "no-fit"), {"line": PASSED})
    ada.submit(act.log_url(), act.form("Dee", contact_name=CONTACT, reason=REASON, synergy="team_up"))
    dee.submit(f"/introductions/{act.refs()[0]}/thanks", {"text": THANKS})
    return act


@pytest.mark.parametrize("who", MAY_READ)
def test_the_pages_of_each_hold_only_what_is_theirs(who: str, act: Acting):
    assert read_by(act.browser(who), act.url) == MAY_READ[who]


def test_who_is_not_signed_in_reads_nothing(act: Acting, client: Client):
    assert read_by(client, act.url) == set()


def test_once_the_round_is_closed_its_pages_hold_no_more_than_before(act: Acting):
    act.turn(15)
    for who, may in MAY_READ.items():
        assert read_by(act.browser(who), act.url) <= may


def test_the_letters_of_each_hold_only_what_is_theirs(app: Flask, act: Acting, sink: Sink):
    with app.app_context():
        for days in range(17):
            worker.tick(act.now + timedelta(days=days))
    assert any(CONTACT in mail.text for mail in sink.mails_to("dee@example.org"))
    for mail in sink.mails:
        found = {canary for canary in ALL if canary in mail.text + mail.html}
        assert found <= MAY_READ[mail.recipients[0].partition("@")[0].capitalize()]


def test_once_it_is_told_a_mail_keeps_no_words_of_it(app: Flask, act: Acting, sink: Sink):
    with app.app_context():
        for days in range(17):
            worker.tick(act.now + timedelta(days=days))
        assert not [mail for mail in db.session.scalars(select(OutboxMail)) if mail.wire]


def test_a_contact_asked_and_let_go_is_still_hers_alone(app: Flask, act: Acting):
    with app.app_context():
        ada = act.cast.person("Ada").id
        commitments.reopen(ada, act.stage.id, 1, act.stage.refs["Ben"], clock.now())
    assert read_by(act.browser("Ben"), act.url) == set()


def test_who_has_left_reads_no_page_of_the_circle(act: Acting):
    dee = act.browser("Dee")
    dee.submit(f"{act.url}/leaving")
    assert all(dee.get(f"{act.url}{page}").status_code == 404 for page in ("", "/rounds", "/rounds/1"))


def test_a_stranger_learns_nothing_from_an_address_that_is_right(act: Acting):
    finn = act.browser("Finn")
    for page in ("", "/rounds", "/rounds/1", "/organise", "/leaving"):
        right, wrong = finn.get(f"{act.url}{page}"), finn.get(f"/circles/nosuchcircle{page}")
        assert (right.status_code, words(right.text)) == (wrong.status_code, words(wrong.text))


def test_the_address_of_who_is_not_in_the_circle_is_on_none_of_its_pages(act: Acting):
    act.cast.person("Finn")
    assert "finn@example.org" not in "".join(crawl(act.browser("Eve"), act.url).values())


def words(page: str) -> str:
    """Return a page without its token, which holds the second it was made in."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def read_by(browser: Client, start: str) -> set[str]:
    """Crawl every page this browser can reach and return which canaries were seen."""
    pages = "".join(crawl(browser, start).values())
    return {canary for canary in ALL if canary in pages}


def crawl(browser: Client, start: str) -> dict[str, str]:
    """Follow every link from a page, the front page and the profile; return the pages by address."""
    waiting, seen = [start, "/", "/circles", "/you"], {}
    while waiting:
        address = waiting.pop().replace("&amp;", "&")
        if address in seen or address.startswith(("/static/", "/mailbox", "/patterns")):
            continue
        seen[address] = browser.get(address, follow_redirects=True).text
        waiting += LINK.findall(seen[address])
    assert len(seen) > 3
    return seen


def test_a_draft_is_the_givers_alone(app: Flask, act: Acting, sink: Sink):
    draft = {"contact_name": "Draft-canary"}
    assert act.browser("Ada").submit(act.promise_url("Eve", "draft"), draft).status_code == 303
    for who in ("Ben", "Eve", "Finn"):
        assert "Draft-canary" not in "".join(crawl(act.browser(who), act.url).values())
    with app.app_context():
        for days in range(17):
            worker.tick(act.now + timedelta(days=days))
    told = [mail.recipients for mail in sink.mails if "Draft-canary" in mail.text + mail.html]
    assert told
    assert {who for recipients in told for who in recipients} == {"ada@example.org"}


def test_the_nudge_an_organiser_looks_at_holds_neither_links_nor_contacts_of_the_member(act: Acting):
    ben = act.browser("Ben")
    ben.submit(act.promise_url("Cy", "asking"), {"contact_name": ASKED})
    ben.submit(act.promise_url("Dee", "draft"), {"contact_name": "Draft-canary"})
    page = act.browser("Ada").get(f"{act.url}/nudges/new?for={act.stage.refs['Ben']}").text
    assert "did they answer?" in page
    assert not [words for words in (ASKED, "Draft", "sent it", "/promises/", "/letters/") if words in page]


def test_whom_somebody_knows_is_on_no_page_and_in_no_mail_of_anybody_else(
    app: Flask, act: Acting, sink: Sink
):
    ada = act.cast.person("Ada").id
    # Told so that they fit everybody, and are suggested wherever anybody is.
    told = (
        "Known-canary Lind",
        "Known-canary Bakery",
        "Operations lead, known-canary",
        "Sails, known-canary",
    )
    with app.app_context():
        keeping.add(ada, PersonKnown(*told, "Known-canary fair", "known-canary@x.example"), clock.now())
        kept = imports.bring(ada, "known-canary.csv", b"Name\r\nKnown-canary Tan\r\n", clock.now())
        imports.keep(ada, kept, clock.now())
        imports.bring(ada, "known-canary-2.csv", b"Name\r\nKnown-canary Fox\r\n", clock.now())
    for who in ("Ada", "Ben", "Cy", "Dee", "Eve", "Finn"):
        pages = "".join(crawl(act.browser(who), act.url).values()).casefold()
        assert ("known-canary" in pages) is (who == "Ada")
    with app.app_context():
        for days in range(17):
            worker.tick(act.now + timedelta(days=days))
    told_to = {
        one for mail in sink.mails for one in mail.recipients if "known-canary" in mail.text.casefold()
    }
    assert told_to <= {"ada@example.org"}
