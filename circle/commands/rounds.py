"""The command that prints when a circle's rounds open next."""

from datetime import UTC

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from circle import clock
from circle.commands import database
from circle.extensions import db
from circle.models import Circle
from circle.rules import zones
from circle.services.rounds import schedules

COMING = 12


@click.command("rounds")
@click.argument("circle")
@with_appcontext
def rounds(circle: str) -> None:
    """Print the coming twelve openings of CIRCLE.

    Each line has the local time, the zone and the instant in UTC.
    """
    database.refuse_unless_current()
    found = db.session.scalar(select(Circle).where(Circle.public_id == circle))
    if found is None:
        hint = "flask circle demo makes it." if circle == "demo" else "Its public id stands in its address."
        raise click.ClickException(f"There is no circle {circle!r}. {hint}")
    zone = zones.zone(found.zone)
    coming = schedules.ahead(found.id, clock.now(), COMING)
    for one in coming:
        notes = [
            one.skipped and f"skipped: {one.skipped}",
            one.opens_local != one.slot and f"moved from {one.slot:%Y-%m-%d %H:%M}",
        ]
        said = "; ".join(note for note in notes if note)
        instant = f"{one.opens_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        # Where the clocks jump over the hour of the rhythm, the clock on the wall shows a later one.
        local = f"{zones.to_local(one.opens_at, zone):%Y-%m-%d %H:%M}"
        click.echo(f"{local}  {found.zone}  {instant}" + (f"  ({said})" if said else ""))
    if not coming:
        click.echo("No rhythm is set, or it has ended: rounds open by hand.")
