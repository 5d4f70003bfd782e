"""Calendars: the private address, its page and QR code, and the download of one round."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import Blueprint, abort, current_app, flash, request, url_for
from werkzeug.wrappers import Response

from circle import clock
from circle.formats.calendar import Entry, calendar_bytes
from circle.rules import zones
from circle.rules.wording import day_words
from circle.services.door.sessions import Viewer
from circle.services.progress import calendars
from circle.services.progress.calendars import CalendarRound
from circle.services.thinking import quarters
from circle.services.thinking.quarters import CalendarQuarter
from circle.services.tokens import read_signed, sign
from circle.services.work import end_reading
from circle.web.access import Here, bearer, member, signed_in
from circle.web.frame.answers import page, see_other

bp = Blueprint("calendars", __name__)

PURPOSE = "calendar"
FIRST_MINUTE = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) // 60
"""What changes with time has its minute as its SEQUENCE, counted from here."""


@bp.get("/calendar/<token>.ics")
@bearer
def feed(token: str) -> Any:
    """Answer a calendar program with the rounds of all its owner's circles."""
    facts = read_signed(str(current_app.secret_key), PURPOSE, token)
    now = clock.now()
    rounds = calendars.of_address(str(facts[0]), now) if facts else None
    quarter = quarters.of_calendar(str(facts[0])) if facts else None
    end_reading()
    if rounds is None:
        abort(404)
    answer = _calendar(calendar_bytes("Circle", (*_entries(rounds), *_quarters(quarter, now))))
    # A program may keep it, and asks each time whether it still holds.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request.environ)


@bp.get("/circles/<circle_id>/rounds/<int(max=99999):number>/calendar.ics")
@member
def one(here: Here, number: int) -> Any:
    """Download one round for a calendar."""
    found = calendars.one_round(here.circle_id, number)
    end_reading()
    if found is None:
        abort(404)
    answer = _calendar(calendar_bytes(here.name, _entries([found]), refresh=False))
    answer.headers["Content-Disposition"] = f'attachment; filename="round-{number}.ics"'
    return answer


@bp.get("/you/calendar")
@signed_in
def show(viewer: Viewer) -> Any:
    """Show the private calendar address, or offer one."""
    address = _address(viewer)
    return page("calendars/show.html", address=address, webcal=_webcal(address), nav_here="you")


@bp.post("/you/calendar")
@signed_in
def create(viewer: Viewer) -> Any:
    """Make a calendar address; the one before ends."""
    had_one = bool(calendars.address_of(viewer.person_id))
    calendars.make_address(viewer.person_id)
    flash(f"Here is your calendar address.{' The one before works no more.' if had_one else ''}")
    return see_other("calendars.show")


@bp.post("/you/calendar/removal")
@signed_in
def remove(viewer: Viewer) -> Any:
    """End the calendar address."""
    calendars.end_address(viewer.person_id)
    flash("Your calendar address has ended.")
    return see_other("calendars.show")


@bp.get("/you/calendar/qr.svg")
@signed_in
def qr(viewer: Viewer) -> Any:
    """Draw the calendar address as a QR code."""
    address = _address(viewer)
    end_reading()
    if not address:
        abort(404)
    drawing = io.BytesIO()
    # A phone's camera opens this scheme in its calendar, where it would download the file of the other.
    segno.make(_webcal(address), error="m").save(drawing, kind="svg", scale=4, light="#fff")
    return Response(drawing.getvalue(), mimetype="image/svg+xml")


def _address(viewer: Viewer) -> str:
    ref = calendars.address_of(viewer.person_id)
    if not ref:
        return ""
    token = sign(str(current_app.secret_key), PURPOSE, ref)
    return str(current_app.config["BASE_URL"]) + url_for("calendars.feed", token=token)


def _webcal(address: str) -> str:
    return "webcal:" + address.partition(":")[2] if address else ""


def _calendar(wire: bytes) -> Response:
    answer = Response(wire, content_type="text/calendar; charset=utf-8")
    answer.set_etag(hashlib.sha256(wire).hexdigest()[:32])
    return answer


def _entries(rounds: Iterable[CalendarRound]) -> Iterator[Entry]:
    base = str(current_app.config["BASE_URL"])
    host = _host()
    for one in rounds:
        url = base + _path(one)
        for kind, at, words in (("opening", one.opens_at, "opens"), ("due", one.due_at, "is due")):
            yield Entry(
                uid=f"{kind}-{one.slot:%Y%m%dT%H%M%S}-{one.circle_ref}@{host}",
                at=at,
                zone=zones.zone(one.zone),
                summary=f"{_name(one)} {'is skipped' if one.cancelled else words} · {one.circle_name}",
                description=one.cancelled or one.theme or "One introduction for each other member.",
                url=url,
                sequence=one.edition,
                changed_at=one.changed_at,
                cancelled=bool(one.cancelled),
            )


def _quarters(quarter: CalendarQuarter | None, now: datetime) -> Iterator[Entry]:
    if quarter is None:
        return
    base = str(current_app.config["BASE_URL"])
    zone = zones.zone(quarter.zone)
    since = zones.local_day(quarter.changed_at, zone)
    first = next(
        day
        for day in (since + timedelta(days=ahead) for ahead in range(7))
        if day.weekday() in quarter.weekdays
    )
    yield Entry(
        uid=f"fifteen-minutes-{quarter.person_ref}@{_host()}",
        at=zones.to_utc(datetime.combine(first, time(quarter.hour)), zone),
        zone=zone,
        summary="Fifteen minutes for your circles",
        description="Whom could you put together?",
        url=base + url_for("sittings.show"),
        sequence=int(quarter.changed_at.timestamp()) // 60 - FIRST_MINUTE,
        changed_at=quarter.changed_at,
        weekdays=quarter.weekdays,
        zone_until=datetime(now.year + 2, 1, 1, tzinfo=UTC),
    )


def _host() -> str:
    return urlsplit(str(current_app.config["BASE_URL"])).hostname or "circle"


def _name(one: CalendarRound) -> str:
    # A round gets its number when it opens: until then its day names it.
    day = zones.local_day(one.opens_at, zones.zone(one.zone))
    return f"Round {one.number}" if one.number else f"The round of {day_words(day)}"


def _path(one: CalendarRound) -> str:
    if one.number:
        return url_for("rounds.show", circle_id=one.circle_ref, number=one.number)
    return url_for("rounds.schedule", circle_id=one.circle_ref)
