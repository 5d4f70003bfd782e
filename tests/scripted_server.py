"""A mail server that says what a test wants, for what no well-behaved server would do."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

DROP = "drop"
SILENCE = "silence"
DRIP = "drip"
LATE = "late "
"""Put before an answer: it comes after LATE_SECONDS."""
LATE_SECONDS = 0.15
LONGEST_SILENCE = 30.0

GOOD_MANNERS = {
    "greeting": "220 ready",
    "ehlo": "250 hello",
    "helo": "250 hello",
    "mail": "250 fine",
    "rcpt": "250 fine",
    "data": "354 go on",
    "body": "250 kept",
    "rset": "250 fine",
    "quit": "221 goodbye",
    "auth": "235 welcome",
    "starttls": "220 go on",
    "handshake": "now",
}
A_RECORD_WITHOUT_END = b"\x16\x03\x03\x3f\xff\x02" + bytes(200)
"""How a TLS server's first answer begins, of which more is always to come."""


class ScriptedServer:
    """Answer each command as told: a line of SMTP, DROP, SILENCE or DRIP; a list is said in turn.

    With `tls` it encrypts after STARTTLS, or from the first byte when `encrypted_first`.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        encrypted_first: bool = False,
        drip_seconds: float = 0.05,
        port: int = 0,
        **answers: str | list[str],
    ) -> None:
        self.commands: list[str] = []
        self.in_plain_text: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._tls, self._encrypted_first, self._drip_seconds = tls, encrypted_first, drip_seconds
        told = GOOD_MANNERS | answers
        self._answers = {
            stage: [said] if isinstance(said, str) else list(said) for stage, said in told.items()
        }
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        # Closing alone does not wake up who waits in accept.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        self._listener.settimeout(0.1)
        while not self._over.is_set():
            with suppress(OSError):
                caller, _ = self._listener.accept()
                self.connections += 1
                self._take(caller)

    def _take(self, caller: socket.socket) -> None:
        with caller:
            caller.settimeout(0.05)
            if self._encrypted_first:
                self._encrypt_and(self._converse, caller)
            else:
                self._converse(caller)

    def _encrypt_and(self, go_on: Callable[[socket.socket], None], caller: socket.socket) -> None:
        if not self._shakes_hands(caller):
            return
        assert self._tls
        caller.settimeout(5)
        with self._tls.wrap_socket(caller, server_side=True) as encrypted:
            encrypted.settimeout(0.05)
            go_on(encrypted)

    def _shakes_hands(self, caller: socket.socket) -> bool:
        [manner] = self._answers["handshake"]
        if manner == DRIP:
            # Before the client has begun, it would still read this as more of the line above.
            _LineReader(caller, self._over.is_set).anything()
            self._drip(caller, A_RECORD_WITHOUT_END)
        elif manner == SILENCE or not self._tls:
            self._over.wait(LONGEST_SILENCE)
        return manner == "now" and self._tls is not None

    def _converse(self, caller: socket.socket) -> None:
        if self._say("greeting", caller):
            self._go_on(caller)

    def _go_on(self, caller: socket.socket) -> None:
        read = _LineReader(caller, self._over.is_set)
        goes_on = True
        while goes_on and (line := read.line()):
            command = line.decode("ascii", "replace").strip()
            self.commands.append(command)
            if not isinstance(caller, ssl.SSLSocket):
                self.in_plain_text.append(command)
            stage = command.partition(" ")[0].lower()
            goes_on = self._say(stage, caller) and stage != "quit"
            if goes_on and stage == "starttls" and self._said.startswith("220"):
                self._encrypt_and(self._go_on, caller)
                return
            if goes_on and stage == "data" and self._said.startswith("354"):
                self.bodies.append(read.body())
                goes_on = self._say("body", caller)

    def _say(self, stage: str, caller: socket.socket) -> bool:
        answers = self._answers.get(stage, ["500 what"])
        self._said = answers.pop(0) if len(answers) > 1 else answers[0]
        if self._said == DROP:
            return False
        if self._said == SILENCE:
            self._over.wait(LONGEST_SILENCE)
            return False
        if self._said == DRIP:
            return self._drip(caller, b"250-" + b"x" * 200)
        if self._said.startswith(LATE):
            self._over.wait(LATE_SECONDS)
            self._said = self._said.removeprefix(LATE)
        caller.sendall(self._said.encode() + b"\r\n")
        return not self._said.startswith("421")

    def _drip(self, caller: socket.socket, said: bytes) -> bool:
        for byte in said:
            caller.sendall(bytes([byte]))
            if self._over.wait(self._drip_seconds):
                break
        return False


class _LineReader:
    def __init__(self, caller: socket.socket, is_over: Callable[[], bool]) -> None:
        self._caller = caller
        self._is_over = is_over
        self._rest = b""

    def anything(self) -> bytes:
        """Wait for the first bytes of what comes."""
        while not self._is_over():
            with suppress(TimeoutError):
                return self._caller.recv(65536)
        return b""

    def line(self) -> bytes:
        while b"\n" not in self._rest and not self._is_over():
            with suppress(TimeoutError):
                more = self._caller.recv(65536)
                if not more:
                    return b""
                self._rest += more
        line, ending, self._rest = self._rest.partition(b"\n")
        return line + ending if ending else b""

    def body(self) -> bytes:
        lines = []
        while (line := self.line()) not in (b"", b".\r\n"):
            lines.append(line)
        return b"".join(lines)
