"""The calendar address: what programs get from it, and when it works no more."""

import io
import re
from datetime import UTC

import pytest
import segno
from icalendar import Calendar

from tests import calendar_story
from tests.calendar_story import CalendarStory
from tests.cast import Cast
from tests.web.acting import Acting


@pytest.fixture
def story(cast: Cast) -> CalendarStory:
    return calendar_story.begin(cast)


def events(wire: bytes, kind: str = "opening") -> list:
    return [one for one in Calendar.from_ical(wire).events if str(one["uid"]).startswith(kind)]


def read(wire: bytes) -> list[tuple]:
    """Return openings and dues in UTC with whether each is cancelled, as icalendar reads them."""
    pairs = zip(events(wire), events(wire, "due"), strict=True)
    return [
        (
            opens.start.astimezone(UTC),
            due.start.astimezone(UTC),
            opens["status"] == "CANCELLED",
        )
        for opens, due in pairs
    ]


def test_the_calendar_holds_what_the_site_shows(story):
    assert read(story.feed()) == story.shown()
    assert len(story.shown()) == 12


def test_a_moved_round_is_moved_in_the_calendar(story):
    before = story.shown()
    story.move(1, 1)
    assert read(story.feed()) == story.shown() != before


def test_a_skipped_round_is_cancelled_in_the_calendar(story):
    story.skip(2)
    assert [cancelled for _, _, cancelled in read(story.feed())].index(True) == 2
    assert read(story.feed()) == story.shown()


def test_a_coming_round_is_named_by_its_day(story):
    event = events(story.feed())[0]
    day = f"{event.start.day} {event.start:%b}"
    assert event["summary"] == f"The round of {day} opens · Harbour Circle"


def test_a_skipped_round_says_so_where_a_program_shows_it_all_the_same(story):
    story.skip(2)
    assert "is skipped" in str(events(story.feed(), "due")[2]["summary"])


def test_the_address_is_read_only(story, app):
    assert app.test_client().post(story.address).status_code in {400, 405}


def test_the_page_holds_no_address_after_it_ended(story):
    story.client.submit("/you/calendar/removal")
    assert "/calendar/" not in story.client.get("/you/calendar").text


def test_the_download_of_a_stranger_is_not_found(cast):
    act = Acting(cast)
    assert act.browser("Finn").get(f"{act.url}/rounds/1/calendar.ics").status_code == 404


def test_another_rhythm_is_followed(story):
    story.set_rhythm(pattern=calendar_story.Pattern.MONTHLY_DAY, interval=1, weekday=None, monthday=31)
    assert read(story.feed()) == story.shown()


def test_a_moved_round_keeps_its_uid_and_raises_its_sequence(story):
    before = events(story.feed())[1]
    story.move(1, 1)
    after = events(story.feed())[1]
    assert before["uid"] == after["uid"]
    assert after["sequence"] > before["sequence"]


def test_a_round_keeps_its_uid_when_it_opens(story, app):
    from circle.rules.limits import Limits
    from circle.services.rounds import turns

    before = events(story.feed())[0]
    with app.app_context():
        turns.open_due(story.stage.id, story.shown()[0][0], Limits(3, 6))
    after = next(one for one in events(story.feed()) if one["uid"] == before["uid"])
    assert str(after["summary"]).startswith("Round 1 opens")


def test_the_calendar_names_the_zone_with_its_rules(story):
    calendar = Calendar.from_ical(story.feed())
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Berlin"]
    assert b"DTSTART;TZID=Europe/Berlin:" in story.feed()


def test_the_calendar_is_well_formed(story):
    lines = story.feed().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in b"".join(lines)
    assert (lines[0], lines[-2]) == (b"BEGIN:VCALENDAR", b"END:VCALENDAR")


def test_the_calendar_holds_no_name_of_a_person(story):
    assert not any(name in story.feed() for name in (b"Ada", b"Ben Katz", b"@example.org"))


def test_an_unchanged_calendar_is_not_sent_again(story, app):
    first = app.test_client().get(story.address)
    again = app.test_client().get(story.address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_calendar_sets_no_cookie(story, app):
    assert "Set-Cookie" not in app.test_client().get(story.address).headers


def test_a_new_address_ends_the_old_one(story, app):
    story.client.submit("/you/calendar")
    assert app.test_client().get(story.address).status_code == 404


def test_an_ended_address_answers_nothing(story, app):
    story.client.submit("/you/calendar/removal")
    assert app.test_client().get(story.address).status_code == 404


def test_a_forged_address_answers_nothing(app):
    assert app.test_client().get("/calendar/WyJhZGEiXQ.forged.ics").status_code == 404


def test_a_circle_one_has_left_is_in_the_calendar_no_more(story, cast):
    ben = cast.client("Ben")
    page = ben.submit("/you/calendar", follow_redirects=True).text
    address = "/calendar/" + page.split("/calendar/")[1].split('"')[0]
    ben.submit(f"/circles/{story.stage.public_id}/leaving")
    assert events(cast.client().get(address).data) == []


def test_an_archived_circle_is_in_the_calendar_no_more(story):
    story.client.submit(f"/circles/{story.stage.public_id}/archiving")
    assert events(story.feed()) == []


def test_one_round_is_downloaded(cast):
    act = Acting(cast)
    answer = act.browser("Ben").get(f"{act.url}/rounds/1/calendar.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="round-1.ics"'
    assert [str(one["summary"]) for one in events(answer.data)] == ["Round 1 opens · Harbour Circle"]


def test_a_hostile_name_stays_one_line_of_text(story):
    name = "Harbour; BEGIN:VEVENT, Circle"
    story.client.submit(
        f"/circles/{story.stage.public_id}", {"name": name, "zone": "Europe/Berlin", "charter": ""}
    )
    assert len(events(story.feed())) == 12
    assert name in str(events(story.feed())[0]["summary"])


def test_the_qr_code_is_drawn_for_its_owner(story):
    assert b"<svg" in story.client.get("/you/calendar/qr.svg").data


def test_the_qr_code_opens_a_calendar_as_the_button_does(story):
    page = story.client.get("/you/calendar").text
    link = re.search(r'href="(webcal://[^"]+)"', page).group(1)
    expected = io.BytesIO()
    segno.make(link, error="m").save(expected, kind="svg", scale=4, light="#fff")
    assert story.client.get("/you/calendar/qr.svg").data == expected.getvalue()


def test_only_a_second_address_ends_one(story):
    story.client.submit("/you/calendar/removal")
    first = story.client.submit("/you/calendar", follow_redirects=True).text
    second = story.client.submit("/you/calendar", follow_redirects=True).text
    assert ("works no more" in first, "The one before works no more." in second) == (False, True)


def test_the_page_of_rounds_leads_to_the_calendar(story):
    assert 'href="/you/calendar"' in story.client.get(f"/circles/{story.stage.public_id}/rounds").text
