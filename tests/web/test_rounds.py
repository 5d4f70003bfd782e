"""Pages of rounds and the circle page: opening, the rhythm, what is shown to whom."""

import re
from datetime import timedelta

import pytest

from circle.models import Introduction, Person
from circle.rules.states import Outcome
from circle.services.work import writing
from tests.web.acting import Acting


@pytest.fixture
def act(cast):
    return Acting(cast)


@pytest.fixture
def quiet(cast):
    return Acting(cast, opened=False)


def due(act, days=14, **changes):
    return {"due_on": (act.now + timedelta(days=days)).date().isoformat(), "due_time": "17:00", **changes}


def weekly(act, **changes):
    start = (act.now + timedelta(days=1)).date().isoformat()
    return {
        "pattern": "weekly",
        "interval": "1",
        "weekday": "1",
        "nth": "1",
        "monthday": "1",
        "opens_at": "09:00",
        "due_days": "5",
        "due_time": "17:00",
        "starts_on": start,
        "ends_on": "",
        "rounds": "",
        **changes,
    }


def test_the_circle_page_asks_for_what_is_left_first(act):
    page = act.browser("Ada").get(act.url).text
    assert "<h1>Four introductions to make</h1>" in page
    assert "<title>4 left · Harbour Circle</title>" in page


def test_the_matrix_names_every_promise(act):
    page = act.browser("Ada").get(act.url).text
    assert len(re.findall(r'data-giver="\w+" data-receiver="\w+" data-state="open"', page)) == 20


def test_the_circle_page_is_light(act):
    browser = act.browser("Ada")
    for giver in ("Ada", "Ben", "Cy", "Dee", "Eve"):
        others = [other for other in ("Ada", "Ben", "Cy", "Dee", "Eve") if other != giver]
        act.browser(giver).submit(act.log_url(), act.form(*others))
    assert len(browser.get(act.url).data) < 32_000


def test_the_circle_page_has_no_style_or_script_of_its_own(act):
    page = act.browser("Ada").get(act.url).text
    assert not re.search(r"<style|style=|<script(?![^>]*src)", page)


def test_a_circle_before_its_first_round_says_what_to_do_next(quiet):
    page = quiet.browser("Ada").get(quiet.url).text
    assert "Ready for the first round" in page
    assert "Open the first round" in page


def test_a_member_reads_the_schedule_without_its_forms(act):
    page = act.browser("Ben").get(f"{act.url}/rounds").text
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_a_member_opens_no_round(quiet):
    assert quiet.browser("Ben").submit(f"{quiet.url}/rounds", due(quiet)).status_code == 403


def test_an_organiser_opens_a_round_with_one_form(quiet):
    browser = quiet.browser("Ada")
    page = browser.submit(f"{quiet.url}/rounds", due(quiet), follow_redirects=True).text
    assert "Round 1 is open." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_on": ""}, "Please fill this in."),
        ({"due_on": "soon"}, "such as 2026-11-24"),
        ({"due_on": "2001-01-01"}, "still to come"),
        ({"due_on": "9999-01-01"}, "within the next year"),
        ({"due_time": "25:99"}, "such as 17:00"),
        ({"theme": "x" * 10_000}, "Please keep this to 120 characters."),
    ],
)
def test_a_round_that_cannot_be_is_answered_beside_its_field(quiet, changes, words):
    answer = quiet.browser("Ada").submit(f"{quiet.url}/rounds", due(quiet, **changes))
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_second_round_is_refused_in_words(act):
    answer = act.browser("Ada").submit(f"{act.url}/rounds", due(act, 20))
    assert answer.status_code == 422


def test_a_rhythm_is_said_back_in_words_with_six_dates(quiet):
    browser = quiet.browser("Ada")
    page = browser.submit(f"{quiet.url}/rhythm", weekly(quiet), follow_redirects=True).text
    assert "Every week on Tuesday at 09:00, due 5 days later at 17:00." in page
    assert page.count('<time class="day"') == 6


def test_a_preview_shows_six_dates_and_saves_nothing(quiet):
    browser = quiet.browser("Ada")
    page = browser.submit(f"{quiet.url}/rhythm", weekly(quiet, preview="1")).text
    assert page.count('<time class="day"') == 6
    assert "No rhythm" in quiet.browser("Ben").get(f"{quiet.url}/rounds").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"interval": "0"}, "from 1 to 12"),
        ({"interval": "13"}, "from 1 to 12"),
        ({"interval": "one"}, "in digits"),
        ({"interval": "9" * 10_000}, "in digits"),
        ({"pattern": "monthly_day", "monthday": "0"}, "from 1 to 31"),
        ({"pattern": "monthly_day", "monthday": "32"}, "from 1 to 31"),
        ({"pattern": "yearly"}, "choose from the list"),
        ({"weekday": "9"}, "choose from the list"),
        ({"due_days": "9"}, "Choose at most"),
        ({"due_days": "0", "due_time": "08:00"}, "at least three hours"),
        ({"starts_on": "0001-01-01"}, "between the years 2000 and 2200"),
        ({"starts_on": "9999-01-01"}, "between the years 2000 and 2200"),
        ({"ends_on": "2001-01-01"}, "before the start"),
        ({"starts_on": ""}, "Please fill this in."),
        ({"rounds": "many"}, "in digits"),
    ],
)
def test_a_rhythm_that_cannot_be_is_answered_beside_its_field(quiet, changes, words):
    answer = quiet.browser("Ada").submit(f"{quiet.url}/rhythm", weekly(quiet, **changes))
    assert (answer.status_code, words in answer.text) == (422, True)


def test_a_removed_rhythm_is_gone(quiet):
    browser = quiet.browser("Ada")
    browser.submit(f"{quiet.url}/rhythm", weekly(quiet))
    page = browser.submit(f"{quiet.url}/rhythm/removal", follow_redirects=True).text
    assert "Rounds open by hand." in page


def test_a_stored_rhythm_is_filled_into_its_form(quiet):
    browser = quiet.browser("Ada")
    browser.submit(
        f"{quiet.url}/rhythm", weekly(quiet, pattern="monthly_weekday", nth="-1", weekday="3", due_days="7")
    )
    page = browser.get(f"{quiet.url}/rhythm").text
    assert '<option selected value="-1">last</option>' in page
    assert '<option selected value="3">Thursday</option>' in page


def test_the_page_of_a_round_shows_who_made_what_for_whom(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", synergy="team_up"))
    page = act.browser("Cy").get(f"{act.url}/rounds/1").text
    assert "Could team up" in page
    assert "Rosa Lind" not in page


def test_a_stranger_finds_no_round(act):
    assert act.browser("Finn").get(f"{act.url}/rounds/1").status_code == 404


def test_a_closed_round_is_still_answerable_on_the_circle_page(act):
    act.turn(15)
    page = act.browser("Ada").get(act.url).text
    assert "still welcome" in page
    assert "Introduce Ben" in page


@pytest.mark.parametrize(("ends", "field"), [("until", "ends_on"), ("count", "rounds")])
def test_an_end_without_its_day_or_number_is_asked_for(quiet, ends, field):
    answer = quiet.browser("Ada").submit(f"{quiet.url}/rhythm", weekly(quiet, ends=ends))
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)


def test_an_end_after_seven_rounds_is_asked_about_before_it_is_saved(quiet):
    ada = quiet.browser("Ada")
    ada.submit(f"{quiet.url}/rhythm", weekly(quiet))
    answer = ada.submit(f"{quiet.url}/rhythm", weekly(quiet, ends="count", rounds="7"))
    assert (answer.status_code, "seven rounds" in answer.text) == (200, True)


def test_the_organise_page_leaves_the_clock_to_the_rhythm(quiet):
    ada = quiet.browser("Ada")
    assert 'name="zone"' in ada.get(f"{quiet.url}/organise").text
    ada.submit(f"{quiet.url}/rhythm", weekly(quiet))
    page = ada.get(f"{quiet.url}/organise").text
    assert ('name="zone"' in page, "Change that with the rhythm" in page) == (False, True)


def test_before_the_first_round_the_page_across_them_says_what_will_stand_there(quiet):
    page = quiet.browser("Ben").get(f"{quiet.url}/rounds/across").text
    assert "Once the first round is open" in page


def test_the_page_across_rounds_shows_ones_own_and_the_circles_totals(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", "Cy", synergy="team_up"))
    page = act.browser("Ada").get(f"{act.url}/rounds/across").text
    assert "2 of 20 promises kept so far in one round. Round 1 is still open." in page
    assert "You made 2 of 4, and 0 of 4 were made for you." in page
    assert not re.search("Ben|Cy Marsh|Dee|Eve", page.split("<main")[1].split("</main>")[0])


def test_every_drawing_across_rounds_has_its_numbers_in_a_table(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", synergy="team_up"))
    page = act.browser("Ada").get(f"{act.url}/rounds/across").text
    drawn = re.findall(r'<div class="figure">.*?</section>', page, re.DOTALL)
    assert [figure.count("<table") for figure in drawn] == [1, 1, 1, 1]
    assert all("<rect" in figure for figure in drawn)


def test_a_giver_reads_who_has_had_none_yet(act):
    act.browser("Eve").submit(act.log_url(), act.form("Ben"))
    page = act.browser("Ada").get(act.url).text
    assert "Nobody has introduced <bdi>Cy</bdi> in this round yet." in page
    assert "Nobody has introduced <bdi>Ben" not in page


def test_the_view_for_a_meeting_names_nothing_open(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben"))
    page = act.browser("Cy").get(f"{act.url}/gathering").text
    main = page.split("<main")[1].split("</main>")[0]
    assert "<h1>1 of 20 made</h1>" in main
    assert "<table" not in main
    assert "still open" not in main


def test_thanks_of_the_first_round_are_not_looked_for_in_one_before(act):
    for giver in ("Ada", "Ben"):
        others = [first for first in ("Ada", "Ben", "Cy", "Dee", "Eve") if first != giver]
        act.browser(giver).submit(act.log_url(), act.form(*others))
    with act.app.app_context(), writing() as session:
        for at, one in enumerate(session.query(Introduction)):
            one.thanks, one.thanks_shared, one.thanks_at = f"Thanks {at}", True, act.now
    page = act.browser("Ada").get(f"{act.url}/gathering").text
    assert "2 more on the page of <a" in page
    assert "the one before" not in page


def test_a_page_to_project_shows_nothing_of_its_readers_own_mail(act):
    ada = act.cast.person("Ada")
    with act.app.app_context(), writing() as session:
        session.get_one(Person, ada.id).mail_refused_at = act.now
    pages = (act.browser("Ada").get(act.url + way).text for way in ("", "/gathering"))
    assert [ada.email in page for page in pages] == [True, False]


def test_what_a_finished_round_left_open_is_not_called_open_any_more(act):
    act.turn(15)
    closed = act.browser("Ada").get(f"{act.url}/rounds/1").text
    act.now += timedelta(days=16)
    act.open()
    finished = act.browser("Ada").get(f"{act.url}/rounds/1").text
    assert [(page.count("still open"), page.count("left open")) for page in (closed, finished)] == [
        (21, 0),
        (0, 21),
    ]
    assert ["For your meeting" in page for page in (closed, finished)] == [True, False]


def test_a_column_for_what_did_not_arrive_stands_only_where_something_did_not(act):
    act.browser("Ada").submit(act.log_url(), act.form("Ben", synergy="team_up"))
    before = act.browser("Ada").get(f"{act.url}/rounds/across").text
    with act.app.app_context(), writing() as session:
        session.query(Introduction).one().outcome = Outcome.NOT_RECEIVED
    after = act.browser("Ada").get(f"{act.url}/rounds/across").text
    assert [page.count('<th scope="col">Did not arrive</th>') for page in (before, after)] == [0, 1]
    assert [page.count("or did not arrive") for page in (before, after)] == [0, 1]
