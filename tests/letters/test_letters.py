"""Each letter as its reader gets it, compared with the golden text that is read in review.

`WRITE_GOLDEN=1 make test` writes the texts anew.
"""

import os
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from circle.formats.addresses import read_addresses
from circle.formats.opened import OpenedMail, open_mail
from circle.letters import posting
from circle.rules.limits import Limits
from circle.rules.states import MailKind, Outcome, Purpose
from circle.services.door import proofs, sign_in
from circle.services.door.proofs import Asked
from circle.services.giving import drafts
from circle.services.membership import invitations
from circle.services.post import claims, daily
from circle.services.rounds import turns
from circle.services.running import demo_letters, rehearsal
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.story import A_WEEK_BEFORE, DUE, ON_THE_DAY, TWO_DAYS_BEFORE, Story

GOLDEN = Path(__file__).parent / "golden"
TUESDAY_NINE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
MEMBERS = ("Ben", "Cy", "Dee", "Eve")


def opened(app: Flask, mail_id: int, now: datetime) -> OpenedMail:
    with app.app_context():
        wire = posting.preview(mail_id, now)
    assert wire
    return open_mail(wire)


def check(app: Flask, name: str, mail: OpenedMail, story_: Story | None = None) -> None:
    """Compare with the golden text; what is random in it goes by a name."""
    text = _named(app, f"To: {mail.recipient}\nSubject: {mail.subject}\n\n{mail.text}", story_)
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def _named(app: Flask, text: str, story_: Story | None) -> str:
    text = text.replace(app.config["BASE_URL"], "https://circle.example.org")
    refs = story_.stage.refs if story_ else {}
    for ref, known in {ref: name for name, ref in refs.items()}.items():
        text = text.replace(ref, known)
    text = text.replace(story_.stage.public_id, "harbour") if story_ else text
    text = re.sub(
        r"(/letters/|/invitations/|/sign-in/|/you/address/|/promises/|/introduced/|/wish/)[\w.-]+",
        r"\1TOKEN",
        text,
    )
    return re.sub(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "ABCD-EFGH", text)


def test_a_sign_in_mail(app: Flask, cast: Cast):
    ada = cast.person("Ada")
    with app.app_context():
        sign_in.request(ada.email, binding="b", origin="o", next_url="", may_join=False, now=NOON)
    [mail] = story.mails(app)
    check(app, "sign_in", opened(app, mail.id, NOON))


def test_a_confirmation(app: Flask, cast: Cast):
    ada = cast.person("Ada")
    with app.app_context():
        sign_in.confirm(ada.id, binding="b", origin="o", next_url="", now=NOON)
    [mail] = story.mails(app)
    check(app, "confirmation", opened(app, mail.id, NOON))


def test_a_new_address(app: Flask, cast: Cast):
    ada = cast.person("Ada")
    with app.app_context(), writing():
        asked = Asked(Purpose.NEW_ADDRESS, "ada@new.example", "", "o", "", ada.id)
        proofs.ask(asked, NOON)
    [mail] = story.mails(app)
    check(app, "new_address", opened(app, mail.id, NOON))


def test_an_invitation(app: Flask, cast: Cast):
    stage, ada = cast.circle("Ben"), cast.person("Ada")
    addresses = read_addresses("Gil Haddad <gil@example.org>").addresses
    with app.app_context():
        invitations.invite(stage.id, ada.id, addresses, Limits(3, 6), NOON)
    [mail] = story.mails(app)
    check(app, "invitation", opened(app, mail.id, NOON))


def test_an_invitation_sent_again_has_words_of_its_own(app: Flask, cast: Cast):
    stage, ada = cast.circle("Ben"), cast.person("Ada")
    addresses = read_addresses("Gil Haddad <gil@example.org>").addresses
    with app.app_context():
        invitations.invite(stage.id, ada.id, addresses, Limits(3, 6), NOON)
        [first] = story.mails(app)
        invitations.resend(first.invitation_id or 0, ada.id, A_WEEK_BEFORE)
    mail = story.mails(app)[-1]
    check(app, "invitation_again", opened(app, mail.id, A_WEEK_BEFORE))


def test_a_round_has_opened(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS, told=False)
    mail = story.mails(app, MailKind.ROUND_OPENED)[1]
    check(app, "round_opened", opened(app, mail.id, NOON), round_)


def test_a_reader_abroad_sees_when_it_is_due_by_their_own_clock_too(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS, told=False)
    story.change(app, round_.people["Ben"], zone="Europe/Berlin")
    mail = opened(app, story.mails(app, MailKind.ROUND_OPENED)[1].id, NOON)
    said = "Monday 16 November, 17:00 in London, 18:00 for you, in 14 days"
    assert [said in " ".join(mail.text.split()), said in mail.html] == [True, True]


def test_a_reminder_on_its_first_day(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS)
    with app.app_context():
        daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)
    [mail] = story.mails(app, MailKind.DAILY)
    check(app, "daily_reminder", opened(app, mail.id, A_WEEK_BEFORE), round_)


def test_a_reminder_of_the_last_one_left(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS)
    round_.log("Ada", "Ben", "Cy", "Dee")
    with app.app_context():
        daily.write_daily(round_.id("Ada"), ON_THE_DAY)
    [mail] = story.mails(app, MailKind.DAILY)
    check(app, "daily_last_one", opened(app, mail.id, ON_THE_DAY), round_)


def test_a_reminder_of_a_question_asked(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS)
    round_.log("Ada", "Ben", "Cy", "Dee")
    round_.ask("Ada", "Eve", contact="Rosa Lind")
    with app.app_context():
        daily.write_daily(round_.id("Ada"), TWO_DAYS_BEFORE)
    [mail] = story.mails(app, MailKind.DAILY)
    check(app, "daily_asking", opened(app, mail.id, TWO_DAYS_BEFORE), round_)


def test_a_draft_is_asked_after_once(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS)
    round_.log("Ada", "Cy", "Dee")
    with app.app_context():
        for receiver, contact in (("Ben", "Rosa Lind"), ("Eve", "Idris Bello")):
            refs = (round_.id("Ada"), round_.stage.id, round_.number, round_.stage.refs[receiver])
            drafts.write(*refs, contact, None, A_WEEK_BEFORE)
        daily.write_daily(round_.id("Ada"), A_WEEK_BEFORE)
    [mail] = story.mails(app, MailKind.DAILY)
    check(app, "daily_drafted", opened(app, mail.id, A_WEEK_BEFORE), round_)


def test_a_letter_of_news(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS)
    round_.log("Ada", "Ben")
    round_.pass_on("Cy", "Ben", "Nobody who moves comes to my mind, but I keep looking.")
    round_.log("Ben", "Dee", contact="Rosa Lind")
    round_.answer("Dee", Outcome.MET)
    round_.thank("Dee", "That was a lovely lunch.")
    with app.app_context():
        daily.write_daily(round_.id("Ben"), TUESDAY_NINE)
    [mail] = story.mails(app, MailKind.DAILY)
    check(app, "daily_news", opened(app, mail.id, TUESDAY_NINE), round_)


def test_a_daily_letter_that_holds_everything(app: Flask):
    with app.app_context(), rehearsal.empty_database():
        staged = demo_letters.stage("daily", NOON)
        wire = posting.preview(staged.mail_id, staged.at)
    assert wire
    check(app, "daily_everything", open_mail(wire))


@pytest.mark.parametrize(
    ("scene", "golden"),
    [
        ("look_again", "look_again"),
        ("fifteen_minutes", "fifteen_minutes"),
        ("round_opened", "round_opened_ideas"),
    ],
)
def test_a_letter_of_the_demo_circle(app: Flask, scene: str, golden: str):
    with app.app_context(), rehearsal.empty_database():
        staged = demo_letters.stage(scene, NOON)
        wire = posting.preview(staged.mail_id, staged.at)
    assert wire
    check(app, golden, open_mail(wire))


def test_a_recap(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS)
    round_.log("Ada", "Ben", "Cy")
    round_.pass_on("Ada", "Dee")
    round_.thank("Ben", "You knew just whom I needed.", shared=True)
    with app.app_context():
        turns.turn(round_.round_id(), DUE)
    mail = story.mails(app, MailKind.RECAP)[0]
    check(app, "recap", opened(app, mail.id, DUE), round_)


def test_all_is_made(app: Flask, cast: Cast):
    round_ = story.begin(cast, "Ben", "Cy")
    for giver, others in {"Ada": ("Ben", "Cy"), "Ben": ("Ada", "Cy"), "Cy": ("Ada", "Ben")}.items():
        round_.log(giver, *others)
    mail = story.mails(app, MailKind.ALL_DONE)[0]
    check(app, "all_done", opened(app, mail.id, NOON), round_)


class Shown(HTMLParser):
    """The words and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links |= {value for name, value in attrs if name == "href" and value}

    def handle_data(self, data: str) -> None:
        self.words += f" {data}"


@pytest.mark.parametrize("kind", [MailKind.ROUND_OPENED, MailKind.RECAP])
def test_every_link_of_the_html_is_in_the_text(app: Flask, cast: Cast, kind: MailKind):
    round_ = story.begin(cast, *MEMBERS, told=False)
    with app.app_context():
        if kind is MailKind.RECAP:
            turns.turn(round_.round_id(), DUE)
    mail = opened(app, story.mails(app, kind)[0].id, DUE)
    assert {link for link in Shown(mail.html).links if link not in mail.text} == set()


def test_a_name_cannot_put_markup_into_a_letter(app: Flask, cast: Cast):
    round_ = story.begin(cast, *MEMBERS, told=False)
    story.change(app, round_.people["Cy"], name="<img src=x> & Co")
    mail = opened(app, story.mails(app, MailKind.ROUND_OPENED)[0].id, NOON)
    assert "<img" not in mail.html
    assert "<img src=x> & Co" in mail.text


def test_looking_at_a_mail_changes_nothing(app: Flask, cast: Cast):
    from tests.snapshot import rows

    story.begin(cast, *MEMBERS, told=False)
    mail = story.mails(app, MailKind.ROUND_OPENED)[0]
    before = rows(app)
    opened(app, mail.id, NOON)
    assert rows(app) == before


def test_a_letter_goes_by_the_outbox_facts_alone(app: Flask, cast: Cast):
    story.begin(cast, *MEMBERS, told=False)
    mail = story.mails(app, MailKind.ROUND_OPENED)[0]
    with app.app_context():
        assert posting.preview(mail.id, NOON) == posting.preview(mail.id, NOON)
        assert claims.facts(mail.id + 1000) is None
