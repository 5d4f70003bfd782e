"""Time zones: the one place that builds them, and the way between wall clocks and instants."""

import zoneinfo
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from circle.rules.errors import UnknownZone

# The system's zone data is older than the tzdata package and wrong for some zones.
zoneinfo.reset_tzpath(to=[])
ZoneInfo.clear_cache()


def zone(name: str) -> ZoneInfo:
    """Return the zone of this name, legacy names of browsers included; raise UnknownZone for any other."""
    if name not in _known_names():
        raise UnknownZone(field="zone")
    return ZoneInfo(name)


@cache
def zone_names() -> tuple[str, ...]:
    """List the names a person may choose from: one per region and city, and UTC, sorted."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    listed = {line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")}
    return tuple(sorted((listed & _known_names()) | {"UTC"}))


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Turn a naive wall-clock time into UTC; a gap takes the offset before it, a fold the first of two."""
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time carries no zone")
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Turn an aware instant into the naive wall-clock time of a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day an aware instant falls on in a zone."""
    return to_local(instant, zone).date()


def in_gap(local: datetime, zone: ZoneInfo) -> bool:
    """Say whether the clocks of a zone jump over this naive wall-clock time."""
    return to_local(to_utc(local, zone), zone) != local.replace(fold=0)


def changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants (UTC, to the second) between two instants at which a zone's offset changes."""
    day = timedelta(days=1)
    while begin < end:
        if begin.astimezone(zone).utcoffset() != (begin + day).astimezone(zone).utcoffset():
            yield _change_within(zone, begin, begin + day)
        begin += day


def _change_within(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    seconds, offset = range(int((after - before).total_seconds()) + 1), before.astimezone(zone).utcoffset()

    def changed(second: int) -> bool:
        return (before + timedelta(seconds=second)).astimezone(zone).utcoffset() != offset

    return before + timedelta(seconds=bisect_left(seconds, True, key=changed))


@cache
def _known_names() -> frozenset[str]:
    # Factory is the placeholder of an unset machine, not a place.
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})
