"""Whatever a mail server does wrong, one mail ends in one stated way, in time, and never in plain text."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path

import pytest
from flask import Flask

from circle import worker
from circle.models import OutboxMail, Site
from circle.rules.states import MailKind, MailState
from circle.services.post import outbox
from circle.services.work import writing
from tests import story
from tests.black_holes import never_taking
from tests.cast import NOON, Cast
from tests.certificates import ELSEWHERE, Certificate, made_certificate
from tests.scripted_server import DRIP, DROP, LATE, SILENCE, ScriptedServer
from tests.smtp_sink import Sink, free_port

RELIABILITY = Path(__file__).resolve().parent.parent.parent / "RELIABILITY.md"
DEADLINE = 0.4
"""Seconds, for a connection, an answer and the answer to a whole mail alike."""
ROOM = 5.0
"""Far less than the silence of the servers here, and far more than a pass takes beside its deadlines."""
STARTTLS = "250-hello\r\n250 STARTTLS"
SIGN_IN = "250-hello\r\n250 AUTH PLAIN"
SECRETS = {"auth", "mail", "rcpt", "data"}
"""What a server that does not encrypt, or is not trusted, never hears."""


class Ends(Enum):
    """What becomes of the mail, and so of the row in the outbox."""

    SENT = "sent"
    AGAIN = "tried again soon, written anew"
    AGAIN_AS_IT_WAS = "tried again soon, byte for byte"
    HELD = "kept, with all others, until the operator has mended a setting"
    FAILED = "failed, alone"
    UNKNOWN = "given up, and said so: it may have arrived"


class Secured(Enum):
    """How MAIL_USE_TLS and MAIL_USE_SSL are set."""

    NOT = "not"
    STARTTLS = "starttls"
    FROM_THE_START = "from the start"


@dataclass(frozen=True)
class Fault:
    """One thing a mail server does, and what comes of it for a letter that may come twice, or a reminder."""

    does: str
    ends: Ends
    words: str
    answers: dict[str, str] = field(default_factory=dict)
    kind: MailKind = MailKind.ROUND_OPENED
    secured: Secured = Secured.NOT
    certificate: str = "good"
    signs_in: bool = False
    drip_seconds: float = 0.05


def plain(does: str, ends: Ends, words: str, **answers: str) -> Fault:
    return Fault(does, ends, words, answers)


def reminder(does: str, ends: Ends, words: str, **answers: str) -> Fault:
    return Fault(f"{does}, to a reminder", ends, words, answers, MailKind.NUDGE)


def starttls(does: str, ends: Ends, words: str, certificate: str = "good", **answers: str) -> Fault:
    offered = {"ehlo": STARTTLS} | answers
    return Fault(does, ends, words, offered, secured=Secured.STARTTLS, certificate=certificate)


def tls(does: str, ends: Ends, words: str, certificate: str = "good", **answers: str) -> Fault:
    return Fault(does, ends, words, answers, secured=Secured.FROM_THE_START, certificate=certificate)


def sign_in(does: str, ends: Ends, words: str, **answers: str) -> Fault:
    offered = {"ehlo": SIGN_IN} | answers
    return Fault(does, ends, words, offered, secured=Secured.FROM_THE_START, signs_in=True)


SENT, AGAIN, AS_IT_WAS = Ends.SENT, Ends.AGAIN, Ends.AGAIN_AS_IT_WAS
HELD, FAILED, UNKNOWN = Ends.HELD, Ends.FAILED, Ends.UNKNOWN
LATE_CALL = "timed out"
NO_ANSWER = f"no answer within {DEADLINE:g} seconds"
CLOSED = "Connection unexpectedly closed"

TABLE = (
    # the mail server ...                  and the mail is            in words
    plain("keeps the mail", SENT, "250 kept"),
    # nobody there, or nobody who speaks
    plain("refuses the connection", AGAIN, "could not be reached", greeting="refused"),
    plain("never takes the call", AGAIN, LATE_CALL, greeting="not taken"),
    plain("has no name", AGAIN, "could not be reached", greeting="no name"),
    plain("greets with silence", AGAIN, NO_ANSWER, greeting=SILENCE),
    plain("drips its greeting", AGAIN, NO_ANSWER, greeting=DRIP),
    Fault("drips a byte a second", AGAIN, NO_ANSWER, {"greeting": DRIP}, drip_seconds=1.0),
    plain("hangs up at once", AGAIN, CLOSED, greeting=DROP),
    plain("greets with 421", AGAIN, "421 too busy", greeting="421 too busy"),
    plain("greets with 554", AGAIN, "554 not today", greeting="554 not today"),
    plain("greets with no SMTP", AGAIN, "not SMTP", greeting="hello"),
    # for now
    plain("says 421 to EHLO", AGAIN, CLOSED, ehlo="421 later", helo="421 later"),
    plain("says 421 to MAIL", AGAIN, "421 later", mail="421 later"),
    plain("says 421 to RCPT", AGAIN, "421 later", rcpt="421 later"),
    plain("says 421 to DATA", AGAIN, "421 later", data="421 later"),
    plain("says 421 to the whole mail", AGAIN, "421 later", body="421 later"),
    plain("says 450 to MAIL", AGAIN, "450 later", mail="450 later"),
    plain("says 450 to RCPT", AGAIN, "450 greylisted", rcpt="450 greylisted"),
    plain("says 450 to DATA", AGAIN, "450 later", data="450 later"),
    plain("says 450 to the whole mail", AGAIN, "450 later", body="450 later"),
    reminder("says 450 to the whole mail", AGAIN, "450 later", body="450 later"),
    # for good
    plain("says 550 to MAIL", HELD, "550 not you", mail="550 not you"),
    plain("says 552 to MAIL", FAILED, "552 too big", mail="552 too big"),
    plain("says 550 to RCPT", FAILED, "550 nobody", rcpt="550 nobody"),
    plain("says 550 to DATA", FAILED, "550 no", data="550 no"),
    plain("says 550 to the whole mail", FAILED, "550 spam", body="550 spam"),
    plain("wants a sign-in nobody set", HELD, "530 sign in", mail="530 sign in"),
    # hangs up
    plain("hangs up at EHLO", AGAIN, CLOSED, ehlo=DROP, helo=DROP),
    plain("hangs up at MAIL", AGAIN, CLOSED, mail=DROP),
    plain("hangs up at RCPT", AGAIN, CLOSED, rcpt=DROP),
    plain("hangs up at DATA", AGAIN, CLOSED, data=DROP),
    reminder("hangs up at DATA", AGAIN, CLOSED, data=DROP),
    plain("hangs up after the whole mail", AS_IT_WAS, "no answer came", body=DROP),
    reminder("hangs up after the whole mail", UNKNOWN, "may not have arrived", body=DROP),
    plain("hangs up after its 250", SENT, "250 kept", quit=DROP),
    # says nothing, or too slowly
    plain("is silent at EHLO", AGAIN, NO_ANSWER, ehlo=SILENCE),
    plain("is silent at MAIL", AGAIN, NO_ANSWER, mail=SILENCE),
    plain("is silent at RCPT", AGAIN, NO_ANSWER, rcpt=SILENCE),
    plain("is silent at DATA", AGAIN, NO_ANSWER, data=SILENCE),
    plain("is silent after the whole mail", AS_IT_WAS, NO_ANSWER, body=SILENCE),
    reminder("is silent after the whole mail", UNKNOWN, "may not have arrived", body=SILENCE),
    plain("drips its last answer", AS_IT_WAS, NO_ANSWER, body=DRIP),
    plain("is slow with its last answer", SENT, "250 kept", body=f"{LATE}250 kept"),
    plain("is silent after its 250", SENT, "250 kept", quit=SILENCE),
    # says what nobody understands
    plain("says 250 to DATA", AGAIN, "made no sense", data="250 what"),
    plain("says 354 to the whole mail", AS_IT_WAS, "made no sense", body="354 what"),
    plain("answers without end", AGAIN, "too long", mail="250 " + "x" * 9000),
    # STARTTLS is required
    starttls("encrypts after STARTTLS", SENT, "250 kept"),
    starttls("offers no STARTTLS", HELD, "STARTTLS", ehlo="250 hello"),
    starttls("says 454 to STARTTLS", AGAIN, "454 later", starttls="454 later"),
    starttls("says 502 to STARTTLS", HELD, "502 no", starttls="502 no"),
    starttls("hangs up at STARTTLS", AGAIN, CLOSED, starttls=DROP),
    starttls("hangs up while encrypting after STARTTLS", AGAIN, "went away", handshake=DROP),
    starttls("never encrypts after STARTTLS", AGAIN, LATE_CALL, handshake=SILENCE),
    starttls("drips while encrypting after STARTTLS", AGAIN, LATE_CALL, handshake=DRIP),
    starttls("shows a certificate nobody vouches for", HELD, "certificate", "unknown"),
    starttls("shows the certificate of another host", HELD, "certificate", "elsewhere"),
    starttls("shows a certificate that has run out", HELD, "certificate has expired", "expired"),
    # TLS from the first byte
    tls("encrypts from the start", SENT, "250 kept"),
    tls("speaks plain text where TLS is set", HELD, "speaks no TLS", greeting="plain"),
    tls("never encrypts from the start", AGAIN, LATE_CALL, handshake=SILENCE),
    tls("drips while encrypting from the start", AGAIN, LATE_CALL, handshake=DRIP),
    tls("shows such a certificate from the start", HELD, "certificate", "unknown"),
    tls("shows that of another host from the start", HELD, "certificate", "elsewhere"),
    tls("shows from the start one that has run out", HELD, "certificate has expired", "expired"),
    # asks who we are
    sign_in("takes our password", SENT, "250 kept"),
    sign_in("says 535 to the password", HELD, "535 wrong", auth="535 wrong"),
    sign_in("says 454 to the password", AGAIN, "454 later", auth="454 later"),
    sign_in("says 421 to the password", AGAIN, "421 later", auth="421 later"),
    sign_in("hangs up at the password", AGAIN, CLOSED, auth=DROP),
    sign_in("is silent at the password", AGAIN, NO_ANSWER, auth=SILENCE),
    sign_in("offers no sign-in", HELD, "cannot be used as it is set up", ehlo="250 hello"),
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Certificate]:
    """One certificate of each sort; all but the unknown one are vouched for."""
    folder = tmp_path_factory.mktemp
    return {
        "good": made_certificate(folder("good")),
        "unknown": made_certificate(folder("unknown")),
        "elsewhere": made_certificate(folder("elsewhere"), ELSEWHERE),
        "expired": made_certificate(folder("expired"), ends=-timedelta(hours=1)),
    }


@pytest.fixture
def believed(certificates: dict[str, Certificate], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine believe all certificates but the unknown one, as OpenSSL is told to."""
    vouched = [each.file.read_text() for name, each in certificates.items() if name != "unknown"]
    (tmp_path / "believed.pem").write_text("\n".join(vouched))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "believed.pem"))


@pytest.fixture
def hasty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker wait for nobody longer than the deadline of this table."""
    for name in ("MAIL_CONNECT_SECONDS", "MAIL_COMMAND_SECONDS", "MAIL_FINAL_SECONDS"):
        monkeypatch.setitem(app.config, name, DEADLINE)


@pytest.mark.usefixtures("believed", "hasty")
@pytest.mark.parametrize("fault", TABLE, ids=lambda fault: fault.does.replace(" ", "-"))
def test_one_mail_ends_in_one_way_when_the_server(
    fault: Fault, app: Flask, cast: Cast, sink: Sink, certificates, monkeypatch: pytest.MonkeyPatch
):
    queue(fault.kind, app, cast)
    with served(fault, certificates) as (server, host, port):
        point_to(app, monkeypatch, host, port, fault)
        begun = time.monotonic()
        with app.app_context():
            worker.tick(NOON)
        assert time.monotonic() - begun < ROOM
    assert_nothing_in_plain_text(fault, server)
    assert_ended(fault, app)
    assert fault.words in mail(app).words
    point_to(app, monkeypatch, "127.0.0.1", sink.port)
    assert_arrives_in_the_end(fault, app, sink, server)


def test_the_table_stands_in_the_documentation():
    rows = [f"| {fault.does} | {fault.ends.value} |" for fault in TABLE]
    block = "\n".join(["| the mail server ... | and the mail is ... |", "| --- | --- |", *rows])
    assert f"<!-- faults -->\n{block}\n<!-- /faults -->" in RELIABILITY.read_text(encoding="utf-8")


def queue(kind: MailKind, app: Flask, cast: Cast) -> None:
    """Let one mail wait: Ben is told that a round has opened, or what he has left to do."""
    round_ = story.begin(cast, "Ben", "Cy")
    with app.app_context(), writing() as session:
        session.query(OutboxMail).delete()
        about = {"person_id": round_.id("Ben"), "circle_id": round_.stage.id, "round_id": round_.round_id()}
        outbox.queue(kind, key="the one", now=NOON, by_id=round_.id("Ada"), **about)


@contextmanager
def served(fault: Fault, certificates) -> Iterator[tuple[ScriptedServer | None, str, int]]:
    """Start what the mail is given to; where nobody answers there is no server."""
    greeting = fault.answers.get("greeting")
    if greeting == "refused":
        yield None, "127.0.0.1", free_port()
    elif greeting == "no name":
        yield None, "mail.invalid", 25
    elif greeting == "not taken":
        with never_taking() as port:
            yield None, "127.0.0.1", port
    else:
        first = fault.secured is Secured.FROM_THE_START and greeting != "plain"
        tls = certificates[fault.certificate].for_server()
        with ScriptedServer(
            tls=tls, encrypted_first=first, drip_seconds=fault.drip_seconds, **fault.answers
        ) as server:
            yield server, "127.0.0.1", server.port


def point_to(
    app: Flask, monkeypatch: pytest.MonkeyPatch, host: str, port: int, fault: Fault | None = None
) -> None:
    """Set the MAIL_ settings for what is served."""
    state = app.extensions["mail"]
    monkeypatch.setattr(state, "server", host)
    monkeypatch.setattr(state, "port", port)
    monkeypatch.setattr(state, "use_tls", bool(fault and fault.secured is Secured.STARTTLS))
    monkeypatch.setattr(state, "use_ssl", bool(fault and fault.secured is Secured.FROM_THE_START))
    monkeypatch.setattr(state, "username", "circle" if fault and fault.signs_in else None)
    monkeypatch.setattr(state, "password", "a secret horse" if fault and fault.signs_in else None)


def assert_nothing_in_plain_text(fault: Fault, server: ScriptedServer | None) -> None:
    """See that a server which did not encrypt, or was not trusted, was told nothing."""
    if fault.secured is Secured.NOT or server is None:
        return
    heard = server.in_plain_text if fault.certificate == "good" else server.commands
    assert SECRETS.isdisjoint(verb(command) for command in heard)


def assert_ended(fault: Fault, app: Flask) -> None:
    """Read the row of the outbox, and whether all mail waits."""
    row = mail(app)
    states = {Ends.SENT: MailState.SENT, Ends.FAILED: MailState.FAILED, Ends.UNKNOWN: MailState.UNKNOWN}
    assert row.state is states.get(fault.ends, MailState.QUEUED)
    assert (row.wire is not None) is (fault.ends is Ends.AGAIN_AS_IT_WAS)
    assert mail_is_paused(app) is (fault.ends is Ends.HELD)
    if fault.ends in {Ends.AGAIN, Ends.AGAIN_AS_IT_WAS}:
        assert row.try_at
        assert row.try_at < NOON + timedelta(minutes=2)
    else:
        assert (row.try_at is None) is (fault.ends is not Ends.HELD)
    assert "secret horse" not in row.words


def assert_arrives_in_the_end(fault: Fault, app: Flask, sink: Sink, server: ScriptedServer | None) -> None:
    """Let a good server stand there: what waits arrives once, and what has ended stays so."""
    with app.app_context():
        worker.tick(NOON + timedelta(minutes=6))
    if fault.ends in {Ends.SENT, Ends.FAILED, Ends.UNKNOWN}:
        assert sink.mails == []
        return
    assert [each.recipients for each in sink.mails] == [("ben@example.org",)]
    assert mail(app).state is MailState.SENT
    if fault.ends is Ends.AGAIN_AS_IT_WAS and server:
        assert bare(sink.mails[0].raw) == bare(server.bodies[0])


def verb(command: str) -> str:
    """Return what a command is, without what it is about."""
    return command.partition(" ")[0].lower()


def mail(app: Flask) -> OutboxMail:
    """Return the one mail as it stands in the outbox."""
    [row] = story.mails(app)
    return row


def mail_is_paused(app: Flask) -> bool:
    """Say whether all mail waits for the operator."""
    with app.app_context(), writing() as session:
        site = session.get(Site, 1)
        return bool(site and site.mail_paused_at)


def bare(raw: bytes) -> list[bytes]:
    """Return a mail's lines, without the dots that SMTP adds or takes."""
    return raw.replace(b"\r\n..", b"\r\n.").strip().splitlines()
