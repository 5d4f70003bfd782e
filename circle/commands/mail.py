"""The command that reads, on this machine, the mails that were written here."""

import click
from flask.cli import with_appcontext

from circle import clock
from circle.commands import database
from circle.formats.opened import open_mail
from circle.letters import posting
from circle.services.post import mailbox as box


@click.command("mailbox")
@click.argument("mail_id", metavar="[ID]", type=click.IntRange(1, 2**31 - 1), required=False)
@with_appcontext
def mailbox(mail_id: int | None) -> None:
    """List the newest mails, or read one."""
    database.refuse_unless_current()
    if mail_id is None:
        _list()
    else:
        _read(mail_id)


def _list() -> None:
    entries = box.newest()
    for entry in entries:
        said = f"{entry.state.value}: {entry.words}" if entry.words else entry.state.value
        click.echo(
            f"{entry.id:5}  {entry.created_at:%Y-%m-%d %H:%M}  {entry.kind} to {entry.recipient} ({said})"
        )
    click.echo("Read one with: flask circle mailbox ID" if entries else "No mail has been written yet.")


def _read(mail_id: int) -> None:
    wire = posting.preview(mail_id, clock.now())
    if wire is None:
        raise click.ClickException(f"There is no mail {mail_id}, or what it said is not kept any more.")
    opened = open_mail(wire)
    click.echo(f"To: {opened.recipient}\nSubject: {opened.subject}\n\n{opened.text}")
