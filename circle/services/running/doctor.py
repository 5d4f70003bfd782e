"""The doctor: what is set, what is missing and what is unsafe, each in one sentence."""

import difflib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import Path

from sqlalchemy import select

from circle.config import SETTINGS, Settings
from circle.extensions import db
from circle.models import Person
from circle.services.running import health
from circle.services.running.health import Health

WORKER_IS_LATE = timedelta(minutes=5)


class Weight(Enum):
    """How much a finding matters; the last two keep the doctor from saying all is well."""

    SET = "set"
    MISSING = "missing"
    WRONG = "wrong"
    UNSAFE = "unsafe"

    @property
    def needs_mending(self) -> bool:
        return self in {Weight.WRONG, Weight.UNSAFE}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor saw, and how to mend it."""

    weight: Weight
    words: str


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Where the database is, whether it is there and its tables are of today, and how it failed to answer."""

    place: str
    exists: bool = True
    is_current: bool = True
    trouble: str = ""


def examine(
    settings: Settings, instance: Path, names: Iterable[str], database: DatabaseState, now: datetime
) -> list[Finding]:
    """Look at everything; `names` are those of the environment, where a misspelt setting hides."""
    return [
        *_look_at_settings(settings, names),
        *_look_at_secret(settings, instance / "secret_key"),
        *_look_at_mail(settings),
        *_look_at_database(settings, database, now),
    ]


def _look_at_settings(settings: Settings, names: Iterable[str]) -> Iterator[Finding]:
    yield Finding(Weight.SET, f"CIRCLE_MODE is {settings['CIRCLE_MODE']}; people use {settings['BASE_URL']}.")
    yield Finding(Weight.SET, f"CIRCLE_START is {settings['CIRCLE_START']}: who may start a circle.")
    if not settings.local and not settings["TRUSTED_PROXIES"]:
        words = "TRUSTED_PROXIES is 0: behind a reverse proxy all visitors would share one sign-in limit."
        yield Finding(Weight.MISSING, words)
    for fault in settings.faults:
        yield Finding(Weight.WRONG, fault)
    known = [setting.name for setting in SETTINGS]
    for name in sorted(set(names) - set(known)):
        if name.startswith(("CIRCLE_", "MAIL_")):
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Finding(Weight.WRONG, f"{name} is not a setting of Circle.{hint}")


def _look_at_secret(settings: Settings, path: Path) -> Iterator[Finding]:
    if settings["SECRET_KEY"]:
        yield Finding(Weight.SET, "SECRET_KEY signs cookies and links.")
    elif settings.local:
        yield Finding(Weight.MISSING, f"No secret yet. The first start writes one to {path}.")
    if path.exists() and _others_can_read(path):
        yield Finding(Weight.UNSAFE, f"Others on this machine can read {path}. Run: chmod 600 {path}")


def _look_at_mail(settings: Settings) -> Iterator[Finding]:
    server, sender = settings["MAIL_SERVER"], settings["MAIL_DEFAULT_SENDER"]
    if not settings.sends_mail and settings.local:
        yield Finding(Weight.SET, "No MAIL_SERVER: every mail stays on this machine, in the mailbox.")
        return
    if not settings.sends_mail:
        words = "No MAIL_SERVER: mails wait until one is set. Read them with: flask circle mailbox"
        yield Finding(Weight.MISSING, words)
        return
    yield Finding(Weight.SET, f"Mail goes to {server}, port {settings['MAIL_PORT']}, from {sender}.")
    if sender.endswith(".invalid"):
        yield Finding(Weight.MISSING, "No MAIL_DEFAULT_SENDER: set the address letters come from.")
    encrypted = settings["MAIL_USE_TLS"] or settings["MAIL_USE_SSL"]
    if not encrypted and not _is_here(server):
        what = "The mail password and every letter" if settings["MAIL_PASSWORD"] else "Every letter"
        yield Finding(Weight.UNSAFE, f"{what} would travel unencrypted to {server}. Set MAIL_USE_TLS=yes.")


def _look_at_database(settings: Settings, database: DatabaseState, now: datetime) -> Iterator[Finding]:
    migrate = "Run: flask circle migrate" + (", or simply: make run" if settings.local else "")
    if database.trouble:
        words = f"The database at {database.place} does not answer: {database.trouble}"
        yield Finding(Weight.WRONG, words)
        return
    if not database.exists:
        yield Finding(Weight.MISSING, f"There is no database at {database.place}. {migrate}")
        return
    if not database.is_current:
        yield Finding(Weight.MISSING, f"The database at {database.place} is not up to date. {migrate}")
        return
    yield Finding(Weight.SET, f"The database at {database.place} is up to date.")
    file = Path(database.place)
    if file.exists() and not settings.local and _others_can_read(file):
        yield Finding(Weight.UNSAFE, f"Others on this machine can read {file}. Run: chmod 600 {file}")
    if "postgresql" in database.place and not shutil.which("pg_dump"):
        yield Finding(Weight.MISSING, "pg_dump was not found: no backup can be taken before a migration.")
    yield from _look_at_life(settings, health.read(), now)


def _look_at_life(settings: Settings, found: Health, now: datetime) -> Iterator[Finding]:
    if found.ticked_at and now - found.ticked_at < WORKER_IS_LATE:
        yield Finding(Weight.SET, f"The worker passed at {_moment(found.ticked_at)}.")
    else:
        last = f"since {_moment(found.ticked_at)}" if found.ticked_at else "yet"
        words = f"The worker has not passed {last}. Without it no round opens and no mail is sent."
        yield Finding(Weight.MISSING, words)
    if found.mail.paused_at:
        words = f"Mail is paused since {_moment(found.mail.paused_at)}: {found.mail.paused_why}"
        yield Finding(Weight.WRONG, words)
    elif silent := found.mail.silent_since(now):
        words = f"Mail has not been sent since {_moment(silent)}: {found.mail.why_silent}"
        yield Finding(Weight.WRONG, words)
    if found.mail.failed_at:
        words = f"The last mail that failed, at {_moment(found.mail.failed_at)}: {found.mail.failed_words}"
        yield Finding(Weight.SET, words)
    if found.mail.waiting:
        yield Finding(Weight.SET, f"Mails waiting to be sent: {found.mail.waiting}.")
    if not settings.local and db.session.scalar(select(Person.id).where(Person.demo).limit(1)):
        yield Finding(
            Weight.UNSAFE,
            "The demo circle is in this database. Remove it: CIRCLE_MODE=local flask circle demo --remove",
        )


def _others_can_read(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
