"""iCalendar bytes: well formed whatever the names are, and right on both sides of every clock change."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from circle.formats.calendar import Entry, calendar_bytes
from circle.rules import zones

AT = datetime(2026, 12, 3, 9, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""When the clocks of Berlin go back from 3 to 2."""
SPRING = datetime(2027, 3, 28, 1, tzinfo=UTC)
HOSTILE = "Quay\r\nEND:VEVENT\x00\x0b; and, \\ \u2028more"


def entry(at: datetime = AT, zone: str = "Europe/Berlin", summary: str = "Round 1 opens") -> Entry:
    return Entry("opening-1@example.org", at, zones.zone(zone), summary, "Why", "http://x.example/", 3, AT)


def only(wire: bytes):
    return Calendar.from_ical(wire).events[0]


def test_an_event_has_every_property_that_programs_ask_for():
    wanted = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS", "URL", "LAST-MODIFIED"}
    assert wanted <= set(only(calendar_bytes("Circle", [entry()])))


def test_a_hostile_name_becomes_one_line():
    event = only(calendar_bytes(HOSTILE, [entry(summary=HOSTILE)]))
    assert str(event["summary"]) == "Quay END:VEVENT ; and, \\ more"


def test_long_names_are_folded_by_bytes():
    wire = calendar_bytes("ü" * 80, [entry(summary="日本" * 60)])
    assert max(len(line) for line in wire.split(b"\r\n")) <= 75
    assert str(only(wire)["summary"]) == "日本" * 60


@pytest.mark.parametrize("hours", range(-3, 4))
@pytest.mark.parametrize("change", [AUTUMN, SPRING])
def test_a_moment_near_a_clock_change_stays_itself(change, hours):
    at = change + timedelta(hours=hours, minutes=30)
    assert only(calendar_bytes("Circle", [entry(at)])).start.astimezone(UTC) == at


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_local_time_that_comes_twice_stands_in_utc(minutes):
    at = AUTUMN + timedelta(minutes=minutes)
    assert f"DTSTART:{at:%Y%m%dT%H%M%S}Z".encode() in calendar_bytes("Circle", [entry(at)])


def test_a_zone_says_the_local_time_before_each_change():
    assert b"DTSTART:20270328T020000\r\nTZNAME:CEST" in calendar_bytes("Circle", [entry(SPRING)])


def test_a_calendar_in_utc_describes_no_zone():
    assert b"VTIMEZONE" not in calendar_bytes("Circle", [entry(zone="UTC")])


def test_an_empty_calendar_is_a_calendar():
    assert Calendar.from_ical(calendar_bytes("Circle", [])).events == []
