"""What an organiser changes about the rounds to come and the open one, as pages answer it."""

import re
from datetime import timedelta

import pytest

from circle import clock, worker
from circle.services.membership import memberships
from circle.services.rounds import turns
from tests.web.acting import LIMITS, Acting
from tests.web.test_rounds import due, weekly


@pytest.fixture
def act(cast):
    return Acting(cast)


@pytest.fixture
def weekly_circle(cast):
    """No open round; from tomorrow on a round opens every week and is due five days later."""
    act = Acting(cast, opened=False)
    act.browser("Ada").submit(f"{act.url}/rhythm", weekly(act))
    return act


def slots(act):
    """Return the addresses of the coming rounds, as the page links them."""
    return re.findall(rf"{act.url}/rounds/coming/\w+", act.browser("Ada").get(f"{act.url}/rounds").text)


def dates(act, slot, **changes):
    """Return what the form of a coming round holds, with changes."""
    page = act.browser("Ada").get(slot).text
    names = ("opens_on", "opens_time", "due_on", "due_time")
    held = {name: re.search(rf'name="{name}"[^>]* value="([^"]+)"', page).group(1) for name in names}
    return held | changes


def shifted(day, days):
    """Return a day, as a form writes it, some days later."""
    return (clock.datetime.fromisoformat(day) + timedelta(days=days)).date().isoformat()


def test_every_coming_round_links_to_its_page_for_organisers_alone(weekly_circle):
    assert len(slots(weekly_circle)) == 6
    assert "/rounds/coming/" not in weekly_circle.browser("Ben").get(f"{weekly_circle.url}/rounds").text


def test_the_form_of_a_coming_round_holds_its_dates(weekly_circle):
    held = dates(weekly_circle, slots(weekly_circle)[0])
    assert (held["opens_time"], held["due_time"]) == ("09:00", "17:00")


def test_a_moved_round_says_where_it_was(weekly_circle):
    slot = slots(weekly_circle)[0]
    answer = weekly_circle.browser("Ada").submit(
        slot, dates(weekly_circle, slot, opens_time="11:30"), follow_redirects=True
    )
    assert "Opens at 11:30" in answer.text
    assert re.search(r"Moved from \d+ \w+( \d{4})?, 09:00\.", answer.text)


def test_a_round_with_another_due_date_alone_says_so(weekly_circle):
    slot = slots(weekly_circle)[0]
    answer = weekly_circle.browser("Ada").submit(
        slot, dates(weekly_circle, slot, due_time="16:00"), follow_redirects=True
    )
    assert "new due date" in answer.text
    assert "Moved from" not in answer.text


def test_a_skipped_round_stays_in_the_list_with_its_reason(weekly_circle):
    slot = slots(weekly_circle)[1]
    page = weekly_circle.browser("Ben")
    weekly_circle.browser("Ada").submit(f"{slot}/skipping")
    assert "An organiser skipped it." in page.get(f"{weekly_circle.url}/rounds").text


def test_every_coming_round_is_named_by_its_date(weekly_circle):
    first = clock.datetime.strptime(slots(weekly_circle)[0][-13:], "%Y%m%dT%H%M")
    page = weekly_circle.browser("Ben").get(f"{weekly_circle.url}/rounds").text
    assert f"<b>Tuesday {first.day} {first:%B}" in page
    assert "Round 1" not in page


def test_a_skipped_round_is_let_open_after_all(weekly_circle):
    ada, slot = weekly_circle.browser("Ada"), slots(weekly_circle)[0]
    ada.submit(f"{slot}/skipping")
    assert "as before it was skipped" in ada.get(slot).text
    ada.submit(f"{slot}/restoring")
    assert "Skip this round" in ada.get(slot).text


def test_a_moved_round_is_put_back(weekly_circle):
    ada, slot = weekly_circle.browser("Ada"), slots(weekly_circle)[0]
    ada.submit(slot, dates(weekly_circle, slot, opens_time="12:00"))
    assert "Put it back" in ada.get(slot).text
    ada.submit(f"{slot}/restoring")
    assert "Put it back" not in ada.get(slot).text


def test_a_round_as_the_rhythm_says_offers_no_way_back(weekly_circle):
    assert "Put it back" not in weekly_circle.browser("Ada").get(slots(weekly_circle)[0]).text


def test_a_move_into_the_next_round_links_to_that_one(weekly_circle):
    first, second, *_ = slots(weekly_circle)
    held = dates(weekly_circle, first)
    answer = weekly_circle.browser("Ada").submit(first, held | {"due_on": shifted(held["due_on"], 7)})
    assert answer.status_code == 422
    beside = re.search(r'id="due_on-error">(.*?)</p>', answer.text).group(1)
    assert re.search(rf'<a href="{second}">Move or skip the round of \d+ \w+ first</a>', beside)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"opens_on": ""}, "opens_on", "Please fill this in."),
        ({"opens_on": "soon"}, "opens_on", "such as 2026"),
        ({"opens_on": "0001-01-01"}, "opens_on", "within the next year"),
        ({"due_on": "9999-12-31"}, "due_on", "within the next year"),
        ({"opens_on": "2020-01-01", "due_on": "2020-01-05"}, "opens_on", "still to come"),
        ({"due_on": "2020-01-01"}, "due_on", "It would be due before it opens."),
        ({"due_time": "25:99"}, "due_time", "such as 17:00"),
        ({"opens_time": "9" * 10_000}, "opens_time", "such as 17:00"),
    ],
)
def test_dates_that_cannot_be_are_answered_beside_their_field(weekly_circle, changes, field, words):
    slot = slots(weekly_circle)[0]
    answer = weekly_circle.browser("Ada").submit(slot, dates(weekly_circle, slot, **changes))
    assert answer.status_code == 422
    assert words in re.search(rf'id="{field}-error">([^<]*)', answer.text).group(1)


@pytest.mark.parametrize("what", ["", "/skipping", "/restoring"])
def test_a_round_that_is_not_to_come_is_answered_with_what_is_true_now(weekly_circle, what):
    form = {"opens_on": "2026-01-01", "opens_time": "09:00", "due_on": "2026-01-09", "due_time": "17:00"}
    answer = weekly_circle.browser("Ada").submit(
        f"{weekly_circle.url}/rounds/coming/20200107T0900{what}", form
    )
    assert answer.status_code == 409
    assert "This round is not to come any more" in answer.text
    assert "Coming up" in answer.text


@pytest.mark.parametrize("slot", ["now", "2026", "20261399T0900", "20261203T09000", "99999999T9999"])
def test_what_is_no_slot_is_not_found(weekly_circle, slot):
    assert weekly_circle.browser("Ada").get(f"{weekly_circle.url}/rounds/coming/{slot}").status_code == 404


def test_a_new_due_date_is_said_on_the_page(act):
    answer = act.browser("Ada").submit(f"{act.url}/rounds/1/due", due(act, 20), follow_redirects=True)
    assert "in 20 days" in answer.text


def test_a_due_date_in_the_past_is_refused_beside_its_field(act):
    answer = act.browser("Ada").submit(f"{act.url}/rounds/1/due", due(act, -3))
    assert (answer.status_code, "That moment has passed." in answer.text) == (422, True)


def test_a_theme_stands_with_the_round(act):
    act.browser("Ada").submit(f"{act.url}/rounds/1/theme", {"theme": "People who export"})
    assert "People who export" in act.browser("Ben").get(f"{act.url}/rounds").text


def test_a_theme_that_is_too_long_is_kept_with_the_sentence_beside_it(act):
    answer = act.browser("Ada").submit(f"{act.url}/rounds/1/theme", {"theme": "x" * 121})
    assert answer.status_code == 422
    assert "120 characters" in answer.text
    assert "x" * 121 in answer.text


def test_a_round_closed_early_can_be_opened_again(act):
    ada = act.browser("Ada")
    assert "Open round 1 again" in ada.submit(f"{act.url}/rounds/1/closing", follow_redirects=True).text
    answer = ada.submit(f"{act.url}/rounds/1/reopening", due(act), follow_redirects=True)
    assert "Round 1 is open again." in answer.text


@pytest.mark.parametrize("what", ["due", "theme", "closing"])
def test_a_page_from_before_the_closing_says_what_is_true_now(act, what):
    act.turn(15)
    answer = act.browser("Ada").submit(f"{act.url}/rounds/1/{what}", due(act, 20, theme="Late"))
    assert (answer.status_code, "Round 1 has closed meanwhile" in answer.text) == (409, True)


@pytest.mark.parametrize("form", [{"due_on": "", "due_time": ""}, None])
def test_a_second_opening_says_that_a_round_is_open(act, form):
    answer = act.browser("Ada").submit(f"{act.url}/rounds", form or due(act, 20))
    assert (answer.status_code, "is open already" in answer.text) == (422, True)


def test_a_pause_skips_what_comes_before_its_end(weekly_circle):
    until = (weekly_circle.now + timedelta(days=20)).date().isoformat()
    page = weekly_circle.browser("Ada").submit(
        f"{weekly_circle.url}/pause", {"until": until}, follow_redirects=True
    )
    assert "The circle pauses: rounds open again from" in page.text
    assert page.text.count('<li class="skipped">') in {2, 3}


def test_a_pause_is_ended(weekly_circle):
    ada = weekly_circle.browser("Ada")
    until = (weekly_circle.now + timedelta(days=20)).date().isoformat()
    ada.submit(f"{weekly_circle.url}/pause", {"until": until})
    page = ada.submit(f"{weekly_circle.url}/pause/removal", follow_redirects=True).text
    assert 'id="paused"' not in page
    assert '<li class="skipped">' not in page


@pytest.mark.parametrize("until", ["", "yesterday", "2001-01-01", "9999-01-01"])
def test_a_pause_that_cannot_be_is_answered_beside_its_field(weekly_circle, until):
    answer = weekly_circle.browser("Ada").submit(f"{weekly_circle.url}/pause", {"until": until})
    assert (answer.status_code, 'id="until-error"' in answer.text) == (422, True)


def test_a_round_that_waits_for_members_may_be_opened_with_four(act, app):
    hold_back(act, app, "Eve")
    ada = act.browser("Ada")
    page = ada.get(f"{act.url}/rounds").text
    assert "Invite someone" in page
    assert "Open with four" in page
    ada.submit(f"{act.url}/rounds/held-opening")
    assert "waits for members" not in ada.get(f"{act.url}/rounds").text


def test_members_see_that_a_round_waits_without_its_buttons(act, app):
    hold_back(act, app, "Eve")
    page = act.browser("Ben").get(f"{act.url}/rounds").text
    assert re.search(r"The round of [^<]+ waits for members\.</b> Four are here\.", page)
    assert "Open with four" not in page


def test_a_round_is_never_opened_with_two(act, app):
    hold_back(act, app, "Cy", "Dee", "Eve")
    ada = act.browser("Ada")
    assert "Open with" not in ada.get(f"{act.url}/rounds").text
    answer = ada.submit(f"{act.url}/rounds/held-opening")
    assert (answer.status_code, "A round needs three members" in answer.text) == (409, True)


def test_opening_a_round_that_waits_no_more_says_so(act):
    answer = act.browser("Ada").submit(f"{act.url}/rounds/held-opening")
    assert (answer.status_code, "No round waits for members any more." in answer.text) == (409, True)


def test_another_rhythm_is_shown_before_and_after_first(weekly_circle):
    ada, form = weekly_circle.browser("Ada"), weekly(weekly_circle, opens_at="10:00")
    asked = ada.submit(f"{weekly_circle.url}/rhythm", form).text
    assert "Every week on Tuesday at 09:00" in asked
    assert "Every week on Tuesday at 10:00" in asked
    assert "at 09:00" in ada.get(f"{weekly_circle.url}/rounds").text
    ada.submit(f"{weekly_circle.url}/rhythm", form | {"confirmed": "1"})
    assert "at 10:00" in ada.get(f"{weekly_circle.url}/rounds").text


@pytest.mark.parametrize(
    "unused",
    [
        {"monthday": "99"},
        {"nth": "9"},
        {"ends": "", "ends_on": "never"},
        {"ends": "count", "rounds": "3", "ends_on": "x"},
    ],
)
def test_fields_a_rhythm_does_not_use_never_block_it(weekly_circle, unused):
    answer = weekly_circle.browser("Ada").submit(
        f"{weekly_circle.url}/rhythm", weekly(weekly_circle, **unused)
    )
    assert answer.status_code in {200, 303}


def test_a_live_preview_is_a_part_of_a_page_with_six_dates(weekly_circle):
    answer = weekly_circle.browser("Ada").submit(f"{weekly_circle.url}/rhythm/preview", weekly(weekly_circle))
    assert "<html" not in answer.text
    assert answer.text.count('<time class="day"') == 6


def test_a_live_preview_names_the_field_a_problem_belongs_to(weekly_circle):
    answer = weekly_circle.browser("Ada").submit(
        f"{weekly_circle.url}/rhythm/preview", weekly(weekly_circle, interval="0")
    )
    assert (answer.status_code, 'data-about="interval">Choose a number from 1 to 12.' in answer.text) == (
        200,
        True,
    )


def test_a_rhythm_goes_by_another_clock_after_a_look_at_both(weekly_circle):
    ada, form = weekly_circle.browser("Ada"), weekly(weekly_circle, zone="Asia/Tokyo")
    asked = ada.submit(f"{weekly_circle.url}/rhythm", form).text
    assert "Times are London time." in asked
    assert "Times are Tokyo time." in asked
    ada.submit(f"{weekly_circle.url}/rhythm", form | {"confirmed": "1"})
    assert "Tokyo time" in ada.get(f"{weekly_circle.url}/rounds").text


@pytest.mark.parametrize("zone", ["Mars/Base", "x" * 10_000, "../../etc/passwd"])
def test_a_clock_that_does_not_exist_is_answered_beside_its_field(weekly_circle, zone):
    ada = weekly_circle.browser("Ada")
    answer = ada.submit(f"{weekly_circle.url}/rhythm", weekly(weekly_circle, zone=zone))
    assert answer.status_code == 422
    assert 'id="zone-error"' in answer.text


def test_a_date_that_is_shifted_is_marked_with_its_reason(weekly_circle):
    form = weekly(weekly_circle, pattern="monthly_day", monthday="31", due_days="17")
    page = weekly_circle.browser("Ada").submit(f"{weekly_circle.url}/rhythm/preview", form).text
    assert "shifted" in page
    assert "has no 31st, so this is its last day." in page


def far(act):
    """Return a day on which the open round is over."""
    return (act.now + timedelta(days=40)).date().isoformat()


def hold_back(act, app, *leaving):
    """Close round 1, let members leave, and the rhythm's next moment pass while too few are here."""
    act.browser("Ada").submit(f"{act.url}/rounds/1/closing")
    act.browser("Ada").submit(f"{act.url}/rhythm", weekly(act))
    then = act.now + timedelta(days=9)
    with app.app_context():
        for first in leaving:
            memberships.leave(act.stage.id, act.cast.person(first).id, act.now)
        turns.open_due(act.stage.id, then, LIMITS)


def test_the_preview_of_a_nudge_keeps_the_members_own_link_from_the_organiser(act):
    ben = act.cast.person("Ben")
    page = act.browser("Ada").get(f"{act.url}/nudges/new?for={act.stage.refs['Ben']}").text
    assert f"a link of {ben.name.split()[0]}&#39;s own" in page
    assert "/letters/" not in page.partition("<pre")[2].partition("</pre>")[0]


def test_a_pause_of_a_circle_without_a_rhythm_says_that_there_is_none(act):
    answer = act.browser("Ada").submit(f"{act.url}/pause", {"until": ""})
    assert (answer.status_code, "has no rhythm any more" in answer.text) == (422, True)


def test_a_pause_that_cannot_end_yet_says_which_round_has_no_room(weekly_circle):
    ada, url = weekly_circle.browser("Ada"), weekly_circle.url
    far = (weekly_circle.now + timedelta(days=200)).date().isoformat()
    ada.submit(f"{url}/pause", {"until": far})
    due = (weekly_circle.now + timedelta(days=30)).date().isoformat()
    ada.submit(f"{url}/rounds", {"due_on": due, "due_time": "17:00", "theme": ""})
    answer = ada.submit(f"{url}/pause/removal", {})
    assert answer.status_code == 422
    assert "would open before the one before it is due" in answer.text


def test_a_paused_round_says_how_to_end_the_pause(weekly_circle):
    ada, slot = weekly_circle.browser("Ada"), slots(weekly_circle)[0]
    ada.submit(f"{weekly_circle.url}/pause", {"until": shifted(dates(weekly_circle, slot)["opens_on"], 30)})
    page = ada.get(slot).text
    assert "end the pause" in page
    assert "Open it after the pause" in page


@pytest.mark.parametrize(
    ("what", "form"),
    [("rounds/1/due", {"due_on": ""}), ("rounds/1/theme", {"theme": "x" * 121}), ("pause", {"until": ""})],
)
def test_what_was_wrong_is_said_on_top_with_the_way_to_its_field(act, what, form):
    act.browser("Ada").submit(f"{act.url}/rhythm", weekly(act, starts_on=far(act)))
    page = act.browser("Ada").submit(f"{act.url}/{what}", form).text
    field = re.search(
        r'<div class="flash faults" role="alert" tabindex="-1" autofocus>.*?href="#([\w-]+)"', page, re.DOTALL
    )
    assert page.index("autofocus") < page.index("<h1>")
    assert f'id="{field.group(1)}"' in page


@pytest.mark.parametrize(
    "what",
    [
        *("rounds/1/due", "rounds/1/theme", "rounds/1/closing", "rounds/1/reopening"),
        *("rounds/held-opening", "pause", "pause/removal"),
    ],
)
def test_an_address_that_takes_a_form_leads_back_to_the_page_when_it_is_loaded_anew(act, what):
    answer = act.browser("Ada").get(f"{act.url}/{what}")
    assert (answer.status_code, answer.location) == (303, f"{act.url}/rounds")


def test_a_theme_typed_on_a_page_from_before_the_closing_is_shown_to_be_copied(act):
    act.turn(15)
    page = act.browser("Ada").submit(f"{act.url}/rounds/1/theme", {"theme": "People who export"}).text
    assert 'id="typed-theme" value="People who export" readonly' in page


def test_a_theme_for_a_second_open_round_is_shown_to_be_copied(act):
    page = act.browser("Ada").submit(f"{act.url}/rounds", due(act, 20, theme="People who export")).text
    assert 'id="typed-theme" value="People who export" readonly' in page


def test_a_form_that_is_still_there_keeps_what_was_typed_and_shows_it_once(act):
    page = act.browser("Ada").submit(f"{act.url}/rounds/1/due", due(act, -3)).text
    assert 'id="typed-' not in page


def test_a_theme_for_an_archived_circle_is_shown_to_be_copied(act):
    ada = act.browser("Ada")
    ada.submit(f"{act.url}/archiving")
    page = ada.submit(f"{act.url}/rounds/1/theme", {"theme": "People who export"}).text
    assert 'id="typed-theme" value="People who export" readonly' in page


def test_the_due_date_is_filled_in_as_it_is(act):
    ada = act.browser("Ada")
    ada.submit(f"{act.url}/rounds/1/due", due(act, 12, due_time="10:30"))
    page = ada.get(f"{act.url}/rounds").text
    day = (act.now + timedelta(days=12)).date().isoformat()
    assert re.search(rf'id="extending-due_on"[^>]* value="{day}"', page)
    assert re.search(r'id="extending-due_time"[^>]* value="10:30"', page)


def test_the_due_date_offered_for_a_round_opened_now_fits_before_the_next_one(weekly_circle):
    ada, url = weekly_circle.browser("Ada"), weekly_circle.url
    page = ada.get(f"{url}/rounds").text
    names = ("due_on", "due_time")
    offered = {name: re.search(rf'id="{name}"[^>]* value="([^"]+)"', page).group(1) for name in names}
    assert ada.submit(f"{url}/rounds", offered | {"theme": ""}).status_code == 303


def test_the_due_date_offered_for_opening_again_fits_before_the_next_one(act):
    ada, url = act.browser("Ada"), act.url
    ada.submit(f"{url}/rounds/1/closing")
    ada.submit(f"{url}/rhythm", weekly(act))
    page = ada.get(f"{url}/rounds").text
    names = ("due_on", "due_time")
    offered = {
        name: re.search(rf'id="reopening-{name}"[^>]* value="([^"]+)"', page).group(1) for name in names
    }
    assert ada.submit(f"{url}/rounds/1/reopening", offered).status_code == 303


def test_another_end_of_a_pause_starts_from_the_one_it_has(weekly_circle):
    until = (weekly_circle.now + timedelta(days=45)).date().isoformat()
    page = weekly_circle.browser("Ada").submit(
        f"{weekly_circle.url}/pause", {"until": until}, follow_redirects=True
    )
    assert re.search(rf'id="until"[^>]* value="{until}"', page.text)


def test_a_pause_is_said_once(weekly_circle):
    until = (weekly_circle.now + timedelta(days=45)).date().isoformat()
    page = weekly_circle.browser("Ada").submit(
        f"{weekly_circle.url}/pause", {"until": until}, follow_redirects=True
    )
    assert page.text.count("The circle pauses") == 1


def test_opening_a_round_says_first_who_is_told_and_what_is_finished_by_it(act):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    ada.submit(f"{act.url}/rounds/1/closing")
    page = ada.get(f"{act.url}/rounds").text
    assert "Everybody who is here gets a mail: 5 people." in page
    assert "Round 1 is finished then: 19 of its 20 promises are still open" in page


def test_a_second_closing_promises_no_second_recap(act):
    ada = act.browser("Ada")
    first = ada.submit(f"{act.url}/rounds/1/closing", follow_redirects=True).text
    with act.cast.app.app_context():
        worker.tick(clock.now())
    ada.submit(f"{act.url}/rounds/1/reopening", due(act))
    assert "everybody gets its recap" not in ada.get(f"{act.url}/rounds").text
    second = ada.submit(f"{act.url}/rounds/1/closing", follow_redirects=True).text
    assert "Everybody gets its recap." in first
    assert "Everybody gets its recap." not in second


def test_an_archived_circle_shows_its_rounds_with_the_way_back_and_no_forms(weekly_circle):
    ada, url = weekly_circle.browser("Ada"), weekly_circle.url
    ada.submit(f"{url}/archiving")
    main = ada.get(f"{url}/rounds").text.split("<main")[1].split("</main>")[0]
    assert "This circle is archived" in main
    assert f'href="{url}/archiving"' in main
    assert "<form" not in main
    assert "Coming up" not in main


def test_a_circle_without_a_rhythm_is_told_of_none_when_it_comes_back(act):
    ada = act.browser("Ada")
    ada.submit(f"{act.url}/archiving")
    assert "rhythm" not in ada.get(f"{act.url}/archiving").text
    assert "rhythm" not in ada.submit(f"{act.url}/archiving/removal", follow_redirects=True).text


@pytest.mark.parametrize("path", ["rounds", "rounds/coming"])
def test_a_coming_round_says_its_whole_date(weekly_circle, path):
    slot = slots(weekly_circle)[0]
    day = clock.datetime.strptime(slot[-13:], "%Y%m%dT%H%M")
    page = weekly_circle.browser("Ada").get(
        slot if path == "rounds/coming" else f"{weekly_circle.url}/rounds"
    )
    assert f"Tuesday {day.day} {day:%B}" in page.text


def test_who_has_left_is_said_to_have_left(act, app):
    with app.app_context():
        memberships.leave(act.stage.id, act.cast.person("Eve").id, act.now)
    page = act.browser("Ada").get(act.url).text
    row = page.partition(f'data-receiver="{act.stage.refs["Eve"]}"><span')[2].partition("</li>")[0]
    assert "Left the circle" in row
    assert "Made one anyway" not in row


def test_an_archived_circle_says_so_and_offers_nothing_to_do(act):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    ada.submit(f"{act.url}/archiving")
    for page in ("", "/rounds/1"):
        text = ada.get(f"{act.url}{page}").text
        main = text.partition("<main")[2].partition("</main>")[0]
        assert "This circle is archived" in main
        assert "<form" not in main
        assert 'class="button' not in main
