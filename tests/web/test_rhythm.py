"""The page of the rhythm: all faults at once, a start that fits, before and after, removing it."""

import re
from datetime import timedelta

import pytest

from tests.web.acting import Acting
from tests.web.test_rounds import weekly
from tests.web.test_scheduling import dates, shifted, slots


@pytest.fixture
def act(cast):
    return Acting(cast)


@pytest.fixture
def weekly_circle(cast):
    """No open round; from tomorrow on a round opens every week."""
    act = Acting(cast, opened=False)
    act.browser("Ada").submit(f"{act.url}/rhythm", weekly(act))
    return act


def wrong(act, **changes):
    """Return a form in which three things are to mend."""
    return weekly(act, pattern="monthly_day", interval="13", monthday="32", due_days="-2", **changes)


def errors(page):
    """Return the fields a page has an error beside."""
    return re.findall(r'class="error" id="(\w+)-error"', page)


def test_every_fault_stands_beside_its_field_at_once(act):
    page = act.browser("Ada").submit(f"{act.url}/rhythm", wrong(act)).text
    assert errors(page) == ["interval", "monthday", "due_days"]


def test_what_cannot_be_read_and_what_is_out_of_bounds_are_said_together(act):
    page = act.browser("Ada").submit(f"{act.url}/rhythm", wrong(act, due_time="25:99", zone="Mars/Base")).text
    assert errors(page) == ["interval", "monthday", "due_days", "due_time", "zone"]


def test_what_cannot_be_read_accuses_no_other_field(act):
    page = act.browser("Ada").submit(f"{act.url}/rhythm", weekly(act, opens_at="soon", starts_on="")).text
    assert errors(page) == ["starts_on", "opens_at"]


def test_all_faults_are_listed_on_top_with_the_ways_to_their_fields(act):
    page = act.browser("Ada").submit(f"{act.url}/rhythm", wrong(act)).text
    top = page.partition("<h1>")[0]
    assert re.findall(r'href="#(\w+)"', top.partition('class="flash faults"')[2]) == [
        *("interval", "monthday", "due_days"),
    ]


def test_a_live_preview_names_every_fault(act):
    page = act.browser("Ada").submit(f"{act.url}/rhythm/preview", wrong(act)).text
    assert re.findall(r'data-about="(\w+)"', page) == ["interval", "monthday", "due_days"]
    assert "3 things to mend above." in page


def test_a_live_preview_says_the_next_opening_in_one_line(act):
    start = (act.now + timedelta(days=40)).date().isoformat()
    page = act.browser("Ada").submit(f"{act.url}/rhythm/preview", weekly(act, starts_on=start)).text
    assert re.search(r"data-first>Next opening: Tuesday \d+ \w+( \d{4})?, 09:00<", page)


def test_a_start_during_the_open_round_offers_a_day_that_shows_the_dates_at_one_press(act):
    ada = act.browser("Ada")
    refused = ada.submit(f"{act.url}/rhythm", weekly(act))
    offered = re.search(r'name="start" value="([\d-]+)"', refused.text).group(1)
    assert refused.status_code == 422
    page = ada.submit(f"{act.url}/rhythm", weekly(act, start=offered)).text
    assert page.count('<time class="day"') == 6
    assert re.search(rf'name="starts_on"[^>]* value="{offered}"', page)


def test_the_day_that_was_offered_saves_nothing_yet(act):
    ada = act.browser("Ada")
    ada.submit(f"{act.url}/rhythm", weekly(act, start=(act.now + timedelta(days=40)).date().isoformat()))
    assert "Rounds open by hand." in ada.get(f"{act.url}/rounds").text


def test_each_date_is_marked_by_a_word_before_the_rhythm_is_changed(weekly_circle):
    form = weekly(weekly_circle, interval="2")
    page = weekly_circle.browser("Ada").submit(f"{weekly_circle.url}/rhythm", form).text
    assert re.findall(r"</span> (as before|gone|new)</span>", page)[:4] == ["as before", "gone"] * 2


def test_a_moved_round_that_is_not_kept_is_named(weekly_circle):
    ada, slot = weekly_circle.browser("Ada"), slots(weekly_circle)[0]
    held = dates(weekly_circle, slot)
    ada.submit(slot, held | {"opens_on": shifted(held["opens_on"], 1)})
    page = ada.submit(f"{weekly_circle.url}/rhythm", weekly(weekly_circle, opens_at="10:00")).text
    assert re.search(r"What you changed by hand is not kept: the round of \d+ \w+\.", page)


def test_removing_the_rhythm_is_asked_first_with_what_it_drops(weekly_circle):
    ada = weekly_circle.browser("Ada")
    assert f'href="{weekly_circle.url}/rhythm/removal"' in ada.get(f"{weekly_circle.url}/rhythm").text
    asked = ada.get(f"{weekly_circle.url}/rhythm/removal").text
    assert "Every week on Tuesday at 09:00" in asked
    assert asked.count('<time class="day"') == 6
    assert "Every week on Tuesday" in ada.get(f"{weekly_circle.url}/rounds").text


def test_where_there_is_no_rhythm_none_is_removed(act):
    answer = act.browser("Ada").get(f"{act.url}/rhythm/removal")
    assert answer.location == f"{act.url}/rounds"
