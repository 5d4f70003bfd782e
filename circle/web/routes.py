"""Every blueprint of the site; what exists in local mode only is added there only."""

import importlib

from flask import Blueprint

from circle.config import Settings

NOUNS = (
    "pages",
    "health",
    "letters",
    "sign_in",
    "people",
    "sessions",
    "circles",
    "invitations",
    "memberships",
    "rounds",
    "introductions",
    "commitments",
)
LOCAL_NOUNS = ("mailbox", "patterns")


def blueprints(settings: Settings) -> list[Blueprint]:
    """Return the blueprints of this mode."""
    found = []
    for noun in NOUNS + (LOCAL_NOUNS if settings.local else ()):
        try:
            found.append(importlib.import_module(f"circle.web.{noun}").bp)
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("circle.web."):
                raise
    return found
