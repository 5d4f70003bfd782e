"""Uploads: how much a route may be sent, where it takes more than a form."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, request

View = Callable[..., Any]


def takes(request_bytes: int, text_bytes: int) -> Callable[[View], View]:
    """Let a route be sent a request of so many bytes, of which so many may be typed or pasted."""

    def declare(view: View) -> View:
        view.takes = (request_bytes, text_bytes)  # type: ignore[attr-defined] # read before the form is
        return view

    return declare


def wire(app: Flask) -> None:
    """Read the limits of routes; to be wired before whatever reads a form."""
    app.before_request(_allow_more)


def _allow_more() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if limits := getattr(view, "takes", None):
        request.max_content_length, request.max_form_memory_size = limits
