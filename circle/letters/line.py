"""The line to a mail server: SMTP as the standard library speaks it, with deadlines that hold."""

import io
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


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
        with self._within(self._deadlines.final) as patience:
            self._push(re.sub(rb"(?m)^\.", b"..", wire) + ending, patience)
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

    def _push(self, wire: bytes, patience: "_Patience") -> None:
        try:
            rest = memoryview(wire)
            while rest:
                rest = rest[patience.send(rest) :]
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"Connection unexpectedly closed: {error}") from error

    @contextmanager
    def _within(self, seconds: float) -> Iterator["_Patience"]:
        patience = self._patience_for(self.sock)
        patience.begin(seconds)
        try:
            yield patience
        except smtplib.SMTPServerDisconnected as error:
            if not patience.is_over:
                raise
            raise smtplib.SMTPServerDisconnected(f"no answer within {seconds:g} seconds") from error
        finally:
            if self.sock:
                self.sock.settimeout(self._deadlines.command)

    def _patience_for(self, sock: socket.socket | None) -> "_Patience":
        if sock is None:
            raise smtplib.SMTPServerDisconnected("there is no connection")
        # The standard library reads from here; it forgets it with each new connection and with STARTTLS.
        if self.file is None:
            self._patience = _Patience(sock)
            self.file = io.BufferedReader(self._patience)
        return self._patience


class TlsLine(Line, smtplib.SMTP_SSL):
    """One connection that is encrypted from its first byte."""


class _Patience(io.RawIOBase):
    """A socket's ends, on which all waiting together takes no longer than it was begun with.

    A socket's own timeout starts anew with each byte, so a server that drips would hold us for ever.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.is_over = False
        self._sock = sock
        self._ends = 0.0

    def begin(self, seconds: float) -> None:
        """Count from now on."""
        self._ends = time.monotonic() + seconds

    def readable(self) -> bool:
        """Say that one can read here."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes; raise TimeoutError once the time is over."""
        with self._waiting():
            return self._sock.recv_into(buffer)

    def send(self, rest: memoryview) -> int:
        """Send what goes now and return how much; raise TimeoutError once the time is over."""
        with self._waiting():
            return self._sock.send(rest)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        left = self._ends - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError("timed out")
            self._sock.settimeout(left)
            yield
        except TimeoutError:
            self.is_over = True
            raise


def _own_name() -> str:
    # The standard library asks the name server here, for as long as that likes to take.
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
