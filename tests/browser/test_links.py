"""From a letter to done, signed out, on a phone: at most three taps and one typed name."""

from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from circle import worker
from circle.extensions import db
from circle.models import OutboxMail, RosterMember
from circle.rules.states import MailKind
from tests.browser.conftest import Windows
from tests.browser.fit import faults_of
from tests.cast import Cast
from tests.web.acting import Acting

LENA = "Lena Krüger"
PAGES = {
    "show": "/promises/{promise}",
    "log": "/promises/{promise}/introduction",
    "ask": "/promises/{promise}/asking",
    "no fit": "/promises/{promise}/no-fit",
    "not now": "/promises/{promise}/opening",
    "write": "/promises/{other}/draft",
    "draft": "/promises/{promise}/draft",
    "sent?": "/promises/{promise}/draft?say=sent",
    "answer": "/introduced/{introduction}?say=met",
    "ended": "/promises/{ended}",
}


class Phone:
    """A phone in whose browser nobody is signed in; it counts what its owner does."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.typed = page, 0, 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.click()

    def type(self, words: str) -> None:
        self.typed += 1
        self.page.keyboard.type(words)


@pytest.fixture
def act(cast: Cast) -> Acting:
    return Acting(cast)


def test_an_introduction_is_logged_from_the_reminder_in_three_taps_and_one_name(
    act: Acting, reminder: int, windows: Windows
):
    phone = Phone(windows(width=390))
    phone.page.goto(f"/mailbox/{reminder}")
    letter = phone.page.frame_locator("iframe")
    phone.tap(letter.get_by_role("link", name="Log an introduction").first)
    phone.tap(phone.page.get_by_label("To whom?"))
    phone.type(LENA)
    phone.tap(phone.page.get_by_role("button", name="Log it"))
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("You introduced Ben")
    assert (phone.taps, phone.typed) == (3, 1)
    assert [(row.contact_name, row.by_link) for row in act.rows()] == [(LENA, True)]


def test_a_mail_is_written_and_said_to_be_sent_signed_out(act: Acting, reminder: int, windows: Windows):
    phone = Phone(windows(width=390))
    phone.page.goto(f"/mailbox/{reminder}")
    phone.tap(phone.page.frame_locator("iframe").get_by_role("link", name="Write it").first)
    phone.tap(phone.page.get_by_label("Whom do you write to?"))
    phone.type(LENA)
    phone.tap(phone.page.get_by_role("button", name="Make a draft"))
    mail = phone.page.get_by_role("link", name="Open it in your mail program")
    assert (mail.get_attribute("href") or "").startswith(
        "mailto:?subject=Lena%20Kr%C3%BCger%2C%20meet%20Ben%20Katz&"
    )
    phone.page.get_by_label("Subject").fill("You & Ben")
    assert (mail.get_attribute("href") or "").startswith("mailto:?subject=You%20%26%20Ben&body=Hello%20Lena")
    phone.tap(phone.page.get_by_role("button", name="Yes, I sent it"))
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("You introduced Ben")
    assert (phone.taps, phone.typed) == (4, 1)


def test_every_page_behind_a_link_is_fit_for_everybody(act: Acting, windows: Windows):
    page = windows()
    unfit = {name: faults_of(page, path) for name, path in addresses(act).items()}
    assert {name: faults for name, faults in unfit.items() if faults} == {}


@pytest.fixture
def reminder(app: Flask, act: Acting, monkeypatch: pytest.MonkeyPatch) -> int:
    """The id of Ada's reminder of the first day, which stayed on this machine."""
    settings = app.config["SETTINGS"]
    alone = replace(settings, values={**settings.values, "MAIL_SERVER": ""})
    monkeypatch.setitem(app.config, "SETTINGS", alone)
    with app.app_context():
        worker.tick(act.now)
        mine = RosterMember.person_id == act.cast.person("Ada").id
        moment = db.session.scalars(select(RosterMember.next_reminder_at).where(mine)).one()
        db.session.rollback()
        worker.tick(moment)
        letters = select(OutboxMail.id).where(
            OutboxMail.kind == MailKind.DAILY.key, OutboxMail.person_id == act.cast.person("Ada").id
        )
        return db.session.scalars(letters).one()


def addresses(act: Acting) -> dict[str, str]:
    """Return the address of each page behind a link."""
    ada = act.browser("Ada")
    ada.submit(act.promise_url("Ben", "draft"), {"contact_name": LENA, "synergy": "team_up"})
    ada.submit(act.log_url(), act.form("Cy", reason="You both sail."))
    tokens = {
        "promise": act.promise_token("Ada", "Ben", LENA),
        "other": act.promise_token("Ada", "Dee"),
        "introduction": act.introduction_token("Cy", act.refs()[0]),
    }
    act.browser("Eve").submit(f"{act.url}/leaving")
    return {
        name: path.format(ended=act.promise_token("Eve", "Ben"), **tokens) for name, path in PAGES.items()
    }
