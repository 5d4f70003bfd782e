"""A real SMTP server on loopback that keeps every mail it is given."""

import socket
import threading
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class ReceivedMail:
    """One mail as the server got it: parsed, in raw bytes, and from whom to whom."""

    message: EmailMessage
    raw: bytes
    sender: str
    recipients: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the plain text part, or the whole body where there is only one."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """Return the HTML part, or nothing where there is none."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content().replace("\r\n", "\n") if part else ""


class Sink:
    """Accept mail on a port of 127.0.0.1 between start() and stop(); options go to aiosmtpd."""

    def __init__(self, port: int | None = None, **options: object) -> None:
        self.mails: list[ReceivedMail] = []
        self.port = port or free_port()
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    def start(self) -> Self:
        """Begin to listen; return the sink itself."""
        self._controller.start()
        return self

    def stop(self) -> None:
        """Stop listening and end the server's thread."""
        self._controller.stop()

    def clear(self) -> None:
        """Forget the mails received so far."""
        with self._arrived:
            self.mails.clear()

    def wait_for(self, count: int, seconds: float = 5) -> list[ReceivedMail]:
        """Return the mails once there are at least `count`; raise AssertionError after `seconds`."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: len(self.mails) >= count, seconds)
            assert came, f"only {len(self.mails)} of {count} mails came in {seconds} s"
            return list(self.mails)

    def mails_to(self, address: str) -> list[ReceivedMail]:
        """Return the mails for one address, in the order they came."""
        return [mail for mail in list(self.mails) if address in mail.recipients]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep the mail before the server says 250, so that a sender who was answered can look at once."""
        raw = bytes(envelope.content or b"")
        message = BytesParser(policy=policy.default).parsebytes(raw)
        with self._arrived:
            self.mails.append(ReceivedMail(message, raw, envelope.mail_from or "", tuple(envelope.rcpt_tos)))
            self._arrived.notify_all()
        return "250 OK"


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
