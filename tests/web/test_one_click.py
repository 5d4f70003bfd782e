"""Unsubscribing in one click (RFC 8058): the link is whole on the wire, and only a POST does anything."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from flask import Flask

from circle import worker
from circle.models import Person
from circle.services.tokens import sign
from circle.services.work import writing
from tests import story
from tests.cast import NOON, Cast
from tests.client import Client
from tests.smtp_sink import Sink
from tests.snapshot import rows
from tests.story import A_WEEK_BEFORE, DUE

pytestmark = pytest.mark.both_databases

LINES = re.compile(
    rb"\r\nList-Unsubscribe: <(http[^>\s]+)>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
)
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LONG_HOST = ".".join(["circle-of-the-harbour-and-its-many-quays"] * 5) + ".example.org"
URLENCODED = "application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"
MULTIPART = (
    "multipart/form-data; boundary=part",
    b'--part\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--part--\r\n',
)


@pytest.fixture
def url(app: Flask, cast: Cast, sink: Sink) -> str:
    """The link in Ben's letter that a round has opened, as it came over the wire."""
    story.begin(cast, "Ben", "Cy", told=False)
    with app.app_context():
        worker.tick(NOON)
    [mail] = sink.mails_to("ben@example.org")
    return unsubscribe_url(mail.raw)


def test_every_letter_of_a_round_carries_its_link_in_one_piece(app: Flask, cast: Cast, sink: Sink):
    story.begin(cast, "Ben", "Cy", told=False)
    with app.app_context():
        for moment in (NOON, A_WEEK_BEFORE, DUE):
            worker.tick(moment)
    urls = [unsubscribe_url(mail.raw) for mail in sink.mails_to("ben@example.org")]
    assert len(set(urls)) == len(urls) == 3
    assert min(map(len, urls)) > 78


def test_a_very_long_link_is_in_one_piece_too(
    app: Flask, cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(app.config, "BASE_URL", f"https://{LONG_HOST}")
    story.begin(cast, "Ben", "Cy", told=False)
    with app.app_context():
        worker.tick(NOON)
    assert unsubscribe_url(sink.mails[0].raw).startswith(f"https://{LONG_HOST}/letters/")


@pytest.mark.parametrize("form", [URLENCODED, MULTIPART], ids=["urlencoded", "multipart"])
def test_a_bare_post_stops_the_letter(url: str, app: Flask, cast: Cast, live: str, form: tuple[str, bytes]):
    assert ask(url, "POST", form) == 200
    assert letters_off(app, cast) == "round_opened"


def test_ten_posts_are_as_one(url: str, app: Flask, live: str):
    ask(url, "POST", URLENCODED)
    after_one = rows(app)
    assert [ask(url, "POST", URLENCODED) for _ in range(9)] == [200] * 9
    assert rows(app) == after_one


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_does_nothing(url: str, app: Flask, live: str, method: str):
    before = rows(app)
    assert ask(url, method) == 200
    assert rows(app) == before


def test_forged_links_do_nothing(url: str, app: Flask, cast: Cast, client: Client):
    before = rows(app)
    for token in forged(url.rpartition("/")[2], app, cast):
        answers = [client.post(f"/letters/{token}"), client.get(f"/letters/{token}")]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert rows(app) == before


def forged(token: str, app: Flask, cast: Cast) -> Iterator[str]:
    """Make tokens that are nearly right: a letter changed anywhere, cut off, or signed for something else."""
    for at, letter in enumerate(token):
        if letter in BASE64:
            # The other half of the alphabet: a change that base 64 cannot overlook.
            yield token[:at] + BASE64[BASE64.index(letter) ^ 32] + token[at + 1 :]
    yield token[:-1]
    yield token.rpartition(".")[0]
    key, ben, ada = str(app.secret_key), cast.person("Ben").public_id, cast.person("Ada").public_id
    other = sign(key, "letters", ada, "round_opened")
    yield other.rpartition(".")[0] + "." + token.rpartition(".")[2]
    yield sign(key, "invitation-mail", ben, "round_opened")
    yield sign("another key that nobody here has ever used", "letters", ben, "round_opened")
    yield sign(key, "letters", "nobody", "round_opened")
    yield sign(key, "letters", ben, "no_such_letter")
    yield sign(key, "letters", ben)


def unsubscribe_url(raw: bytes) -> str:
    """Return the link of the two headers as they stand on the wire, each in one line."""
    [url] = LINES.findall(raw)
    return url.decode("ascii")


def ask(url: str, method: str, form: tuple[str, bytes] | None = None) -> int:
    """Ask as a mail program does: no cookie, no referrer, no token of a page; return the status."""
    kind, body = form or (None, None)
    request = urllib.request.Request(url, data=body, method=method)  # noqa: S310 - our own address
    if kind:
        request.add_header("Content-Type", kind)
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own address
        return int(answer.status)


def letters_off(app: Flask, cast: Cast) -> str:
    """Return the switches that are off for Ben."""
    with app.app_context(), writing() as session:
        return session.get_one(Person, cast.person("Ben").id, populate_existing=True).letters_off
