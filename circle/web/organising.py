"""The organise page, shown after a look and after every form on it that failed."""

from datetime import datetime
from typing import Any

from flask import url_for

from circle import clock
from circle.rules import zones
from circle.rules.names import initials
from circle.rules.wording import count_word, due_words
from circle.services.membership import circles, handing_over, organise_page
from circle.services.membership.circles import CircleOf
from circle.services.post import mail_plan
from circle.services.progress import held, lately, outstanding
from circle.services.rounds import late_joining, rhythms
from circle.web.access import Here
from circle.web.forms.circle import CircleForm
from circle.web.forms.invitation import InviteForm
from circle.web.frame.answers import page
from circle.web.frame.limits import current_limits
from circle.web.frame.links import invitation_link


def show(
    here: Here, status: int = 200, *, invite: InviteForm | None = None, circle: CircleForm | None = None
) -> Any:
    """Show members, invitations and the circle's own words; a form that failed keeps what was typed."""
    now = clock.now()
    organised = organise_page.read(here.circle_id, here.zone, now)
    described = circles.description(here.circle_id)
    seats = current_limits().max_members
    free = max(0, seats - len(organised.members) - len(organised.waiting))
    return page(
        "circles/organise.html",
        status,
        here=here,
        organised=organised,
        links={row.ref: invitation_link(row.ref) for row in organised.waiting},
        seats=_seats(len(organised.members), len(organised.waiting), free),
        free=free,
        held=held.read(here.circle_id, now, current_limits()),
        outstanding=outstanding.read(here.circle_id, now),
        away=outstanding.away(here.circle_id, now),
        plan=mail_plan.read(here.circle_id, now),
        lately=lately.read(here.circle_id, here.zone, now),
        joinable=late_joining.joinable(here.circle_id),
        taken_back=handing_over.those_to_take_back(here.circle_id, here.viewer.person_id, now),
        organisers=sum(row.organiser for row in organised.members),
        invite=invite or InviteForm(formdata=None),
        by_rhythm=rhythms.stored_rhythm(here.circle_id) is not None,
        circle=circle or CircleForm(formdata=None, obj=described),
    )


def listed(rows: list[CircleOf], now: datetime) -> list[dict[str, str]]:
    """Return what the list of circles says of each."""
    return [
        {
            "name": row.name,
            "initials": initials(row.name),
            "url": url_for("circles.show", circle_id=row.public_id),
            "leaving": url_for("memberships.leaving", circle_id=row.public_id),
            "under": f"{count_word(row.members)} member{'' if row.members == 1 else 's'}".capitalize()
            + (", you organise" if row.role == "organiser" else ""),
            "left": _left(row, now),
        }
        for row in rows
    ]


def _left(row: CircleOf, now: datetime) -> str:
    if row.round_number is None or row.due_at is None:
        return "No round is open"
    left = f"{count_word(row.outstanding)} left to make" if row.outstanding else "nothing left for you"
    return f"Round {row.round_number}: {left}, due {due_words(row.due_at, zones.zone(row.zone), now)}"


def _seats(members: int, held: int, free: int) -> str:
    parts = [f"{count_word(members)} member{'' if members == 1 else 's'}"]
    if held:
        parts.append(f"{count_word(held)} invited")
    parts.append(f"{count_word(free)} seat{'' if free == 1 else 's'} free")
    return ", ".join(parts).capitalize()
