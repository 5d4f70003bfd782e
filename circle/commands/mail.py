"""The commands that read, on this machine, the mails that were written here, and show what each letter is."""

import click
from flask.cli import with_appcontext

from circle import clock
from circle.commands import database
from circle.formats.opened import open_mail
from circle.letters import posting
from circle.services.post import mailbox as box
from circle.services.running import demo_letters, rehearsal


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


@click.command("letter")
@click.argument("name", metavar="[NAME]", required=False)
@with_appcontext
def letter(name: str | None) -> None:
    """Print a letter of the demo circle byte for byte as it would go out, or list all letters.

    It is made in a database of its own: nothing here is read, stored or changed.
    """
    if name is None:
        _list_letters()
        return
    known = {scene.name for scene in demo_letters.SCENES}
    if name not in known:
        raise click.ClickException(f"There is no letter {name}. List them with: flask circle letter")
    with rehearsal.empty_database():
        staged = demo_letters.stage(name, clock.now())
        wire = posting.preview(staged.mail_id, staged.at)
    if wire is None:
        raise click.ClickException("This letter has nothing to say today.")
    click.echo(wire, nl=False)


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


def _list_letters() -> None:
    for scene in demo_letters.SCENES:
        click.echo(f"{scene.name:17} {scene.words}")
    click.echo("Print one with: flask circle letter NAME")
