"""Every clock change of every zone from 2026 to 2036: openings around it exist, in order, one a slot."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from circle.rules import zones
from circle.rules.recurrence import Pattern, Rhythm, occurrences

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
AROUND = [timedelta(minutes=minutes) for minutes in range(-120, 121, 30)]


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _by_changes() -> dict[tuple[tuple[datetime, timedelta, timedelta], ...], str]:
    """Return one zone for each list of clock changes there is: many zones share theirs."""
    found = {}
    for name in sorted(available_timezones() - {"Factory", "localtime"}):
        zone = zones.zone(name)
        moments = tuple(
            (at, _offset(at - timedelta(minutes=1), zone), _offset(at, zone))
            for at in zones.changes(zone, FIRST, LAST)
        )
        if moments:
            found.setdefault(moments, name)
    return found


@pytest.fixture(scope="module")
def changing() -> dict[tuple[tuple[datetime, timedelta, timedelta], ...], str]:
    return _by_changes()


def _rhythms(local: datetime) -> Iterator[Rhythm]:
    for shift in AROUND:
        opens = local + shift
        start = opens.date() - timedelta(days=7)
        at = {"opens_at": opens.time(), "starts_on": start, "due_days": 3}
        yield Rhythm(pattern=Pattern.WEEKLY, weekday=opens.weekday(), **at)
        yield Rhythm(pattern=Pattern.MONTHLY_DAY, monthday=opens.day, **at)


def test_every_opening_around_a_clock_change_exists_in_order_and_once(changing) -> None:
    looked_at = 0
    for moments, name in changing.items():
        zone = zones.zone(name)
        for at, before, after in moments:
            local = at.astimezone(UTC).replace(tzinfo=None) + max(before, after)
            for rhythm in _rhythms(local):
                coming = list(islice(occurrences(rhythm, zone), 3))
                _in_order(coming)
                for one in coming:
                    _by_the_rule(one.slot, one.opens_at, zone)
                looked_at += 1
    assert len(changing) > 30
    assert looked_at > 10_000


def _in_order(coming) -> None:
    assert all(this.opens_at < later.opens_at for this, later in pairwise(coming))
    assert len({one.slot for one in coming}) == len(coming)


def _by_the_rule(slot: datetime, opens_at: datetime, zone: ZoneInfo) -> None:
    """RFC 5545, 3.3.5: in a gap the offset from before it, in a fold the first of the two."""
    shown = opens_at.astimezone(zone).replace(tzinfo=None, fold=0)
    if shown == slot:
        earlier = [opens_at - timedelta(minutes=minutes) for minutes in (30, 60, 120)]
        assert all(one.astimezone(zone).replace(tzinfo=None) != slot for one in earlier)
    else:
        day_before = _offset(opens_at - timedelta(hours=3), zone)
        assert opens_at == slot.replace(tzinfo=UTC) - day_before


def test_the_changes_are_found() -> None:
    london = list(zones.changes(zones.zone("Europe/London"), FIRST, LAST))
    assert london[0] == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert len(london) == 22


@pytest.mark.parametrize(
    ("name", "day"), [("Europe/London", date(2026, 3, 29)), ("Africa/Cairo", date(2026, 4, 24))]
)
def test_a_time_inside_a_gap_opens_after_it(name: str, day: date) -> None:
    zone = zones.zone(name)
    inside = datetime.combine(day, time(1 if name == "Europe/London" else 0, 30))
    rhythm = Rhythm(pattern=Pattern.WEEKLY, weekday=day.weekday(), starts_on=day, opens_at=inside.time())
    first = next(occurrences(rhythm, zone))
    assert first.opens_at.astimezone(zone).replace(tzinfo=None) == inside + timedelta(hours=1)
