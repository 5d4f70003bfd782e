"""flask circle doctor --mail: one real mail, and each way it can fail said in words that help."""

from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask

from tests.certificates import ELSEWHERE, made_certificate
from tests.scripted_server import DROP, SILENCE, ScriptedServer
from tests.smtp_sink import Sink, free_port

STARTTLS = "250-hello\r\n250 STARTTLS"
SIGN_IN = "250-hello\r\n250 AUTH PLAIN"

REFUSALS = {
    "sender": ({"mail": "550 not you"}, "It refuses MAIL_DEFAULT_SENDER as sender."),
    "recipient": ({"rcpt": "550 5.1.1 nobody"}, "refuses this recipient: check the address"),
    "recipient for now": ({"rcpt": "450 greylisted"}, "later"),
    "what it says": ({"body": "554 spam"}, "refuses what the mail says"),
    "anybody not signed in": ({"mail": "530 sign in"}, "Check MAIL_USERNAME and MAIL_PASSWORD."),
    "a word after the mail": ({"body": DROP}, "It may have arrived, or not."),
}


def try_mail(app: Flask, monkeypatch: pytest.MonkeyPatch, address="you@example.org", **state) -> Result:
    for name, value in {"server": "127.0.0.1", **state}.items():
        monkeypatch.setattr(app.extensions["mail"], name, value)
    return app.test_cli_runner().invoke(args=["circle", "doctor", "--mail", address])


def test_a_mail_that_is_accepted_ends_well(app, sink: Sink, monkeypatch):
    done = try_mail(app, monkeypatch)
    assert (done.exit_code, [mail.recipients for mail in sink.mails]) == (0, [("you@example.org",)])
    assert "Accepted." in done.output


@pytest.mark.parametrize("what", REFUSALS)
def test_a_refusal_is_explained(app, monkeypatch, what: str):
    answers, words = REFUSALS[what]
    with ScriptedServer(**answers) as server:
        done = try_mail(app, monkeypatch, port=server.port)
    assert (done.exit_code, words in done.output) == (1, True)


def test_a_port_on_which_nobody_listens_is_explained(app, monkeypatch):
    done = try_mail(app, monkeypatch, port=free_port())
    assert (done.exit_code, "the connection was refused. Check MAIL_SERVER" in done.output) == (1, True)


def test_a_name_that_is_not_found_is_explained(app, monkeypatch):
    done = try_mail(app, monkeypatch, server="mail.invalid")
    assert (done.exit_code, "its name was not found. Check MAIL_SERVER." in done.output) == (1, True)


def test_silence_is_explained(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_COMMAND_SECONDS", 0.3)
    with ScriptedServer(greeting=SILENCE) as server:
        done = try_mail(app, monkeypatch, port=server.port)
    assert (done.exit_code, "no answer within 0.3 seconds" in done.output) == (1, True)


def test_a_server_without_starttls_is_explained(app, monkeypatch):
    with ScriptedServer() as server:
        done = try_mail(app, monkeypatch, port=server.port, use_tls=True)
    assert (done.exit_code, "It offers no STARTTLS there" in done.output) == (1, True)


def test_a_wrong_password_is_explained_and_not_repeated(app, monkeypatch):
    with ScriptedServer(ehlo=SIGN_IN, auth="535 wrong") as server:
        done = try_mail(app, monkeypatch, port=server.port, username="circle", password="a secret horse")
    assert (done.exit_code, "Check MAIL_USERNAME and MAIL_PASSWORD." in done.output) == (1, True)
    assert "horse" not in done.output


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("unknown", "Nobody this machine trusts vouches for it"),
        ("elsewhere", "It is for another name: set MAIL_SERVER to the name in it."),
        ("expired", "Whoever runs the mail server has to renew it."),
    ],
)
def test_a_certificate_that_is_not_accepted_is_explained(app, monkeypatch, tmp_path, fault, words):
    host = {"host": ELSEWHERE} if fault == "elsewhere" else {}
    ends = timedelta(hours=-1 if fault == "expired" else 1)
    certificate = made_certificate(tmp_path, ends=ends, **host)
    if fault != "unknown":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with ScriptedServer(tls=certificate.for_server(), ehlo=STARTTLS) as server:
        done = try_mail(app, monkeypatch, port=server.port, use_tls=True)
    assert (done.exit_code, words in done.output) == (1, True)


def test_an_address_that_cannot_be_one_is_refused_in_words(app, monkeypatch, sink: Sink):
    done = try_mail(app, monkeypatch, address="nobody")
    assert (done.exit_code, sink.mails) == (1, [])
