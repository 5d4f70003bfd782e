"""Health, for those who watch the site: database, last pass of the worker, mail queue and versions."""

import platform
from datetime import datetime
from importlib.metadata import version
from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from circle import clock
from circle.services.running import health
from circle.services.running.health import VERSION, Health, MailQueue
from circle.services.work import end_reading
from circle.web import access

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@access.anyone
def show() -> tuple[Response, int]:
    """Answer 200 while the database does, else 503."""
    try:
        found = health.read()
        end_reading()
    except SQLAlchemyError:
        return jsonify(database={"ok": False}, versions=_versions()), 503
    return jsonify(_described(found, clock.now())), 200


def _described(found: Health, now: datetime) -> dict[str, Any]:
    return {
        "database": {"ok": True, "dialect": found.dialect},
        "last_tick": _moment(found.ticked_at),
        "mail": _mail(found.mail, now),
        "versions": _versions() | {"database": found.version},
    }


def _mail(queue: MailQueue, now: datetime) -> dict[str, Any]:
    failure = {"at": _moment(queue.failed_at), "kind": queue.failed_kind}
    return {
        "waiting": queue.waiting,
        "waiting_by_state": {state.value: count for state, count in sorted(queue.by_state.items())},
        "due_since": _moment(queue.due_since),
        "not_sent_since": _moment(queue.silent_since(now)),
        "paused_since": _moment(queue.paused_at),
        "last_failure": failure if queue.failed_at else None,
    }


def _versions() -> dict[str, str]:
    return {
        "circle": VERSION,
        "python": platform.python_version(),
        "flask": version("flask"),
        "sqlalchemy": version("sqlalchemy"),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
