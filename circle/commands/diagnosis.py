"""The command that says what is set, what is missing and what is unsafe."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from circle import clock
from circle.commands import database
from circle.config import Settings
from circle.formats.addresses import read_address
from circle.letters import trial
from circle.letters.outcomes import Outcome
from circle.services.running import doctor as examination
from circle.services.running.doctor import DatabaseState, Finding, Weight


@click.command("doctor")
@click.option("--mail", metavar="ADDRESS", help="Send a real test mail there, and say what came of it.")
@with_appcontext
def doctor(mail: str | None) -> None:
    """Say what is set, missing, wrong and unsafe, or try the mail server.

    The exit code is 1 when something is wrong or unsafe, or when the test mail was not accepted.
    """
    if mail is None:
        _examine()
    else:
        _try_mail(mail)


def _examine() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    instance = Path(current_app.instance_path)
    findings = examination.examine(settings, instance, os.environ, _database_state(), clock.now())
    for finding in sorted(findings, key=_by_weight):
        click.echo(f"{finding.weight.value:8} {finding.words}")
    if any(finding.weight.needs_mending for finding in findings):
        raise click.exceptions.Exit(1)
    click.echo("Nothing is unsafe.")


def _try_mail(address: str) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.sends_mail:
        raise click.ClickException("No MAIL_SERVER is set, so no mail can be sent.")
    to = read_address(address)
    click.echo(f"A test mail to {to}, through {settings['MAIL_SERVER']}, port {settings['MAIL_PORT']}:")
    delivery = trial.send(to, clock.now())
    click.echo(f"{delivery.words}\n{trial.VERDICTS[delivery.outcome]}")
    if delivery.outcome is not Outcome.SENT:
        raise click.exceptions.Exit(1)


def _database_state() -> DatabaseState:
    try:
        current = database.revision() == database.newest()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).splitlines()[0]
        return DatabaseState(database.place(), trouble=said)
    return DatabaseState(database.place(), database.exists(), current)


def _by_weight(finding: Finding) -> int:
    return list(Weight).index(finding.weight)
