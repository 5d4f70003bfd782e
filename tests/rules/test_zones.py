"""Zones: the list, and wall clocks through gaps and folds."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.rules import zones
from circle.rules.errors import UnknownZone

BERLIN = zones.zone("Europe/Berlin")
GAP = datetime.fromisoformat("2027-03-28 02:30")
FOLD = datetime.fromisoformat("2027-10-31 02:30")


def test_the_systems_own_zone_data_is_left_alone():
    assert zoneinfo.TZPATH == ()


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "Factory", "../etc/passwd", "europe/berlin", "x" * 10_000, "\0"]
)
def test_a_zone_that_does_not_exist_is_refused_in_words(name):
    with pytest.raises(UnknownZone, match="from the list"):
        zones.zone(name)


def test_every_name_on_the_list_is_a_zone():
    assert [zones.zone(name).key for name in zones.zone_names()] == list(zones.zone_names())


def test_the_list_is_sorted_and_holds_utc():
    assert list(zones.zone_names()) == sorted({*zones.zone_names(), "UTC"})


def test_the_list_names_a_city_once():
    assert "Asia/Kolkata" in zones.zone_names()
    assert "Asia/Calcutta" not in zones.zone_names()


def test_a_legacy_name_from_a_browser_is_understood():
    assert zones.zone("Asia/Calcutta").key == "Asia/Calcutta"


def test_a_time_in_a_spring_gap_takes_the_offset_from_before_it():
    assert zones.to_utc(GAP, BERLIN) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_time_in_an_autumn_fold_is_the_first_of_the_two():
    assert zones.to_utc(FOLD, BERLIN) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_gap_is_seen():
    assert zones.in_gap(GAP, BERLIN)


@pytest.mark.parametrize("local", [FOLD, GAP - timedelta(hours=1), GAP + timedelta(hours=1)])
def test_an_existing_time_is_not_in_a_gap(local):
    assert not zones.in_gap(local, BERLIN)


def test_a_local_day_is_the_day_on_the_wall_there():
    assert zones.local_day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), BERLIN) == date(2026, 12, 1)


def test_a_wall_clock_time_with_a_zone_is_a_mistake_in_the_code():
    with pytest.raises(ValueError, match="no zone"):
        zones.to_utc(datetime(2026, 1, 1, tzinfo=UTC), BERLIN)


def test_an_instant_without_a_zone_is_a_mistake_in_the_code():
    with pytest.raises(ValueError, match="its zone"):
        zones.to_local(datetime.fromisoformat("2026-01-01"), BERLIN)


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(
    st.datetimes(datetime.fromisoformat("2001-01-01"), datetime.fromisoformat("2199-01-01")),
    st.sampled_from(zones.zone_names()),
)
def test_a_time_outside_a_gap_comes_back_as_it_went(local, name):
    place = zones.zone(name)
    came_back = zones.to_local(zones.to_utc(local, place), place)
    assert (came_back == local) is not zones.in_gap(local, place)
