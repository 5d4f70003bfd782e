"""A mail is given to the server over one kept line; what comes of each fault stands in test_faults."""

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from aiosmtpd.smtp import AuthResult

from circle.formats.message import Envelope, wire_bytes
from circle.letters.connection import Relay
from circle.letters.line import Deadlines
from circle.letters.outcomes import Delivery, Outcome
from tests.certificates import Certificate, made_certificate
from tests.scripted_server import DRIP, DROP, SILENCE, ScriptedServer
from tests.smtp_sink import Sink, free_port

SHORT = Deadlines(connect=0.3, command=0.3, final=0.3)
ADA = "ada@example.org"
BEN = "ben@example.net"
WIRE = wire_bytes(
    Envelope(
        sender_name="Circle",
        sender=ADA,
        recipient_name="Ben",
        recipient=BEN,
        subject="One more to make",
        text=".\n..\nCy is left.",
        html="<p>Cy is left.</p>",
        message_id="<a1@example.org>",
        date=datetime(2026, 11, 19, 9, 0, tzinfo=UTC),
    )
)


@dataclass(frozen=True)
class Settings:
    port: int
    server: str = "127.0.0.1"
    use_tls: bool = False
    use_ssl: bool = False
    username: str | None = None
    password: str | None = None
    max_emails: int | None = None
    suppress: bool = False


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return made_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


def nothing() -> None:
    """Do nothing when DATA begins."""


def send(
    settings: Settings,
    *,
    tls: ssl.SSLContext | None = None,
    deadlines: Deadlines = SHORT,
    on_data_begin: Callable[[], None] = nothing,
) -> Delivery:
    with Relay(settings, deadlines, tls) as relay:
        return relay.send(WIRE, ADA, BEN, on_data_begin)


def send_twice(port: int, **settings: int) -> list[Delivery]:
    with Relay(Settings(port, **settings), SHORT) as relay:
        return [relay.send(WIRE, ADA, BEN, nothing) for _ in range(2)]


def test_a_mail_arrives_as_it_was_written(sink: Sink):
    send(Settings(sink.port))
    assert sink.mails[0].raw == WIRE


def test_a_mail_goes_to_its_one_recipient(sink: Sink):
    send(Settings(sink.port))
    assert (sink.mails[0].sender, sink.mails[0].recipients) == (ADA, (BEN,))


def test_a_mail_that_was_taken_is_sent(sink: Sink):
    assert send(Settings(sink.port)).outcome is Outcome.SENT


def test_many_mails_share_one_connection():
    with ScriptedServer() as server:
        send_twice(server.port)
    assert server.connections == 1


def test_a_new_connection_is_made_after_as_many_mails_as_set():
    with ScriptedServer() as server:
        send_twice(server.port, max_emails=1)
    assert server.connections == 2


def test_the_mail_server_is_told_goodbye():
    with ScriptedServer() as server:
        send(Settings(server.port))
    assert server.commands[-1].lower() == "quit"


def test_nothing_is_said_of_data_before_the_recipient_is_accepted():
    with ScriptedServer(rcpt="550 5.1.1 nobody") as server:
        said: list[str] = []
        send(Settings(server.port), on_data_begin=lambda: said.append("begin"))
    assert said == []


def test_data_is_announced_right_before_it_begins():
    with ScriptedServer() as server:
        so_far: list[str] = []
        send(Settings(server.port), on_data_begin=lambda: so_far.extend(server.commands))
    assert [command.split()[0].lower() for command in so_far] == ["ehlo", "mail", "rcpt"]


def test_nothing_is_sent_when_the_announcement_fails():
    def refuse() -> None:
        raise LookupError("the row has gone")

    with ScriptedServer() as server, pytest.raises(LookupError):
        send(Settings(server.port), on_data_begin=refuse)
    assert server.bodies == []


def test_the_next_mail_is_sent_after_an_announcement_that_failed(sink: Sink):
    def refuse() -> None:
        raise LookupError("the row has gone")

    with Relay(Settings(sink.port), SHORT) as relay:
        with pytest.raises(LookupError):
            relay.send(WIRE, ADA, BEN, refuse)
        assert relay.send(WIRE, ADA, BEN, nothing).outcome is Outcome.SENT


@pytest.mark.parametrize("stage", ["ehlo", "mail", "rcpt", "data"])
def test_a_server_that_drips_holds_us_no_longer_than_the_deadline(stage: str):
    with ScriptedServer(**{stage: DRIP}) as server:
        begin = time.monotonic()
        send(Settings(server.port))
        assert time.monotonic() - begin < 3


def test_a_mail_goes_through_starttls(certificate: Certificate):
    with Sink(tls_context=certificate.for_server(), require_starttls=True) as sink:
        delivery = send(
            Settings(sink.port, use_tls=True), tls=certificate.for_client(), deadlines=Deadlines()
        )
    assert delivery.outcome is Outcome.SENT


def test_a_mail_goes_through_a_connection_encrypted_from_the_start(certificate: Certificate):
    with Sink(ssl_context=certificate.for_server(), server_hostname="localhost") as sink:
        settings = Settings(sink.port, use_ssl=True)
        assert send(settings, tls=certificate.for_client(), deadlines=Deadlines()).outcome is Outcome.SENT


def test_a_mail_goes_to_a_server_that_asks_who_we_are(certificate: Certificate):
    with asking_sink(certificate) as sink:
        settings = Settings(sink.port, use_tls=True, username="circle", password="right")
        assert send(settings, tls=certificate.for_client(), deadlines=Deadlines()).outcome is Outcome.SENT


def asking_sink(certificate: Certificate) -> Sink:
    def authenticator(*asked: object) -> AuthResult:
        return AuthResult(success=asked[-1].password == b"right", handled=False)

    return Sink(tls_context=certificate.for_server(), auth_required=True, authenticator=authenticator)


def test_no_words_ever_hold_the_password(certificate: Certificate):
    with asking_sink(certificate) as sink:
        settings = Settings(sink.port, use_tls=True, username="circle", password="wrong-horse")
        delivery = send(settings, tls=certificate.for_client(), deadlines=Deadlines())
    assert "wrong-horse" not in delivery.words


@pytest.mark.parametrize("code", ["421", "454"])
def test_a_sign_in_that_fails_for_now_is_tried_again(code: str):
    with ScriptedServer(ehlo="250-hello\r\n250 AUTH PLAIN", auth=f"{code} later") as server:
        delivery = send(Settings(server.port, username="circle", password="right"))
    assert delivery.outcome is Outcome.RETRY


def test_a_password_no_server_could_read_waits_for_the_operator():
    with ScriptedServer(ehlo="250-hello\r\n250 AUTH PLAIN") as server:
        delivery = send(Settings(server.port, username="circle", password="grün"))
    assert delivery.outcome is Outcome.CONFIGURATION


@pytest.mark.parametrize("answer", [None, "454 later", "502 no", DROP])
def test_nothing_is_said_in_plain_text_when_starttls_fails(answer: str | None):
    offers = "250 hello" if answer is None else "250-hello\r\n250 STARTTLS"
    with ScriptedServer(ehlo=offers, starttls=answer or "502 no") as server:
        send(Settings(server.port, use_tls=True, username="circle", password="right"))
    assert {command.split()[0].lower() for command in server.commands} <= {"ehlo", "starttls"}


def test_nothing_is_sent_while_sending_is_switched_off():
    assert send(Settings(free_port(), suppress=True)).outcome is Outcome.CONFIGURATION


@pytest.mark.parametrize(
    ("stage", "answer", "outcome"),
    [
        ("mail", "554 5.7.1 not you", Outcome.CONFIGURATION),
        ("rcpt", "530 sign in first", Outcome.CONFIGURATION),
        ("rcpt", "550 5.7.1 not from you", Outcome.RECIPIENT_REFUSED),
        ("body", "554 5.6.0 broken", Outcome.MAIL_REFUSED),
        ("body", "354 what", Outcome.UNKNOWN),
    ],
)
def test_an_answer_decides_what_came_of_the_mail(stage: str, answer: str, outcome: Outcome):
    with ScriptedServer(**{stage: answer}) as server:
        assert send(Settings(server.port)).outcome is outcome


@pytest.mark.parametrize(
    ("answer", "dead"),
    [
        ("550 5.1.1 nobody", True),
        ("554 5.1.6 moved", True),
        ("550 nobody", True),
        ("551 elsewhere", True),
        ("553 no such name", True),
        ("550 5.7.1 not from you", False),
        ("552 5.2.2 mailbox full", False),
        ("550 5.1.8 bad sender", False),
        ("554 no", False),
        ("450 5.1.1 later", False),
    ],
)
def test_an_address_is_dead_only_when_the_server_says_so(answer: str, dead: bool):
    with ScriptedServer(rcpt=answer) as server:
        assert send(Settings(server.port)).address_is_dead is dead


def test_the_words_quote_the_server():
    with ScriptedServer(rcpt="550 5.1.1 No such user here") as server:
        words = send(Settings(server.port)).words
    assert words == "The mail server answered 550 5.1.1 No such user here."


def test_the_words_hold_nothing_that_cannot_be_shown():
    with ScriptedServer(rcpt="550-5.1.1 No\x1b[31m\r\n550 such\x00 user\u202e") as server:
        assert send(Settings(server.port)).words.isprintable()


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body"])
def test_a_refused_mail_leaves_the_next_one_alone(stage: str):
    good = "354 go on" if stage == "data" else "250 fine"
    with ScriptedServer(**{stage: ["550 no", good]}) as server:
        assert send_twice(server.port)[1].outcome is Outcome.SENT


def test_a_refused_mail_does_not_cost_the_connection():
    with ScriptedServer(rcpt=["550 no", "250 fine"]) as server:
        send_twice(server.port)
    assert server.connections == 1


@pytest.mark.parametrize("manner", [DROP, SILENCE, DRIP, "500 what"])
def test_a_goodbye_that_fails_takes_nothing_back(manner: str):
    with ScriptedServer(quit=manner) as server:
        assert send(Settings(server.port)).outcome is Outcome.SENT


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body"])
def test_a_broken_connection_is_made_anew_for_the_next_mail(stage: str):
    good = "354 go on" if stage == "data" else "250 fine"
    with ScriptedServer(**{stage: [DROP, good]}) as server:
        assert send_twice(server.port)[1].outcome is Outcome.SENT


@pytest.mark.parametrize("manner", [DROP, "421 idle too long"])
def test_a_kept_connection_that_has_ended_does_not_cost_the_next_mail(manner: str):
    with ScriptedServer(mail=["250 fine", manner, "250 fine"]) as server:
        assert [delivery.outcome for delivery in send_twice(server.port)] == [Outcome.SENT] * 2


def test_a_line_without_end_is_no_answer():
    with ScriptedServer(mail="250 " + "x" * 9000) as server:
        assert send(Settings(server.port)).outcome is Outcome.RETRY


@pytest.mark.parametrize(
    "address", ["", "a b@c.de", "bén@example.net", f"{BEN}>\r\nRCPT TO:<{ADA}", f"Ben <{BEN}>"]
)
def test_what_is_not_one_plain_address_never_reaches_the_server(address: str):
    with ScriptedServer() as server, Relay(Settings(server.port), SHORT) as relay:
        assert relay.send(WIRE, ADA, address, nothing).outcome is Outcome.RECIPIENT_REFUSED
    assert server.commands == []
