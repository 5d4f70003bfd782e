"""Commands that run the site: web and worker together or apart, and one pass of the worker."""

import logging
import threading
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from circle import clock
from circle import serve as together
from circle import worker as passes
from circle.commands import database
from circle.config import Settings, write_secret


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Run the site and its worker until Ctrl-C."""
    settings = _ready(makes_what_is_missing=True)
    _refuse_taken_port(settings["PORT"])
    commands = (together.web_command(settings), together.worker_command())
    code = together.run_together(commands, settings["PORT"], lambda: click.echo(_where_to_look(settings)))
    if code:
        raise click.ClickException(
            "Circle stopped because one of its two programs ended. Its words are above."
        )
    click.echo("Circle has stopped.")


@click.command("web")
@with_appcontext
def web() -> None:
    """Run the site without its worker."""
    settings = _ready()
    _refuse_taken_port(settings["PORT"])
    together.become(together.web_command(settings))


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run the worker, which does what is due."""
    _ready()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    passes.run(threading.Event())


@click.command("tick")
@click.option(
    "--at", "when", metavar="WHEN", help="As of this moment, in ISO 8601; without a zone it is UTC."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@with_appcontext
def tick(when: str | None, dry_run: bool) -> None:
    """Do one pass of the worker."""
    settings: Settings = current_app.config["SETTINGS"]
    if when and not dry_run and not settings.local:
        raise click.ClickException("In production --at needs --dry-run: what is sent cannot be taken back.")
    now = _moment(when) if when else clock.now()
    _ready()
    done = passes.plan(now) if dry_run else passes.tick(now)
    nothing = "Nothing would be done." if dry_run else "Nothing was due."
    click.echo("\n".join(done) or nothing)


def _ready(*, makes_what_is_missing: bool = False) -> Settings:
    """Return the settings, or refuse in words: faults, no database, an old one."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.faults:
        raise click.ClickException("\n".join(("Circle does not start yet.", *settings.faults)))
    _hold_a_secret(settings)
    if makes_what_is_missing and settings.local:
        database.bring_up_to_date(keep_backup=True)
    database.refuse_unless_current()
    return settings


def _hold_a_secret(settings: Settings) -> None:
    # What this very process signs must hold too, not only what its children sign.
    if settings.local and not settings["SECRET_KEY"]:
        folder = Path(current_app.instance_path)
        write_secret(folder)
        current_app.config["SECRET_KEY"] = (folder / "secret_key").read_text().strip()


def _refuse_taken_port(port: int) -> None:
    if not together.port_is_free(port):
        raise click.ClickException(
            f"Port {port} is used by another program. Choose another, for example: PORT={port + 1} make run"
        )


def _where_to_look(settings: Settings) -> str:
    lines = [f"Circle is at {settings['BASE_URL']}"]
    if settings.local:
        lines.append("  Look around the demo circle, or start your own, from the front page.")
    if settings.local and not settings.sends_mail:
        lines.append(f"  Every mail stays on this machine: {settings['BASE_URL']}/mailbox")
    return "\n".join([*lines, "  Ctrl-C ends it."])


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.ClickException(
            f"{text!r} is not a moment. Write it like 2026-11-24T09:00 or 2026-11-24."
        ) from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
