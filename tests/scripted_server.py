"""A mail server that says what a test wants, for what no well-behaved server would do."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

DROP = "drop"
SILENCE = "silence"
DRIP = "drip"

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
}


class ScriptedServer:
    """Answer each command as told: a line of SMTP, DROP, SILENCE or DRIP; a list is said in turn."""

    def __init__(self, **answers: str | list[str]) -> None:
        self.commands: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        told = GOOD_MANNERS | answers
        self._answers = {
            stage: [said] if isinstance(said, str) else list(said) for stage, said in told.items()
        }
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
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
                with caller:
                    self.connections += 1
                    caller.settimeout(0.05)
                    self._converse(caller)

    def _converse(self, caller: socket.socket) -> None:
        read = _LineReader(caller, self._over.is_set)
        goes_on = self._say("greeting", caller)
        while goes_on and (line := read.line()):
            self.commands.append(line.decode("ascii", "replace").strip())
            stage = self.commands[-1].partition(" ")[0].lower()
            goes_on = self._say(stage, caller) and stage != "quit"
            if goes_on and stage == "starttls" and self._said.startswith("220"):
                self._over.wait(5)
            if goes_on and stage == "data" and self._said.startswith("354"):
                self.bodies.append(read.body())
                goes_on = self._say("body", caller)

    def _say(self, stage: str, caller: socket.socket) -> bool:
        answers = self._answers.get(stage, ["500 what"])
        self._said = answers.pop(0) if len(answers) > 1 else answers[0]
        if self._said == DROP:
            return False
        if self._said == SILENCE:
            self._over.wait(5)
            return False
        if self._said == DRIP:
            return self._drip(caller)
        caller.sendall(self._said.encode() + b"\r\n")
        return not self._said.startswith("421")

    def _drip(self, caller: socket.socket) -> bool:
        for byte in b"250-" + b"x" * 200:
            caller.sendall(bytes([byte]))
            if self._over.wait(0.05):
                break
        return False


class _LineReader:
    def __init__(self, caller: socket.socket, is_over: Callable[[], bool]) -> None:
        self._caller = caller
        self._is_over = is_over
        self._rest = b""

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
