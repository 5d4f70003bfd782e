"""Where Chromium is on this machine, and how it is started."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The shell first: the same engine without a browser's own windows, which cost more than the pages."""
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


def found(playwright: Playwright) -> str | None:
    """Return the path of a Chromium: on the PATH, else the one Playwright installed, else None."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def start(playwright: Playwright, path: str) -> Browser:
    """Start it headless; as root it refuses its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
