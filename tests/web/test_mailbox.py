"""The mailbox page: every mail can be read on this machine while no mail server is set."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from circle import worker
from circle.factory import create_app
from circle.rules.states import MailKind
from tests import story
from tests.cast import NOON, Cast
from tests.client import Client


@pytest.fixture
def kept(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """The id of a mail to Ada that stayed on this machine."""
    settings = app.config["SETTINGS"]
    alone = replace(settings, values={**settings.values, "MAIL_SERVER": ""})
    monkeypatch.setitem(app.config, "SETTINGS", alone)
    story.begin(cast, "Ben", "Cy", told=False)
    with app.app_context():
        worker.tick(NOON)
    return story.mails(app, MailKind.ROUND_OPENED)[0].id


def test_the_list_names_each_mail_by_its_subject(kept: int, client: Client):
    assert client.get("/mailbox").text.count("Round 1 of Harbour Circle is open until 16 Nov") == 3


def test_a_mail_shows_its_text_with_links_to_follow(kept: int, client: Client):
    page = client.get(f"/mailbox/{kept}").text
    assert re.search(r'<a href="http://localhost:\d+/promises/[\w.-]+/introduction', page)


def test_the_letter_itself_may_run_nothing(kept: int, client: Client):
    policy = client.get(f"/mailbox/{kept}/body").headers["Content-Security-Policy"]
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy


def test_the_links_of_the_letter_open_in_the_window_around_it(kept: int, client: Client):
    assert '<base target="_top">' in client.get(f"/mailbox/{kept}/body").text


def test_a_mail_about_to_be_written_says_so(app: Flask, cast: Cast, client: Client):
    story.begin(cast, "Ben", "Cy", told=False)
    mail = story.mails(app)[0]
    assert "about to be written" in client.get(f"/mailbox/{mail.id}").text


def test_a_mail_that_never_was_is_not_found(client: Client):
    assert client.get("/mailbox/999999").status_code == 404


def test_an_empty_mailbox_says_how_to_fill_it(client: Client):
    assert "No mail yet" in client.get("/mailbox").text


def test_production_has_no_mailbox_page():
    site = create_app(
        {"CIRCLE_MODE": "production", "SECRET_KEY": "x" * 40, "BASE_URL": "https://circle.example.org"}
    )
    assert "/mailbox" not in {rule.rule for rule in site.url_map.iter_rules()}
