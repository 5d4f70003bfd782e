"""Privacy: a canary in every private field of one person; whatever others can reach is read for it.

Ben is that person. Ada organises, Cy receives what Ben made, Dee and Gil are fellow members, Eve was passed
and has left the circle, and Finn is a stranger. Who may read which canary stands in MAY_READ.
"""

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from circle import worker
from circle.extensions import db
from circle.models import Contact, Idea, Introduction, Membership, Session
from circle.rules.drafts import Draft
from circle.rules.matching import people
from circle.rules.states import Outcome, SetAside
from circle.services.giving import receiving
from circle.services.knowing import dismissals, imports
from circle.services.meeting import mails, meetings
from circle.services.meeting.meetings import Told
from circle.services.own_record import outside
from circle.services.own_record.outside import OutsideLogging
from circle.services.work import writing
from tests.acquaintances import know
from tests.cast import Cast
from tests.client import Client
from tests.smtp_sink import Sink
from tests.snapshot import rows
from tests.web.acting import Acting

pytestmark = pytest.mark.both_databases

BEN = frozenset({"Ben"})
CY_TOO = frozenset({"Ben", "Cy"})

MAY_READ = {
    # Somebody Ben knows, whose note is quoted to him as a reason.
    "Zqname": BEN,
    "Zqfirm": BEN,
    "Zqoffice": BEN,
    "Zqline": BEN,
    "Zqmet": BEN,
    "zqmail": BEN,
    "Zqaside": BEN,
    # Whom he asks first, writes to, and what he writes.
    "Zqasked": BEN,
    "Zqdrafted": BEN,
    "Zqsubject": BEN,
    "Zqtext": BEN,
    # What he thinks about and brings along.
    "Zqidea": BEN,
    "Zqfile": BEN,
    "Zqrow": BEN,
    # Outside rounds: two people he knows.
    "Zqother": BEN,
    "Zqoutside": BEN,
    "Zqwhy": BEN,
    # Outside rounds, for a member whom he still owes one: it is offered to him to be counted.
    "Zqkept": frozenset({"Ben", "Dee"}),
    # After a meeting: whom he met, where, and the mail he writes.
    "Zqguest": BEN,
    "Zqtold": BEN,
    "zqguestmail": BEN,
    "Zqfair": BEN,
    "Zqmailed": BEN,
    # A pass is told to whom it is about.
    "Zqpassed": frozenset({"Ben", "Eve"}),
    # An introduction is for both ends, and so is what came of it.
    "Zqcontact": CY_TOO,
    "Zqreason": CY_TOO,
    "Zqnote": CY_TOO,
    "Zqthanks": CY_TOO,
}
ADDRESS = "ben@example.org"
"""Seen by the members of his circle, by nobody else."""
OTHERS = ("Ada", "Cy", "Dee", "Gil", "Eve", "Finn", None)
LINK = re.compile(r'(?:href|src|action)="(?:http://localhost:\d+)?(/[^"#]*)')
CALENDAR = re.compile(r"/calendar/[\w.-]+\.ics")
DEAD_ENDS = ("/static/", "/mailbox", "/patterns", "/sign-out")


@pytest.fixture
def act(cast: Cast) -> Acting:
    """A round in which Ben has done everything one can do, and Eve has left."""
    act = Acting(cast, opened=False)
    cast.join(act.stage, cast.person("Gil"))
    act.open()
    with act.app.app_context():
        act.stage.refs["Gil"] = _membership_ref(cast.person("Gil").id)
        _know(act)
    _act_as_ben(act)
    with act.app.app_context():
        _keep_the_rest(act)
        db.session.remove()
    act.browser("Eve").submit(f"{act.url}/leaving")
    return act


def test_ben_himself_reads_each_canary_somewhere(act: Acting):
    """Else the crawl looks in the wrong places, and would find nothing anywhere."""
    assert seen_in(crawl(act.browser("Ben"), act.url).values()) == MAY_READ.keys()


@pytest.mark.parametrize("who", OTHERS)
def test_no_page_feed_or_export_tells_others_what_is_bens(act: Acting, who: str | None):
    browser = act.browser(who) if who else act.cast.client()
    pages = crawl(browser, act.url)
    # And what they would get who know the addresses of all that Ben can see.
    for address in crawl(act.browser("Ben"), act.url):
        pages[address] = browser.get(address, follow_redirects=True).text
    assert seen_in(pages.values()) <= {canary for canary, may in MAY_READ.items() if who in may}
    if who in {"Eve", "Finn", None}:
        assert ADDRESS not in "".join(pages.values())


def test_an_organiser_downloads_nothing_of_bens(act: Acting):
    ada = act.browser("Ada")
    ways = ada.get(f"{act.url}/download").text
    files = [ada.get(address).text for address in re.findall(r'href="(/circles/\w+/download/[\w.]+)"', ways)]
    assert len(files) == 6
    # All but the sheet of rounds name him.
    assert sum("Ben Katz" in file for file in files) == 5
    assert not seen_in(files)


def test_ben_downloads_all_that_is_his(act: Acting):
    assert seen_in([act.browser("Ben").get("/you/download/everything.json").text]) == MAY_READ.keys()


@pytest.mark.parametrize("who", [other for other in OTHERS if other])
def test_what_others_download_of_their_own_tells_no_more_than_they_may_read(act: Acting, who: str):
    files = [act.browser(who).get(f"/you/download/{name}").text for name in ("everything.json", "record.csv")]
    may = {canary for canary, readers in MAY_READ.items() if who in readers}
    assert seen_in(files) <= may
    assert who != "Cy" or {"Zqcontact", "Zqreason", "Zqnote", "Zqthanks"} <= seen_in(files)


def test_nothing_of_bens_is_left_in_any_table_when_he_is_erased(app: Flask, act: Acting):
    act.browser("Ben").submit("/you/erasure")
    with app.app_context():
        worker.tick(act.now + timedelta(days=8))
    left = rows(app)
    # What Cy wrote is Cy's.
    assert seen_in([repr(left)]) == {"Zqnote", "Zqthanks"}
    assert not [table for table, found in left.items() if "Ben" in repr(found) or ADDRESS in repr(found)]


def test_nothing_cy_wrote_is_left_when_she_is_erased(app: Flask, act: Acting):
    act.browser("Cy").submit("/you/erasure")
    with app.app_context():
        worker.tick(act.now + timedelta(days=8))
    # The file that Ben brought is let go of after a day, whoever is erased.
    assert seen_in([repr(rows(app))]) == MAY_READ.keys() - {"Zqnote", "Zqthanks", "Zqfile", "Zqrow"}


@pytest.mark.parametrize("who", ["Ada", "Cy", "Dee", "Gil", "Eve", "Finn"])
def test_no_calendar_of_others_holds_what_is_bens(act: Acting, who: str):
    browser = act.browser(who)
    browser.submit("/you/calendar")
    addresses = CALENDAR.findall(browser.get("/you/calendar").text)
    assert addresses
    assert not seen_in(act.cast.client().get(address).text for address in addresses)


def test_no_page_of_others_holds_the_secrets_of_ben(act: Acting):
    ben = act.browser("Ben")
    ben.submit("/you/calendar")
    with act.app.app_context():
        of_ben = select(Session.sid_hash, Session.public_id).where(
            Session.person_id == act.cast.person("Ben").id
        )
        secrets = {value for row in db.session.execute(of_ben) for value in row}
        db.session.remove()
    secrets |= set(CALENDAR.findall(ben.get("/you/calendar").text))
    assert len(secrets) >= 3
    for who in OTHERS:
        pages = "".join(crawl(act.browser(who) if who else act.cast.client(), act.url).values())
        assert not [secret for secret in secrets if secret in pages]


def test_the_nudge_an_organiser_looks_at_tells_nothing_of_bens(act: Acting):
    page = act.browser("Ada").get(f"{act.url}/nudges/new?for={act.stage.refs['Ben']}").text
    assert "Dee Patel" in page
    assert not seen_in([page])


def test_letters_tell_each_what_is_theirs(
    app: Flask, act: Acting, sink: Sink, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    act.browser("Ada").submit(f"{act.url}/nudges", {"for": act.stage.refs["Ben"], "note": "On Thursday."})
    said = []
    with app.app_context():
        for days in range(17):
            said += worker.plan(act.now + timedelta(days=days))
            said += worker.tick(act.now + timedelta(days=days))
        db.session.remove()
    to_ben = seen_in(mail.text + mail.html for mail in sink.mails_to(ADDRESS))
    assert {"Zqname", "Zqline", "Zqasked", "Zqdrafted"} <= to_ben
    for mail in sink.mails:
        reader = mail.recipients[0].partition("@")[0].capitalize()
        allowed = {canary for canary, may in MAY_READ.items() if reader in may}
        assert seen_in([mail.text, mail.html, str(mail.recipients)]) <= allowed, reader
    # What the worker says and writes into its log names circles and people, and nothing they wrote.
    assert not seen_in([*said, caplog.text])


def test_an_operator_reads_nothing_of_bens_in_rounds_and_health(app: Flask, act: Acting):
    runner = app.test_cli_runner()
    printed = [
        runner.invoke(args=["circle", *words]).output
        for words in (["rounds", act.stage.public_id], ["doctor"])
    ]
    assert all(printed)
    assert not seen_in([*printed, act.cast.client().get("/healthz").text])


def seen_in(texts) -> set[str]:
    """Return which canaries stand in any of these texts."""
    whole = "\n".join(texts)
    return {canary for canary in MAY_READ if canary.lower() in whole.lower()}


def crawl(browser: Client, start: str) -> dict[str, str]:
    """Follow every link and look at every address of a form; return what was answered, by address."""
    waiting, seen = [start, "/", "/circles", "/you", "/people-i-know.csv", "/healthz"], {}
    while waiting:
        address = waiting.pop().replace("&amp;", "&")
        if address in seen or address.startswith(DEAD_ENDS):
            continue
        seen[address] = browser.get(address, follow_redirects=True).text
        waiting += LINK.findall(seen[address])
    assert len(seen) > 4
    return seen


def _membership_ref(person_id: int) -> str:
    return db.session.execute(
        select(Membership.public_id).where(Membership.person_id == person_id)
    ).scalar_one()


def _know(act: Acting) -> None:
    """Let Ben know people who fit Dee, Cy and nobody."""
    ben = act.cast.person("Ben").id
    known = people.Contact(
        "Zqname Lind", "Zqfirm", "Zqoffice", "runs warehouses in the north-west Zqline, loves choir singing"
    )
    [lind] = know(ben, known, where_met="Zqmet", email="zqmail@example.net")
    [aside] = know(ben, people.Contact("Zqaside Holm", line="loves choir singing"))
    refs = {each: db.session.get_one(Contact, each).public_id for each in (lind, aside)}
    db.session.rollback()
    dismissals.set_aside(ben, act.stage.id, act.stage.refs["Dee"], refs[aside], SetAside.LATER, act.now)


def _meet(ben: int, act: Acting) -> None:
    """Let Ben write down whom he met, and a mail that puts one of them together with Dee."""
    people = "Zqguest Rau, Zqtold, zqguestmail@example.net"
    told = Told(people=people, where_met="Zqfair", met_on=act.now.date(), keep=False)
    ref = meetings.begin(ben, told, act.now)
    mail = mails.write(ben, ref, ["1"], [act.stage.refs["Dee"]], None, act.now)
    mails.revise(ben, ref, mail, Draft("Zqmailed", "Hello both"))


def _act_as_ben(act: Acting) -> None:
    ben = act.browser("Ben")
    ben.submit(act.promise_url("Ada", "asking"), {"contact_name": "Zqasked"})
    ben.submit(act.promise_url("Gil", "draft"), {"contact_name": "Zqdrafted"})
    ben.submit(act.promise_url("Gil", "draft/text"), {"subject": "Zqsubject", "text": "Zqtext"})
    ben.submit(act.promise_url("Eve", "no-fit"), {"line": "Zqpassed"})
    ben.submit(act.log_url(), act.form("Cy", contact_name="Zqcontact", reason="Zqreason", synergy="team_up"))


def _keep_the_rest(act: Acting) -> None:
    """Let Cy answer and thank, and Ben think, bring a file, and put people together outside rounds."""
    ben, cy, now = act.cast.person("Ben").id, act.cast.person("Cy").id, act.now
    made = db.session.execute(select(Introduction.public_id)).scalar_one()
    db.session.rollback()
    receiving.answer(cy, made, Outcome.MET, now, note="Zqnote")
    receiving.thank(cy, made, "Zqthanks", False, now)
    said = OutsideLogging(
        contact_name="Zqoutside", made_on=now.date(), receiver_refs=(), other_name="Zqother", reason="Zqwhy"
    )
    outside.log(ben, said, now)
    kept = OutsideLogging(contact_name="Zqkept", made_on=now.date(), receiver_refs=(act.stage.refs["Dee"],))
    outside.log(ben, kept, now)
    _meet(ben, act)
    imports.bring(ben, "Zqfile.csv", b"Name,Company\r\nZqrow Tan,Tan Press\r\n", now)
    with writing() as session:
        session.add(Idea(person_id=ben, circle_id=act.stage.id, member_id=cy, words="Zqidea", parked_at=now))
