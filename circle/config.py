"""Every setting, its default and its one-line meaning; a bad one is refused in words."""

import contextlib
import os
import runpy
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from circle.formats.settings import database, is_loopback, mode, seconds, switch, whole

INSTANCE = Path(__file__).resolve().parent.parent / "instance"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, default as text, meaning, and how its text is read.

    The default of a computed one is in words: it is worked out from the others.
    """

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any] = str
    computed: bool = False

    @property
    def unset(self) -> Any:
        """Return the value of this setting when nobody gave one."""
        return "" if self.computed else self.read(self.default)


SETTINGS = (
    Setting("CIRCLE_MODE", "local", "`local` for one machine, `production` for a server", mode),
    Setting("PORT", "5000", "The port the site listens on, on 127.0.0.1", whole(1, 65535)),
    Setting(
        "BASE_URL",
        "http://127.0.0.1:PORT",
        "The address people use; every mailed link starts with it",
        computed=True,
    ),
    Setting(
        "SECRET_KEY",
        "written once to instance/secret_key",
        "Signs cookies and links; 32 characters or more",
        computed=True,
    ),
    Setting(
        "DATABASE_URL",
        "instance/circle.db",
        "SQLite file, or `postgresql+psycopg://...` for PostgreSQL",
        database,
        True,
    ),
    Setting(
        "CIRCLE_START",
        "anyone, in production members",
        "Who may start a circle: `anyone`, `members`, or addresses",
        computed=True,
    ),
    Setting("CIRCLE_MIN_MEMBERS", "5", "Members a circle needs before its first round opens", whole(3, 12)),
    Setting("CIRCLE_MAX_MEMBERS", "6", "Seats in a circle", whole(3, 12)),
    Setting(
        "TRUSTED_PROXIES", "0", "Reverse proxies in front whose X-Forwarded headers are believed", whole(0, 5)
    ),
    Setting("MAIL_SERVER", "", "SMTP server; empty keeps mail on this machine, in the mailbox"),
    Setting("MAIL_PORT", "25", "SMTP port", whole(1, 65535)),
    Setting("MAIL_USE_TLS", "no", "Require STARTTLS", switch),
    Setting("MAIL_USE_SSL", "no", "Use TLS from the first byte", switch),
    Setting("MAIL_USERNAME", "", "SMTP user name"),
    Setting("MAIL_PASSWORD", "", "SMTP password"),
    Setting(
        "MAIL_DEFAULT_SENDER", "circle@ the host of BASE_URL", "The address letters come from", computed=True
    ),
    Setting(
        "MAIL_CONNECTIONS",
        "4",
        "Connections to the SMTP server at a time, of each worker, as far as they pay off",
        whole(1, 64),
    ),
    Setting("MAIL_CONNECT_SECONDS", "10", "Longest wait for a connection to the SMTP server", seconds),
    Setting("MAIL_COMMAND_SECONDS", "30", "Longest wait for an answer to one SMTP command", seconds),
    Setting("MAIL_FINAL_SECONDS", "300", "Longest wait for the answer after a letter's last line", seconds),
    Setting("WEB_WORKERS", "2", "Web processes", whole(1, 64)),
    Setting("WORKER_SECONDS", "2", "Pause between two passes of the worker", seconds),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as the site uses them, and the faults found while reading them."""

    values: Mapping[str, Any]
    faults: tuple[str, ...]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def local(self) -> bool:
        return bool(self.values["CIRCLE_MODE"] == "local")

    @property
    def sends_mail(self) -> bool:
        return bool(self.values["MAIL_SERVER"])


def read_settings(given: Mapping[str, str] | None = None, instance: Path = INSTANCE) -> Settings:
    """Read the settings from `given` alone, or from the environment over instance/config.py over defaults."""
    kept, broken = _config_file(instance) if given is None else ({}, [])
    texts = kept | dict(os.environ) if given is None else dict(given)
    values, faults = _read_each(texts)
    faults += broken
    _fill_in(values, instance)
    faults += _faults_between(values)
    return Settings(values, tuple(faults))


def write_secret(instance: Path = INSTANCE) -> None:
    """Write a random secret to the instance folder unless one is there already."""
    path = instance / "secret_key"
    if path.exists() and path.read_text().strip():
        return
    path.unlink(missing_ok=True)
    instance.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=instance)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    # A link is made whole or not at all: of two that start at once, the first one's secret holds.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()


def _config_file(instance: Path) -> tuple[dict[str, str], list[str]]:
    path = instance / "config.py"
    try:
        found = runpy.run_path(str(path)) if path.exists() else {}
    except Exception as error:
        return {}, [f"{path} cannot be read: {error}."]
    return {name: str(value) for name, value in found.items() if name.isupper()}, []


def _read_each(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    faults = []
    for setting in SETTINGS:
        text = texts.get(setting.name, "").strip()
        try:
            values[setting.name] = setting.read(text) if text else setting.unset
        except ValueError as error:
            faults.append(f"{setting.name} is {text!r}: {error}.")
            values[setting.name] = setting.unset
    return values, faults


def _fill_in(values: dict[str, Any], instance: Path) -> None:
    local = values["CIRCLE_MODE"] == "local"
    secret = instance / "secret_key"
    values["BASE_URL"] = values["BASE_URL"].rstrip("/") or f"http://127.0.0.1:{values['PORT']}"
    if not values["SECRET_KEY"] and local and secret.exists():
        values["SECRET_KEY"] = secret.read_text().strip()
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{instance / 'circle.db'}"
    values["CIRCLE_START"] = values["CIRCLE_START"] or ("anyone" if local else "members")
    host = urlsplit(values["BASE_URL"]).hostname or "localhost"
    domain = host if "." in host and not is_loopback(host) else "circle.invalid"
    values["MAIL_DEFAULT_SENDER"] = values["MAIL_DEFAULT_SENDER"] or f"circle@{domain}"


def _faults_between(values: Mapping[str, Any]) -> list[str]:
    return [sentence for broken, sentence in _checks(values) if broken]


def _checks(values: Mapping[str, Any]) -> list[tuple[bool, str]]:
    local = values["CIRCLE_MODE"] == "local"
    url = urlsplit(values["BASE_URL"])
    loopback = is_loopback(url.hostname or "")
    return [
        (
            url.scheme not in {"http", "https"} or not url.hostname or bool(url.path or url.query),
            "BASE_URL must look like https://circle.example.org, with nothing after the host.",
        ),
        (
            local and not loopback,
            "BASE_URL must be on 127.0.0.1 or localhost in local mode. For a server, "
            "set CIRCLE_MODE=production.",
        ),
        (not local and url.scheme != "https", "BASE_URL must begin with https:// in production."),
        (
            not local and len(values["SECRET_KEY"]) < 32,
            "SECRET_KEY must have 32 characters or more in production. "
            'Make one with: python3 -c "import secrets; print(secrets.token_hex(32))"',
        ),
        (
            values["CIRCLE_MIN_MEMBERS"] > values["CIRCLE_MAX_MEMBERS"],
            "CIRCLE_MIN_MEMBERS is above CIRCLE_MAX_MEMBERS. Make it the smaller of the two.",
        ),
        (
            values["MAIL_USE_TLS"] and values["MAIL_USE_SSL"],
            "Set MAIL_USE_TLS or MAIL_USE_SSL, not both.",
        ),
        (
            values["MAIL_DEFAULT_SENDER"].count("@") != 1,
            "MAIL_DEFAULT_SENDER must be one plain address, such as circle@example.org.",
        ),
    ]
