"""The command that makes the demo circle, or erases it; in local mode only."""

import click
from flask import current_app
from flask.cli import with_appcontext

from circle import clock
from circle.commands import database
from circle.services.running import demo as demo_circle


@click.command("demo")
@click.option("--remove", is_flag=True, help="Erase the demo circle and its people.")
@with_appcontext
def demo(remove: bool) -> None:
    """Make the demo circle, or erase it."""
    database.refuse_unless_current()
    if remove:
        was_there = demo_circle.remove()
        click.echo("The demo circle is gone." if was_there else "There is no demo circle here.")
        return
    demo_circle.make(clock.now())
    base = current_app.config["BASE_URL"]
    click.echo(f"The demo circle is here. Look around it from the front page: {base}/")
