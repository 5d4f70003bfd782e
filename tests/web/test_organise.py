"""The page for organisers: who is away, what waits, whom to nudge; and the way out for everybody."""

from datetime import timedelta

import pytest

from circle.services.membership import absences
from tests.web.acting import Acting
from tests.web.test_scheduling import hold_back


@pytest.fixture
def act(cast):
    return Acting(cast)


def leave_for_days(act, app, first):
    """Let somebody be away from today on, for ten days."""
    with app.app_context():
        today = act.now.date()
        absences.go_away(act.cast.person(first).id, today, today + timedelta(days=10), act.now)


def section(page, name):
    """Return one section of a page."""
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_who_is_away_is_said_to_be_away_with_the_last_day(act, app):
    leave_for_days(act, app, "Eve")
    last = act.now.date() + timedelta(days=10)
    page = act.browser("Ada").get(f"{act.url}/organise").text
    assert f"Away until {last.day} {last:%b}" in section(page, "round")
    assert f"Away until {last.day} {last:%b}" in section(page, "members")


def test_who_will_be_away_is_named_among_the_members_alone(act, app):
    with app.app_context():
        first = act.now.date() + timedelta(days=3)
        absences.go_away(act.cast.person("Eve").id, first, None, act.now)
    page = act.browser("Ada").get(f"{act.url}/organise").text
    assert f"Away from {first.day} {first:%b}" in section(page, "members")
    assert "Away" not in section(page, "round")


def test_a_round_that_waits_for_members_is_shown_with_both_ways_on(act, app):
    hold_back(act, app, "Eve")
    page = act.browser("Ada").get(f"{act.url}/organise").text
    assert "waits for members" in section(page, "held")
    assert "Invite someone" in section(page, "held")
    assert "Open with four" in section(page, "held")


@pytest.mark.parametrize("path", ["rounds", "organise"])
def test_a_page_with_a_round_that_waits_has_one_primary_button(act, app, path):
    hold_back(act, app, "Eve")
    page = act.browser("Ada").get(f"{act.url}/{path}").text
    assert page.count("button primary") == 1


def test_a_nudge_for_somebody_who_is_not_in_the_round_says_so(act):
    answer = act.browser("Ada").get(f"{act.url}/nudges/new?for=nobody")
    assert (answer.status_code, "is not in the open round" in answer.text) == (409, True)


def test_a_nudge_that_reaches_nobody_offers_nothing_to_send(act, app):
    leave_for_days(act, app, "Ben")
    page = act.browser("Ada").get(f"{act.url}/nudges/new?for={act.stage.refs['Ben']}").text
    assert "Nobody to nudge by mail" in page
    assert "is away" in page or "has nothing open any more" in page
    assert "Send it" not in page


def test_a_line_for_a_nudge_typed_before_the_closing_is_shown_to_be_copied(act):
    act.turn(15)
    answer = act.browser("Ada").submit(f"{act.url}/nudges", {"for": "all", "note": "We meet on Thursday."})
    assert 'id="typed-note" value="We meet on Thursday." readonly' in answer.text


@pytest.mark.parametrize("path", ["/circles", "/you"])
def test_a_member_finds_the_way_out(act, path):
    assert f'href="{act.url}/leaving"' in act.browser("Ben").get(path).text


def test_an_archived_circle_is_organised_without_forms(act):
    ada = act.browser("Ada")
    ada.submit(f"{act.url}/archiving")
    main = ada.get(f"{act.url}/organise").text.split("<main")[1].split("</main>")[0]
    assert "This circle is archived" in main
    assert "<form" not in main


def test_a_refused_invitation_is_said_on_top_with_the_way_to_its_field(act):
    page = act.browser("Ada").submit(f"{act.url}/invitations", {"addresses": "nobody"}).text
    assert page.index('<a href="#addresses">') < page.index("<h1>")
