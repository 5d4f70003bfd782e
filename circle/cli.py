"""The operator's commands: flask circle ..."""

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from circle.commands import database, demonstration, diagnosis, mail, people, rounds, serving
from circle.config import Settings
from circle.rules.errors import Refusal
from circle.services.running.backup import BackupFailed

COMMANDS = (
    serving.serve,
    database.migrate,
    serving.web,
    serving.worker,
    serving.tick,
    people.start,
    people.sign_in_link,
    rounds.rounds,
    mail.mailbox,
    mail.letter,
    diagnosis.doctor,
)
LOCAL_COMMANDS = (demonstration.demo,)

NO_DATABASE = (
    "The database does not answer, or has not been made yet. Run: flask circle migrate\n"
    "What it said: {said}\nMore about it: flask circle doctor"
)


class Operator(AppGroup):
    """A group of commands whose errors are sentences."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal ends it with its sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(refusal.sentence) from refusal
        except BackupFailed as failure:
            raise click.ClickException(str(failure)) from failure
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(NO_DATABASE.format(said=str(error.orig).splitlines()[0])) from error


def register(app: Flask) -> None:
    """Give the site its commands; the demo exists in local mode only."""
    settings: Settings = app.config["SETTINGS"]
    group = Operator("circle", help="Run and look after Circle.")
    for command in COMMANDS + (LOCAL_COMMANDS if settings.local else ()):
        group.add_command(command)
    app.cli.add_command(group)
