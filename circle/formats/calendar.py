"""iCalendar (RFC 5545): entries in a circle's own zone, as calendar programs take them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText

from circle.rules import zones
from circle.rules.names import clean_line

PRODID = "-//Circle//Rounds//EN"
REFRESH = timedelta(hours=6)
LENGTH = timedelta(minutes=15)
LONGEST_LINE = 1000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a quarter of an hour, beginning at an instant, shown in a zone.

    `uid` never changes (RFC 5545, 3.8.4.7). `sequence` grows when dates change, not for other words
    (3.8.7.4); `changed_at` is when anything of it changed last (3.8.7.3).
    """

    uid: str
    at: datetime
    zone: ZoneInfo
    summary: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False
    weekdays: tuple[int, ...] = ()
    """Days of the week on which it comes again without end, Monday is 0; empty for one that comes once."""
    zone_until: datetime | None = None
    """Until when at least its zone has to be described, for one that comes again."""


def calendar_bytes(name: str, entries: Iterable[Entry], *, refresh: bool = True) -> bytes:
    """Write a calendar with the zones its entries use; with `refresh` it says how often to look again."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _line(name))
    calendar.add("name", _line(name))
    if refresh:
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    known = list(entries)
    for zone in sorted({entry.zone for entry in known if _begins(entry).tzinfo is not UTC}, key=str):
        moments = [at for entry in known if entry.zone == zone for at in (entry.at, entry.zone_until) if at]
        calendar.add_component(_zone(zone, min(moments), max(moments)))
    for entry in known:
        calendar.add_component(_event(entry))
    wire: bytes = calendar.to_ical()
    return wire


def _zone(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """Describe a zone from a year before the first entry to a year after the last (RFC 5545, 3.6.5).

    The library's own description is an hour late where the clocks go forward: 3.6.5 wants the local time
    before each change.
    """
    described = Timezone()
    described.add("tzid", str(zone))
    begin = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    described.add_component(_rule(zone, begin, begin))
    for change in zones.changes(zone, begin, datetime(last.year + 2, 1, 1, tzinfo=UTC)):
        described.add_component(_rule(zone, change - timedelta(seconds=1), change))
    return described


def _rule(zone: ZoneInfo, before: datetime, change: datetime) -> TimezoneDaylight | TimezoneStandard:
    since = change.astimezone(zone)
    earlier = before.astimezone(zone).utcoffset() or timedelta()
    rule = TimezoneDaylight() if since.dst() else TimezoneStandard()
    rule.add("dtstart", (change + earlier).replace(tzinfo=None))
    rule.add("tzoffsetfrom", earlier)
    rule.add("tzoffsetto", since.utcoffset())
    rule.add("tzname", since.tzname())
    return rule


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", _begins(entry))
    event.add("duration", LENGTH)
    if entry.weekdays:
        event.add("rrule", {"FREQ": "WEEKLY", "BYDAY": [WEEKDAYS[day] for day in entry.weekdays]})
    event.add("summary", _line(entry.summary))
    event.add("description", vText(f"{_line(entry.description)}\n{entry.url}"))
    event.add("url", entry.url)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _begins(entry: Entry) -> datetime:
    """Return the local time, or UTC where the clocks go back over it.

    Such a local time means the first of the two (RFC 5545, 3.3.5), but some programs take the second.
    """
    local = entry.at.astimezone(entry.zone)
    if entry.weekdays:
        # What comes again keeps to the wall clock, which UTC would not.
        return local
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return entry.at.astimezone(UTC) if twice or entry.zone.key == "UTC" else local


def _line(text: str) -> vText:
    """Return a text as one line without hidden characters, to be escaped by the library (3.3.11)."""
    return vText(clean_line(text, LONGEST_LINE))
