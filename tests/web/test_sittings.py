"""Fifteen minutes on its pages: without scripts, on any device, and the ideas on the way back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from circle.extensions import db
from circle.models import Person, Sitting
from circle.services.progress import calendars
from circle.services.work import writing
from tests.client import Client
from tests.snapshot import rows
from tests.web.acting import Acting

ROSA = "Rosa Lind"
PAGE = "/fifteen-minutes"
SETTINGS = "/you/fifteen-minutes"


@pytest.fixture
def act(cast) -> Acting:
    return Acting(cast)


def began(browser: Client) -> str:
    found = re.search(r'name="began"[^>]*value="(\d+)"', browser.get(PAGE).text)
    return found[1] if found else ""


def settle(browser: Client, position: int, do: str = "next", **typed: str):
    facts = {"began": began(browser), "do": do, **typed}
    return browser.submit(f"{PAGE}/thoughts/{position}", facts)


def title(browser: Client) -> str:
    found = re.search(r"<title>(.*?) · Circle</title>", browser.get(PAGE).text)
    return found[1] if found else ""


def test_it_goes_one_thought_at_a_time_to_its_end(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    seen = []
    for position in (1, 2, 3):
        seen.append(title(ada))
        settle(ada, position)
    assert seen == [f"Fifteen minutes for {first}" for first in ("Ben", "Cy", "Dee")]
    assert "That was it for today" in ada.get(PAGE).text


def test_another_device_is_where_one_was(act):
    act.browser("Ada").submit(PAGE)
    settle(act.browser("Ada"), 1)
    assert title(act.browser("Ada")) == "Fifteen minutes for Cy"


def test_looking_changes_nothing(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    before = rows(act.app)
    ada.get(PAGE)
    assert rows(act.app) == before


def test_the_three_questions_speak_of_the_member(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    page = ada.get(PAGE).text
    assert all(words in page for words in ("Small shops", "Insurance broker", "Cycling", "Same clients?"))


def test_a_parked_idea_stands_on_the_circle_page_and_is_made_from_there(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    settle(ada, 1, "park", contact_name=ROSA, words="Both cycle.")
    page = ada.get(act.url).text
    way = re.search(r'href="([^"]*introductions/new\?[^"]*idea=[^"]*)"', page)
    assert way
    form = ada.get(way[1].replace("&amp;", "&")).text
    idea = re.search(r'name="idea"[^>]*value="([^"]+)"', form)
    assert idea
    assert (f'value="{ROSA}"' in form, "Both cycle." in page) == (True, True)
    ada.submit(act.log_url(), act.form("Ben", contact_name="Somebody Else", idea=idea[1]))
    assert "Both cycle." not in ada.get(PAGE).text


@pytest.mark.parametrize("member", ["\0", "x" * 1_000, "nobody"])
def test_a_member_whom_nobody_can_choose_is_no_fault(act, member):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    assert settle(ada, 1, "park", contact_name=ROSA, member=member).status_code == 303


def test_a_draft_is_begun_from_an_idea(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    settle(ada, 1, "park", contact_name=ROSA)
    way = re.search(r'href="([^"]*/draft\?idea=[^"]*)"', ada.get(act.url).text)
    assert way
    assert f'value="{ROSA}"' in ada.get(way[1]).text


def test_an_idea_is_dropped_and_one_is_back_where_it_stood(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    settle(ada, 1, "park", contact_name=ROSA)
    drop = re.search(r'action="(/ideas/[^"]*)"', ada.get(act.url).text)
    assert drop
    answer = ada.submit(drop[1], {"next": act.url})
    assert (answer.location, ROSA in ada.get(act.url).text) == (act.url, False)
    assert act.browser("Ben").submit(drop[1]).status_code == 409


def test_nothing_typed_is_refused_beside_the_field(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    answer = settle(ada, 1, "park")
    assert (answer.status_code, "Write a name or a line first" in answer.text) == (422, True)


def test_a_name_from_the_circle_is_refused_with_what_was_typed(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    answer = settle(ada, 1, "park", contact_name="Cy Marsh", words="They could cycle.")
    assert (answer.status_code, "They could cycle." in answer.text) == (422, True)


def test_the_server_keeps_the_time(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    with act.app.app_context(), writing() as session:
        session.query(Sitting).one().began_at -= timedelta(minutes=16)
    page = ada.get(PAGE).text
    assert ("That was it for today" in page, 'name="began"' in page) == (True, False)


def test_a_question_is_answered_there(act):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben", "Cy", "Dee", "Eve"))
    ada.submit(PAGE)
    assert "What does Rosa do?" in ada.get(PAGE).text
    settle(ada, 1, "answer", answer="Architect")
    assert "Architect" in ada.get("/people-i-know.csv").text


def test_whichever_button_is_pressed_an_answer_and_an_idea_are_kept(act):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben", "Cy", "Dee", "Eve"))
    ada.submit(PAGE)
    settle(ada, 1, "park", answer="Architect", member=act.stage.refs["Cy"], words="Over lunch")
    assert "Architect" in ada.get("/people-i-know.csv").text
    ada.submit(f"{PAGE}/end")
    assert "Over lunch" in ada.get(PAGE).text


def test_a_stranger_without_anybody_is_told_what_to_do_first(act):
    finn = act.browser("Finn")
    finn.submit(PAGE)
    assert "There is nobody to think of yet" in finn.get(PAGE).text


@pytest.mark.parametrize("typed", [{}, {"began": "x"}, {"began": "9" * 30}, {"began": "1"}])
def test_a_form_of_no_sitting_is_answered_in_words(act, typed):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    answer = ada.submit(f"{PAGE}/thoughts/1", {"do": "park", "contact_name": ROSA, **typed})
    assert (answer.status_code, ROSA in answer.text) == (409, True)


def test_enough_for_today_ends_it(act):
    ada = act.browser("Ada")
    ada.submit(PAGE)
    ada.submit(f"{PAGE}/end")
    assert "That was it for today" in ada.get(PAGE).text


def test_days_are_kept_and_shown(act):
    ada = act.browser("Ada")
    ada.submit(SETTINGS, {"weekdays": ["1", "3"], "in_letter": "y", "hour": "7"})
    page = ada.get(SETTINGS).text
    assert len(re.findall(r"checked[^>]*name=\"weekdays\"|name=\"weekdays\"[^>]*checked", page)) == 2
    assert ada.submit(SETTINGS, {"weekdays": ["9"], "hour": "7"}).status_code == 422


def entry(act: Acting, ada: Client):
    """Return the entry of Ada's feed that comes again, None without one."""
    page = ada.get("/you/calendar").text
    address = re.search(r"http://[^\"]*(/calendar/[^\"]*\.ics)", page)
    assert address
    wire = ada.get(address[1]).data
    [found] = [[one for one in Calendar.from_ical(wire).walk("VEVENT") if "RRULE" in one]]
    return found[0] if found else None


def test_the_calendar_holds_them_each_week_by_the_wall_clock(act):
    ada = act.browser("Ada")
    ada.submit("/you/calendar")
    assert entry(act, ada) is None
    ada.submit(SETTINGS, {"weekdays": ["1", "3"], "in_calendar": "y", "hour": "7"})
    first = entry(act, ada)
    assert first["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU,TH"
    start = first["DTSTART"].dt
    assert (start.hour, str(start.tzinfo), start.weekday() in (1, 3)) == (7, "Europe/London", True)


def test_its_entry_keeps_its_name_and_counts_its_changes(act):
    ada = act.browser("Ada")
    ada.submit("/you/calendar")
    ada.submit(SETTINGS, {"weekdays": ["1"], "in_calendar": "y", "hour": "7"})
    first = entry(act, ada)
    with act.app.app_context(), writing() as session:
        person = session.get_one(Person, act.cast.person("Ada").id)
        person.quarter_changed_at = datetime(2026, 1, 2, tzinfo=UTC)
    before = entry(act, ada)
    assert before["SEQUENCE"] == 24 * 60
    assert (first["UID"], first["SEQUENCE"] > before["SEQUENCE"]) == (before["UID"], True)


def test_saving_the_same_again_changes_no_entry(act):
    ada = act.browser("Ada")
    ada.submit("/you/calendar")
    chosen = {"weekdays": ["1"], "in_calendar": "y", "hour": "7"}
    ada.submit(SETTINGS, chosen)
    before = entry(act, ada).to_ical()
    ada.submit(SETTINGS, {**chosen, "in_letter": "y"})
    assert entry(act, ada).to_ical() == before


def test_who_has_no_calendar_address_is_told_how_to_get_one(act):
    ada = act.browser("Ada")
    ada.submit(SETTINGS, {"weekdays": ["1"], "in_calendar": "y", "hour": "7"})
    assert "Your calendar has no address here yet." in ada.get(SETTINGS).text
    with act.app.app_context():
        assert calendars.address_of(act.cast.person("Ada").id) is None
        assert db.session.get_one(Person, act.cast.person("Ada").id).quarter_in_calendar
