"""One worker in a process of its own: the real command, with the settings and the output it is given."""

import os
import sys
from pathlib import Path

from flask import cli

import circle.factory  # noqa: F401 - read once, before workers are forked

ROOT = Path(__file__).resolve().parent.parent.parent


def run(environment: dict[str, str], words: str, command: tuple[str, ...]) -> None:
    """Be `flask circle COMMAND`, writing to a file."""
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(words, os.O_WRONLY | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(ROOT)
    sys.argv = ["flask", "circle", *command]
    cli.main()
