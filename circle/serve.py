"""The web server and the worker: as two programs, or both in one foreground command that ends cleanly."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from circle.config import Settings

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
LOOK_SECONDS = 0.1
ANSWER_SECONDS = 0.5
PATIENCE_SECONDS = 15.0
# Asked to end while it still loads the site, a web process waits for this long before it is killed.
GRANIAN_PATIENCE = "5"

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PARENT_DEATH_SIGNAL = 1

Command = Sequence[str]


def web_command(settings: Settings) -> Command:
    """Return the command that starts the web server alone."""
    return (
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", HOST, "--port", str(settings["PORT"])),
        *("--workers", str(settings["WEB_WORKERS"]), "--blocking-threads", "1", "--no-ws"),
        *("--workers-kill-timeout", GRANIAN_PATIENCE, "--log-level", "warning", "app:app"),
    )


def worker_command() -> Command:
    """Return the command that starts the worker alone."""
    return (sys.executable, "-m", "flask", "circle", "worker")


def become(command: Command) -> None:
    """Replace this process by the command."""
    os.chdir(ROOT)
    os.execv(command[0], list(command))  # noqa: S606 - our own command, and no shell is wanted


def port_is_free(port: int) -> bool:
    """Say whether a server could listen on this port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def run_together(commands: Sequence[Command], port: int, when_up: Callable[[], None]) -> int:
    """Run the commands until Ctrl-C, SIGTERM or the end of one of them; return 0 when it was asked for.

    `when_up` is called once, when the site answers.
    """
    asked = _Asked()
    children = [_start(command) for command in commands]
    try:
        return _watch(children, asked, port, when_up)
    finally:
        _end(children)


class _Asked:
    """Whether this process was asked to end."""

    def __init__(self) -> None:
        self.yes = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def _hear(self, *_: object) -> None:
        self.yes = True


def _start(command: Command) -> subprocess.Popen[bytes]:
    # In sessions of their own: else Ctrl-C in the terminal and our own signal both reach them.
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=_end_with_parent if LIBC else None,  # noqa: PLW1509 - there is one thread
    )


def _end_with_parent() -> None:
    # So that nothing goes on serving when this process is killed without a chance to end it.
    if LIBC:
        LIBC.prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _watch(
    children: Sequence[subprocess.Popen[bytes]], asked: _Asked, port: int, when_up: Callable[[], None]
) -> int:
    up = False
    while not asked.yes:
        if any(child.poll() is not None for child in children):
            return 1
        if not up and _answers(port):
            up = True
            when_up()
        time.sleep(LOOK_SECONDS)
    return 0


def _answers(port: int) -> bool:
    # Granian listens before its workers have loaded the site, so a connection alone says nothing.
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("HEAD", "/healthz")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + PATIENCE_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        _sweep(child.pid)


def _sweep(group: int) -> None:
    # What a killed child may have left behind lives on in its session.
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
