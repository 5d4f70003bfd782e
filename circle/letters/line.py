"""The line to a mail server: SMTP as the standard library speaks it, with deadlines that hold."""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadlines:
    """How long to wait, in seconds: for a connection, for an answer, and for the answer to a whole mail."""

    connect: float = 10
    command: float = 30
    final: float = 300


class Line(smtplib.SMTP):
    """One connection, plain at first; each answer has to be whole within its deadline."""

    def __init__(self, host: str, port: int, deadlines: Deadlines, **tls: ssl.SSLContext) -> None:
        self._deadlines = deadlines
        super().__init__(
            host,
            port,
            local_hostname=_own_name(),
            timeout=deadlines.connect,
            **tls,  # type: ignore[arg-type]  # only TlsLine is given it
        )

    def getreply(self) -> tuple[int, bytes]:
        """Return the answer; raise SMTPServerDisconnected when it is late, cut off or no SMTP."""
        with self._within(self._deadlines.command):
            return self._whole_reply()

    def hand_over(self, wire: bytes) -> tuple[int, bytes]:
        """Send the mail's bytes after a 354 and return the final answer."""
        ending = b".\r\n" if wire.endswith(b"\r\n") else b"\r\n.\r\n"
        with self._within(self._deadlines.final):
            self.send(re.sub(rb"(?m)^\.", b"..", wire) + ending)
            return self._whole_reply()

    def _whole_reply(self) -> tuple[int, bytes]:
        try:
            code, answer = super().getreply()
        except smtplib.SMTPResponseException as error:
            raise smtplib.SMTPServerDisconnected("its answer was too long") from error
        if not 200 <= code < 600:
            self.close()
            raise smtplib.SMTPServerDisconnected("its answer was not SMTP")
        return code, answer

    # A socket's own timeout starts anew with each byte, so a server that drips would hold us for ever.
    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        alarm = _Alarm(self.sock, seconds) if self.sock else None
        try:
            yield
        except smtplib.SMTPServerDisconnected:
            if not (alarm and alarm.rang):
                raise
        finally:
            if alarm:
                alarm.stop()
        # Also after a good-looking answer: what was read may be a line cut off by the alarm.
        if alarm and alarm.rang:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"no answer within {seconds:g} seconds")


class TlsLine(Line, smtplib.SMTP_SSL):
    """One connection that is encrypted from its first byte."""


class _Alarm:
    """Shut a socket once its time is over, so that whoever reads from it wakes up."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.rang = False
        self._sock, self._seconds = sock, seconds
        # Later than the alarm, so that it is always the alarm that ends the waiting.
        sock.settimeout(seconds + 1)
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """End the waiting; after this the alarm does not ring any more."""
        self._timer.cancel()
        self._timer.join()
        with suppress(OSError):
            self._sock.settimeout(self._seconds)

    def _ring(self) -> None:
        self.rang = True
        # Past SSLSocket.shutdown, which would take the session away from under the reader.
        with suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


def _own_name() -> str:
    # The standard library asks the name server here, for as long as that likes to take.
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
