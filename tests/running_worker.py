"""A real worker in a process of its own, on the database of a test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from flask import Flask

from tests.conftest import SECRET

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


class RunningWorker:
    """`flask circle worker`, sending to a port of this machine, for as long as the `with` lasts."""

    def __init__(self, app: Flask, mail_port: int, **settings: str) -> None:
        ours = {name: str(app.config[name]) for name in ("DATABASE_URL", "BASE_URL", "PORT")}
        mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(mail_port), "WORKER_SECONDS": "0.1"}
        self._environment = {**os.environ, **ours, "SECRET_KEY": SECRET, **mail, **settings}
        self.seconds_to_end = 0.0

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "circle", "worker"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.end()

    def end(self) -> int:
        """Ask it to end as systemd does, and return its exit code."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.seconds_to_end = time.monotonic() - asked
            self.process.kill()

    def kill(self) -> None:
        """Kill it outright."""
        self.process.kill()
        self.process.wait()


def wait_until(so: Callable[[], object], what: str) -> None:
    """Look again and again until it is so; fail after a patient while."""
    patience = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < patience, f"{what}: not within {PATIENCE:g} seconds"
        time.sleep(0.05)
