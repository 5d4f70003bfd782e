"""Several real workers, killed outright one by one at random moments, and others put in their place."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

from flask import Flask

from tests.conftest import SECRET
from tests.proof import one_worker

PATIENCE = 60.0
WORKERS = 3
CONNECT, COMMAND, FINAL = 5.0, 5.0, 4.0

# Each worker is a process of its own, forked from one that has read the code already: starting is quick.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["pytest", one_worker.__name__])


@dataclass
class Running:
    """One worker and the file it writes its words to."""

    program: ForkServerProcess
    words: Path

    def is_at_work(self) -> bool:
        return self.words.stat().st_size > 0


class Fleet:
    """Starts and kills workers that send through a port of this machine."""

    def __init__(self, app: Flask, port: int, folder: Path) -> None:
        self.kills = 0
        self._folder = folder
        self._started = 0
        self._environment = _environment(app, port)
        self._running: list[Running] = []

    def __enter__(self) -> Self:
        """Start the workers."""
        self._running = [self._start("worker") for _ in range(WORKERS)]
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def kill_one_at_work(self) -> None:
        """Kill one that has sent something, at a random moment, and start another."""
        _until(lambda: any(each.is_at_work() for each in self._running))
        time.sleep(random.uniform(0, 0.3))
        victim = random.choice([each for each in self._running if each.is_at_work()])
        self._kill(victim)
        self._running.remove(victim)
        self._running.append(self._start("worker"))

    def end(self) -> None:
        """Kill those that are left: no mail is in hand any more, or its lease brings it back."""
        for each in self._running:
            each.program.kill()
            each.program.join()
        self._running.clear()

    def pass_and_kill_one(self, moment: datetime, connections: Callable[[], int]) -> None:
        """Let as many workers do one pass at a moment, and kill one of them while they send."""
        before = connections()
        passing = [self._start("tick", "--at", moment.isoformat()) for _ in range(WORKERS)]
        _until(lambda: connections() > before or not any(each.program.is_alive() for each in passing))
        time.sleep(random.uniform(0, 0.3))
        alive = [each for each in passing if each.program.is_alive()]
        if alive:
            self._kill(random.choice(alive))
        for each in passing:
            each.program.join(PATIENCE * 5)

    def pass_once(self, moment: datetime) -> None:
        """Let one worker do a whole pass at a moment."""
        passing = self._start("tick", "--at", moment.isoformat())
        passing.program.join(PATIENCE * 5)
        assert passing.program.exitcode == 0, passing.words.read_text()[-2000:]

    def _start(self, *command: str) -> Running:
        self._started += 1
        words = self._folder / f"worker-{self._started}.txt"
        words.touch()
        asked = (self._environment, str(words), command)
        program = processes.Process(target=one_worker.run, args=asked)
        program.start()
        return Running(program, words)

    def _kill(self, victim: Running) -> None:
        assert victim.program.is_alive(), victim.words.read_text()[-2000:]
        victim.program.kill()
        victim.program.join()
        self.kills += 1


def _environment(app: Flask, port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("CIRCLE_", "MAIL_"))}
    return ours | {
        **{name: str(app.config[name]) for name in ("DATABASE_URL", "BASE_URL", "PORT")},
        "SECRET_KEY": SECRET,
        "WORKER_SECONDS": "0.2",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(port),
        "MAIL_DEFAULT_SENDER": "circle@example.org",
        "MAIL_CONNECT_SECONDS": str(CONNECT),
        "MAIL_COMMAND_SECONDS": str(COMMAND),
        "MAIL_FINAL_SECONDS": str(FINAL),
    }


def _until(it_is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not it_is_so():
        assert time.monotonic() < deadline, "the workers do nothing"
        time.sleep(0.01)
