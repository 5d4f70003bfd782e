"""Serving: web and worker start by one command and end with it, and nothing is left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from circle import serve
from tests.smtp_sink import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of a local site in a folder of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("CIRCLE_", "MAIL_"))}
    return ours | {
        "PORT": str(free_port()),
        "WEB_WORKERS": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'circle.db'}",
        "SECRET_KEY": "a secret that only the tests know, long enough",
    }


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The foreground command, up and answering."""
    command = [sys.executable, "-m", "flask", "circle", "serve"]
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    _until_up(program, int(environment["PORT"]))
    yield program
    program.terminate()
    program.communicate(timeout=PATIENCE)


def test_the_site_and_its_worker_answer_together(
    served: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    assert served.poll() is None
    deadline = time.monotonic() + PATIENCE
    while '"last_tick":null' in (health := _get(environment, "/healthz").replace(" ", "")):
        assert time.monotonic() < deadline, health
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_asked(served: subprocess.Popen[str], number: signal.Signals) -> None:
    served.send_signal(number)
    output, _ = served.communicate(timeout=PATIENCE)
    assert (served.returncode, "Circle has stopped." in output) == (0, True)


def test_it_says_where_to_look_first(served: subprocess.Popen[str], environment: dict[str, str]) -> None:
    time.sleep(5 * serve.LOOK_SECONDS)
    served.terminate()
    output, _ = served.communicate(timeout=PATIENCE)
    assert f"Circle is at http://127.0.0.1:{environment['PORT']}\n" in output


def test_no_process_is_left_behind(served: subprocess.Popen[str], environment: dict[str, str]) -> None:
    family = _descendants(served.pid)
    served.terminate()
    served.communicate(timeout=PATIENCE)
    assert len(family) >= 3
    assert [pid for pid in family if _is_alive(pid)] == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_killing_it_outright_leaves_no_process_behind(served: subprocess.Popen[str]) -> None:
    family = _descendants(served.pid)
    served.kill()
    served.communicate(timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while any(_is_alive(pid) for pid in family) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in family if _is_alive(pid)] == []


def test_when_its_web_server_dies_the_rest_ends_in_words(served: subprocess.Popen[str]) -> None:
    web = next(pid for pid in _children(served.pid) if "granian" in _command_line(pid))
    os.kill(web, signal.SIGKILL)
    output, _ = served.communicate(timeout=PATIENCE)
    assert (served.returncode, "one of its two programs ended" in output) == (1, True)


def test_a_taken_port_is_refused_in_words(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(environment["PORT"]))):
        done = subprocess.run(
            [sys.executable, "-m", "flask", "circle", "serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert (done.returncode, "is used by another program" in done.stderr) == (1, True)


def _until_up(program: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and program.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    program.kill()
    pytest.fail(f"the site did not come up: {program.communicate()[0]}")


def _get(environment: dict[str, str], path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}{path}", timeout=20) as answer:
        return str(answer.read().decode())


def _descendants(pid: int) -> list[int]:
    children = _children(pid)
    return children + [below for child in children for below in _descendants(child)]


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = re.findall(r"(\d+)\s+(\d+)", found.stdout)
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _command_line(pid: int) -> str:
    found = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return found.stdout


def _is_alive(pid: int) -> bool:
    # One that has ended and waits for its parent's look is not alive.
    found = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")
