"""After a meeting, on its pages: whom one met, whom to put together, the mail, and what was sent."""

import re
from html import unescape

import pytest

from circle.rules.states import CommitmentState
from tests.client import Client
from tests.web.acting import Acting

SIX = "Rosa Lind, rosa@example.net\nTom Müller\nIdris Bello\nHana Kubo\nMia Wolf\nZoë Marr"


@pytest.fixture
def act(cast) -> Acting:
    return Acting(cast)


def told(act: Acting, **changes: object) -> dict[str, object]:
    return {"people": SIX, "where_met": "Trade fair", "met_on": act.now.date().isoformat(), **changes}


def begin(act: Acting, browser: Client) -> str:
    answer = browser.submit("/meetings/new", told(act, keep="y"))
    assert answer.status_code == 303
    return answer.location


def write(act: Acting, browser: Client, meeting: str, *places: str, members: tuple[str, ...] = ()) -> str:
    refs = [act.stage.refs[one] for one in members]
    answer = browser.submit(f"{meeting}/drafts", {"met": [*places], "members": refs})
    assert answer.status_code == 303
    return answer.location


def test_it_is_reached_from_where_one_would_look(act):
    ada = act.browser("Ada")
    for path in ("/people-i-know", "/fifteen-minutes", "/record"):
        assert 'href="/meetings/new"' in ada.get(path).text, path


def test_a_line_that_names_nobody_is_named_and_nothing_typed_is_lost(act):
    ada = act.browser("Ada")
    answer = ada.submit("/meetings/new", told(act, people="Rosa Lind\ntom@example.net"))
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Line 2: There is no name." in page
    assert "Rosa Lind\r\ntom@example.net" in page or "Rosa Lind\ntom@example.net" in page
    assert 'value="Trade fair"' in page
    assert not re.search(r'<input checked[^>]*name="keep"', page)


@pytest.mark.parametrize("day", ["", "soon", "2999-01-01"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(act, day):
    answer = act.browser("Ada").submit("/meetings/new", told(act, met_on=day))
    assert (answer.status_code, 'id="met_on-error"' in answer.text) == (422, True)


def test_who_is_still_waited_for_is_named_and_stands_first(act):
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    page = ada.get(begin(act, ada)).text
    assert "Round 1 still waits for you to introduce Cy." in page
    assert "for you to introduce Ben" not in page
    assert page.index("Cy Marsh") < page.index("Ben Katz")


def test_one_alone_is_refused_beside_the_field_with_the_choice_kept(act):
    ada = act.browser("Ada")
    answer = ada.submit(f"{begin(act, ada)}/drafts", {"met": ["2"], "synergy": "team_up"})
    assert (answer.status_code, "Choose two or three people in all." in answer.text) == (422, True)
    assert re.search(r'<input checked[^>]*name="met"[^>]*value="2"', answer.text)


def test_a_mail_is_written_changed_sent_and_counts(act):
    ada = act.browser("Ada")
    meeting = begin(act, ada)
    draft = write(act, ada, meeting, "1", members=("Ben",))
    page = unescape(ada.get(draft).text)
    assert 'href="mailto:rosa@example.net,ben@example.org?subject=Rosa%20Lind%2C%20meet%20Ben%20Katz' in page
    ada.submit(draft, {"subject": "Rosa, meet Ben", "text": "Hello both"})
    assert "Hello both" in ada.get(draft).text
    after = ada.submit(f"{draft}/sending", follow_redirects=True).text
    assert "It counts for Ben." in after
    assert "Sent on" in after
    assert act.state("Ada", "Ben") is CommitmentState.INTRODUCED
    assert "Did you send it?" not in ada.get(draft).text


def test_a_text_that_is_too_long_comes_back(act):
    ada = act.browser("Ada")
    draft = write(act, ada, begin(act, ada), "1", "2")
    answer = ada.submit(draft, {"subject": "Meet", "text": "long " * 1100})
    assert (answer.status_code, 'id="text-error"' in answer.text) == (422, True)


def test_the_one_left_unfinished_is_offered(act):
    ada = act.browser("Ada")
    meeting = begin(act, ada)
    assert f'Go on where you were: <a href="{meeting}">' in ada.get("/meetings/new").text
    ada.submit(f"{write(act, ada, meeting, '1', '2')}/sending")
    page = ada.get("/meetings/new").text
    assert ("Go on where" in page, f'<a href="{meeting}">' in page) == (False, True)


def test_nobody_else_finds_it(act):
    ada, ben = act.browser("Ada"), act.browser("Ben")
    meeting = begin(act, ada)
    draft = write(act, ada, meeting, "1", members=("Ben",))
    assert [ben.get(path).status_code for path in (meeting, draft)] == [404, 404]
    for path in (f"{meeting}/drafts", draft, f"{draft}/sending", f"{draft}/removal"):
        assert ben.submit(path, {"met": ["1", "2"]}).status_code == 404
    ben.submit(f"{meeting}/removal")
    assert ada.get(draft).status_code == 200


def test_a_draft_of_another_meeting_is_not_found_in_this_one(act):
    ada = act.browser("Ada")
    first = begin(act, ada)
    draft = write(act, ada, first, "1", "2")
    second = ada.submit("/meetings/new", told(act, people="Ola Ek\nPer Ek")).location
    assert ada.get(draft.replace(first, second)).status_code == 404


def test_an_address_that_takes_a_form_leads_back_to_its_page(act):
    ada = act.browser("Ada")
    meeting = begin(act, ada)
    draft = write(act, ada, meeting, "1", "2")
    for path in (f"{meeting}/drafts", f"{meeting}/removal", f"{draft}/sending", f"{draft}/removal"):
        assert ada.get(path).location == meeting


@pytest.mark.parametrize(
    "people",
    ["Rosa\0Lind", "\u202eRosa", "=HYPERLINK(1)", "<b>Rosa</b>", "BEGIN:VCARD\nFN:", "\t" * 99, "@" * 9999],
)
def test_odd_lines_are_read_or_refused_and_never_shown_as_they_are(act, people):
    ada = act.browser("Ada")
    answer = ada.submit("/meetings/new", told(act, people=people, where_met="\0<i>fair</i>", keep="y"))
    assert answer.status_code in {303, 422}
    page = ada.get(answer.location).text if answer.location else answer.text
    assert not [tag for tag in ("<b>Rosa", "<i>fair") if tag in page]


@pytest.mark.parametrize("odd", ["1\0", "99999999999999999999", "x"])
def test_an_odd_choice_is_refused_in_words(act, odd):
    ada = act.browser("Ada")
    meeting = begin(act, ada)
    for form in ({"met": ["1", odd]}, {"met": ["1"], "members": [odd]}, {"met": ["1", "2"], "synergy": odd}):
        assert ada.submit(f"{meeting}/drafts", form).status_code in {303, 422}


def test_the_circle_asks_whether_a_mail_with_its_member_was_sent(act):
    ada = act.browser("Ada")
    meeting = begin(act, ada)
    draft = write(act, ada, meeting, "1", members=("Ben",))
    write(act, ada, meeting, "2", "3")
    page = ada.get(act.url).text
    assert "Did you send it to <bdi>Rosa Lind and Ben Katz</bdi>?" in page
    assert page.count("data-mail=") == 1
    assert "Did you send it" not in act.browser("Ben").get(act.url).text
    ada.submit(f"{draft}/sending")
    assert "Did you send it" not in ada.get(act.url).text


def test_a_circle_its_member_has_left_asks_no_more(act):
    ada = act.browser("Ada")
    write(act, ada, begin(act, ada), "1", members=("Ben",))
    act.browser("Ben").submit(f"{act.url}/leaving")
    assert "Did you send it" not in ada.get(act.url).text
