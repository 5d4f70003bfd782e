"""The whole job: five people form a circle, a round opens and closes, and all see how far it came."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from circle import clock, worker
from circle.extensions import db
from circle.models import Commitment, Round
from circle.rules import zones
from tests.browser.conftest import Windows
from tests.smtp_sink import Sink

pytestmark = pytest.mark.both_databases

FRIENDS = {
    "Ben": "ben@example.org",
    "Cy": "cy@example.org",
    "Dee": "dee@example.org",
    "Eve": "eve@example.org",
}
ZONE = zones.zone("Europe/London")


@pytest.mark.parametrize(
    ("scripts", "keys"),
    [
        pytest.param(True, False, id="by touch"),
        pytest.param(True, True, id="by keyboard"),
        pytest.param(False, False, id="without scripts"),
    ],
)
def test_five_people_keep_a_promise_for_one_round(scripts, keys, app, windows, sink):
    story = Story(app, windows, sink, scripts=scripts, keys=keys)
    ada = story.sign_up("ada@example.org", "Ada Obi")
    story.start_a_circle(ada, "Harbour Circle")
    story.invite(ada, FRIENDS)
    pages = {"Ada": ada} | {
        name: story.accept(address, f"{name} Example") for name, address in FRIENDS.items()
    }
    story.open_a_round(ada, days=14)
    assert story.count(Commitment) == 20
    assert len(story.mails_of_a_pass(clock.now())) == 5

    story.introduce(pages["Ben"], "Ada", "Rosa Lind")
    story.introduce(pages["Ben"], "Cy", "Idris Bello")
    story.find_no_fit(pages["Ben"], "Dee", "Nobody in freight yet, would a packer help?")
    expect(pages["Ben"].get_by_role("heading", level=1)).to_have_text("One more introduction to make")
    for name in ("Ada", "Ben", "Dee", "Eve"):
        story.introduce(pages["Cy"], name, f"Somebody for {name}")
    expect(pages["Cy"].get_by_role("heading", level=1)).to_contain_text("All four made")

    story.mails_of_a_pass(story.next_morning())
    reminders = story.mails_of_a_pass(story.reminder_moment())
    assert set(reminders) == {"ada@example.org", "ben@example.org", "dee@example.org", "eve@example.org"}
    assert open_names(reminders["ben@example.org"]) == ["Eve Example"]
    assert len(open_names(reminders["eve@example.org"])) == 4

    story.introduce_all(pages)
    told = story.mails_of_a_pass(clock.now() + timedelta(minutes=1))
    assert len(told) == 5
    assert all("19 of 20 made, 1 passed" in " ".join(text.split()) for text in told.values())

    recaps = story.mails_of_a_pass(story.due_moment() + timedelta(minutes=1))
    assert len(recaps) == 5
    for name, address in {"Ada": "ada@example.org", **FRIENDS}.items():
        made = story.marks(pages[name], "introduced")
        assert made == 19
        assert f"{made} of 20 made, 1 passed" in " ".join(recaps[address].split())


def open_names(letter: str) -> list[str]:
    """Return the people a reminder lists as open."""
    outstanding = re.split(r"^--+$", letter, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^\* ([^,\n:]+),?.*$", outstanding, re.MULTILINE)


class Story:
    """What the people of the story do, in their own browsers, and what their mail says."""

    def __init__(self, app: Flask, windows: Windows, sink: Sink, *, scripts: bool, keys: bool) -> None:
        self.app, self.windows, self.sink = app, windows, sink
        self.scripts, self.keys = scripts, keys

    def press(self, what: Locator) -> None:
        """Press a button or link: by touch, or come to it by Tab and press Enter."""
        if self.keys:
            self.come_to(what)
            # A click waits for the page it leads to by itself, a key does not.
            with what.page.expect_navigation():
                what.page.keyboard.press("Enter")
        else:
            what.click()

    def write(self, field: Locator, words: str) -> None:
        """Write into a field: by touch, or come to it by Tab and type."""
        if self.keys:
            self.come_to(field)
            if field.get_attribute("type") == "date":
                # As a browser in American English asks for it.
                field.page.keyboard.type(f"{date.fromisoformat(words):%m%d%Y}")
                return
            field.page.keyboard.press("ControlOrMeta+a")
            field.page.keyboard.insert_text(words)
        else:
            field.fill(words)

    def come_to(self, what: Locator) -> None:
        """Press Tab until it has the focus."""
        expect(what).to_be_visible()
        for _ in range(120):
            if what.evaluate("it => it === document.activeElement"):
                return
            what.page.keyboard.press("Tab")
        pytest.fail(f"the keyboard never came to {what}")

    def sign_up(self, address: str, name: str) -> Page:
        """Ask for the mail, open its link in the same browser, and say who one is."""
        page = self.windows(width=390, scripts=self.scripts)
        page.goto("/")
        self.press(page.get_by_role("link", name="Start a circle"))
        self.write(page.get_by_label("Your email address"), address)
        self.press(page.get_by_role("button", name="Send me the mail"))
        page.goto(self.link_in_mail(address, "/sign-in/"))
        self.press(page.get_by_role("button", name="Sign in"))
        self.write(page.get_by_label("Your name"), name)
        if not self.scripts:
            # A browser tells its time zone to scripts alone.
            page.get_by_label("Time zone").select_option("Europe/London")
        with page.expect_navigation():
            self.press(page.get_by_role("button", name="Save").first)
        return page

    def start_a_circle(self, page: Page, name: str) -> None:
        page.goto("/circles/new")
        self.write(page.get_by_label("Name of the circle"), name)
        page.get_by_label("Time zone").select_option("Europe/London")
        self.press(page.get_by_role("button", name="Start the circle"))
        self.home = page.url

    def invite(self, page: Page, friends: dict[str, str]) -> None:
        self.press(page.get_by_role("link", name="Organise").first)
        pasted = "; ".join(f"{name} Example <{address}>" for name, address in friends.items())
        self.write(page.get_by_label("Email addresses"), pasted)
        self.press(page.get_by_role("button", name="Send invitations"))
        expect(page.locator(".flash")).to_contain_text("Four invitations on the way")

    def accept(self, address: str, name: str) -> Page:
        page = self.windows(width=390, scripts=self.scripts)
        page.goto(self.link_in_mail(address, "/invitations/"))
        self.write(page.get_by_label("Your name"), name)
        self.press(page.get_by_role("button", name="Join Harbour Circle"))
        expect(page.get_by_text("Harbour Circle").first).to_be_visible()
        return page

    def open_a_round(self, page: Page, *, days: int) -> None:
        self.press(page.get_by_role("link", name="Rounds").first)
        due = zones.local_day(clock.now(), ZONE) + timedelta(days=days)
        self.write(page.locator("#open").get_by_label("Due on"), due.isoformat())
        self.press(page.get_by_role("button", name="Open the round"))
        expect(page.get_by_text("Round 1").first).to_be_visible()
        self.home = page.url if "/rounds" not in page.url else page.url.partition("/rounds")[0]

    def introduce(self, page: Page, receiver: str, contact: str) -> None:
        page.goto(self.home)
        self.press(page.locator("#given").get_by_role("link", name=f"Introduce {receiver}"))
        self.write(page.get_by_label("To whom"), contact)
        self.press(page.get_by_role("button", name="Log it"))
        expect(page.locator("#given").get_by_text(contact).first).to_be_visible()

    def find_no_fit(self, page: Page, receiver: str, line: str) -> None:
        page.goto(self.home)
        row = page.locator("#given li").filter(has_text=receiver)
        self.press(row.get_by_role("link", name="No fit this round"))
        self.write(page.get_by_role("textbox"), line)
        self.press(page.get_by_role("button", name="No fit this round"))

    def introduce_all(self, pages: dict[str, Page]) -> None:
        for name, page in pages.items():
            page.goto(self.home)
            left = [other for other in pages if page.get_by_role("link", name=f"Introduce {other}").count()]
            for other in left:
                self.introduce(page, other, f"{name}'s friend for {other}")

    def marks(self, page: Page, state: str) -> int:
        """Count the matrix's cells in a state, as this person sees them on the round's page."""
        page.goto(f"{self.home}/rounds/1")
        return page.locator(f"table.matrix td[data-state={state}]").count()

    def count(self, model: type) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0

    def due_moment(self) -> datetime:
        with self.app.app_context():
            return db.session.scalars(select(Round.due_at)).one()

    def reminder_moment(self) -> datetime:
        """Return the latest nine o'clock on a weekday, seven days or more before the round is due."""
        day = zones.to_local(self.due_moment(), ZONE).replace(hour=9, minute=0) - timedelta(days=7)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        return zones.to_utc(day, ZONE)

    def next_morning(self) -> datetime:
        """Return ten o'clock on the next weekday: yesterday's news has been told by then."""
        day = zones.to_local(clock.now(), ZONE).replace(hour=10, minute=0) + timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return zones.to_utc(day, ZONE)

    def mails_of_a_pass(self, moment: datetime) -> dict[str, str]:
        """Run one pass of the worker as of a moment and return the text each address got."""
        self.sink.clear()
        with self.app.app_context():
            worker.tick(moment)
        letters = {mail.recipients[0]: mail.text for mail in self.sink.mails}
        assert len(letters) == len(self.sink.mails), "somebody got two mails in one pass"
        return letters

    def link_in_mail(self, address: str, path: str) -> str:
        """Run the worker and return the newest link to this path in a mail to this address."""
        with self.app.app_context():
            worker.tick(clock.now())
        newest = self.sink.mails_to(address)[-1]
        links = [
            link for link in re.findall(r"https?://\S+", newest.text) if urlsplit(link).path.startswith(path)
        ]
        if not links:
            pytest.fail(f"no link to {path} in:\n{newest.text}")
        return links[0]
