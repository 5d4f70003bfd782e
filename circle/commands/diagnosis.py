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
from circle.services.running import doctor as examination
from circle.services.running.doctor import DatabaseState, Finding, Weight


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is set, missing, wrong and unsafe.

    The exit code is 1 when something is wrong or unsafe.
    """
    settings: Settings = current_app.config["SETTINGS"]
    instance = Path(current_app.instance_path)
    findings = examination.examine(settings, instance, os.environ, _database_state(), clock.now())
    for finding in sorted(findings, key=_by_weight):
        click.echo(f"{finding.weight.value:8} {finding.words}")
    if any(finding.weight.needs_mending for finding in findings):
        raise click.exceptions.Exit(1)
    click.echo("Nothing is unsafe.")


def _database_state() -> DatabaseState:
    try:
        current = database.revision() == database.newest()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).splitlines()[0]
        return DatabaseState(database.place(), trouble=said)
    return DatabaseState(database.place(), database.exists(), current)


def _by_weight(finding: Finding) -> int:
    return list(Weight).index(finding.weight)
