"""What comes of a mail is known whatever the mail server does."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from circle.formats.message import Envelope, wire_bytes
from circle.letters.connection import Relay
from circle.letters.line import Deadlines
from circle.letters.outcomes import Delivery, Outcome
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


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path

    def for_server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context

    def for_client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.file)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return made_certificate(tmp_path_factory.mktemp("tls"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


@pytest.fixture(scope="module")
def foreign_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return made_certificate(tmp_path_factory.mktemp("foreign"), x509.DNSName("mail.example.com"))


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


def made_certificate(folder: Path, host: x509.GeneralName) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(file, key_file)


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


def test_a_server_that_is_not_there_is_tried_again():
    assert send(Settings(free_port())).outcome is Outcome.RETRY


def test_a_server_whose_name_is_unknown_is_tried_again():
    assert send(Settings(25, server="mail.invalid")).outcome is Outcome.RETRY


@pytest.mark.parametrize("manner", [SILENCE, DRIP, DROP, "421 too busy", "554 not today", "hello"])
def test_a_server_without_a_good_greeting_is_tried_again(manner: str):
    with ScriptedServer(greeting=manner) as server:
        assert send(Settings(server.port)).outcome is Outcome.RETRY


@pytest.mark.parametrize("manner", [SILENCE, DRIP])
@pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data", "body"])
def test_no_server_holds_us_longer_than_the_deadline(stage: str, manner: str):
    with ScriptedServer(**{stage: manner}) as server:
        begin = time.monotonic()
        send(Settings(server.port))
        assert time.monotonic() - begin < 1.5


def test_a_server_that_never_takes_the_call_is_tried_again():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        assert send(Settings(port)).outcome is Outcome.RETRY


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


def test_a_wrong_password_waits_for_the_operator(certificate: Certificate):
    with asking_sink(certificate) as sink:
        settings = Settings(sink.port, use_tls=True, username="circle", password="wrong")
        delivery = send(settings, tls=certificate.for_client(), deadlines=Deadlines())
    assert (delivery.outcome, delivery.code) == (Outcome.CONFIGURATION, 535)


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


def test_a_server_without_sign_in_waits_for_the_operator():
    with ScriptedServer() as server:
        delivery = send(Settings(server.port, username="circle", password="right"))
    assert delivery.outcome is Outcome.CONFIGURATION


def test_a_server_without_starttls_waits_for_the_operator():
    with ScriptedServer() as server:
        assert send(Settings(server.port, use_tls=True)).outcome is Outcome.CONFIGURATION


@pytest.mark.parametrize("answer", [None, "454 later", "502 no", DROP])
def test_nothing_is_said_in_plain_text_when_starttls_fails(answer: str | None):
    offers = "250 hello" if answer is None else "250-hello\r\n250 STARTTLS"
    with ScriptedServer(ehlo=offers, starttls=answer or "502 no") as server:
        send(Settings(server.port, use_tls=True, username="circle", password="right"))
    assert {command.split()[0].lower() for command in server.commands} <= {"ehlo", "starttls"}


def test_a_starttls_refused_for_now_is_tried_again():
    with ScriptedServer(ehlo="250-hello\r\n250 STARTTLS", starttls="454 later") as server:
        assert send(Settings(server.port, use_tls=True)).outcome is Outcome.RETRY


def test_a_server_that_goes_away_instead_of_encrypting_is_tried_again():
    with ScriptedServer(ehlo="250-hello\r\n250 STARTTLS", starttls=DROP) as server:
        assert send(Settings(server.port, use_tls=True)).outcome is Outcome.RETRY


def test_a_server_that_never_encrypts_is_given_up_in_time():
    with ScriptedServer(ehlo="250-hello\r\n250 STARTTLS") as server:
        assert send(Settings(server.port, use_tls=True)).outcome is Outcome.RETRY


def test_a_certificate_nobody_vouches_for_waits_for_the_operator(certificate: Certificate):
    with Sink(tls_context=certificate.for_server()) as sink:
        delivery = send(Settings(sink.port, use_tls=True), deadlines=Deadlines())
    assert delivery.outcome is Outcome.CONFIGURATION


def test_a_certificate_for_another_host_waits_for_the_operator(foreign_certificate: Certificate):
    with Sink(tls_context=foreign_certificate.for_server()) as sink:
        settings = Settings(sink.port, use_tls=True)
        delivery = send(settings, tls=foreign_certificate.for_client(), deadlines=Deadlines())
    assert delivery.outcome is Outcome.CONFIGURATION


def test_a_server_that_speaks_plain_text_where_tls_is_set_waits_for_the_operator():
    with ScriptedServer() as server:
        assert send(Settings(server.port, use_ssl=True)).outcome is Outcome.CONFIGURATION


def test_nothing_is_sent_while_sending_is_switched_off():
    assert send(Settings(free_port(), suppress=True)).outcome is Outcome.CONFIGURATION


@pytest.mark.parametrize(
    ("stage", "answer", "outcome"),
    [
        ("ehlo", "421 later", Outcome.RETRY),
        ("mail", "421 later", Outcome.RETRY),
        ("mail", "450 later", Outcome.RETRY),
        ("mail", "530 5.7.0 sign in first", Outcome.CONFIGURATION),
        ("mail", "550 not you", Outcome.CONFIGURATION),
        ("mail", "554 5.7.1 not you", Outcome.CONFIGURATION),
        ("mail", "552 5.3.4 too big", Outcome.MAIL_REFUSED),
        ("rcpt", "421 later", Outcome.RETRY),
        ("rcpt", "450 4.2.0 greylisted", Outcome.RETRY),
        ("rcpt", "451 later", Outcome.RETRY),
        ("rcpt", "530 sign in first", Outcome.CONFIGURATION),
        ("rcpt", "550 5.1.1 nobody", Outcome.RECIPIENT_REFUSED),
        ("rcpt", "550 5.7.1 not from you", Outcome.RECIPIENT_REFUSED),
        ("data", "421 later", Outcome.RETRY),
        ("data", "450 later", Outcome.RETRY),
        ("data", "550 no", Outcome.MAIL_REFUSED),
        ("data", "250 what", Outcome.RETRY),
        ("body", "421 later", Outcome.RETRY),
        ("body", "450 later", Outcome.RETRY),
        ("body", "550 spam", Outcome.MAIL_REFUSED),
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


@pytest.mark.parametrize("stage", ["greeting", "ehlo", "mail", "rcpt", "data"])
@pytest.mark.parametrize("manner", [DROP, SILENCE, DRIP])
def test_a_connection_that_breaks_before_the_mail_was_handed_over_is_tried_again(stage: str, manner: str):
    with ScriptedServer(**{stage: manner}) as server:
        assert send(Settings(server.port)).outcome is Outcome.RETRY


@pytest.mark.parametrize("manner", [DROP, SILENCE, DRIP])
def test_nobody_knows_after_a_mail_was_handed_over_without_an_answer(manner: str):
    with ScriptedServer(body=manner) as server:
        assert send(Settings(server.port)).outcome is Outcome.UNKNOWN


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
