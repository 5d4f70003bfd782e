"""Commands for people: begin with somebody, and let somebody in without a mail."""

import click
from flask import url_for
from flask.cli import with_appcontext

from circle import clock
from circle.commands import database
from circle.services.door import sign_in
from circle.services.membership import first_circle


@click.command("start")
@click.argument("email")
@click.option("--name", default="Our circle", show_default=True, help="The circle's name; it can be changed.")
@click.option("--zone", default="UTC", show_default=True, help="Its time zone, such as Europe/London.")
@with_appcontext
def start(email: str, name: str, zone: str) -> None:
    """Start a circle that EMAIL organises.

    Print a link and a code to sign in with.
    """
    database.refuse_unless_current()
    begun = first_circle.begin(email, name, zone, clock.now())
    click.echo(f"{name} has begun." if begun else "This person organises a circle already.")
    _print_ways_in(email)


@click.command("sign-in-link")
@click.argument("email")
@with_appcontext
def sign_in_link(email: str) -> None:
    """Print a link and a code that let EMAIL in."""
    database.refuse_unless_current()
    _print_ways_in(email)


def _print_ways_in(email: str) -> None:
    token, code = sign_in.operator_secrets(email, clock.now())
    click.echo(f"Link: {url_for('sign_in.link', token=token, _external=True)}")
    click.echo(f"Code: {code}")
    click.echo("The link asks for the code. Both work once, for ten minutes.")
