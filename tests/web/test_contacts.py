"""The pages of people one knows: private, searched, and never losing what was typed."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import delete

from circle import clock
from circle.formats.people.person import PersonKnown
from circle.formats.people.reading import read_people
from circle.models import Contact
from circle.services.knowing import imports, keeping
from circle.services.work import writing
from tests.cast import NOON, Cast
from tests.client import Client
from tests.snapshot import rows
from tests.statements import statements
from tests.web.acting import Acting
from tests.web.test_bad_input import NAMES, beside

LIST = "/people-i-know"
TYPED = {
    "name": "Rosa Lind",
    "organisation": "Lind & Daughters",
    "position": "Owner",
    "line": "Runs a cold store",
    "where_met": "The fair",
    "email": "rosa@lind.example",
}


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.client("Ada")


def know(app: Flask, cast: Cast, *names: str, who: str = "Ada") -> list[str]:
    person_id = cast.person(who).id
    with app.app_context():
        return [keeping.add(person_id, PersonKnown(name), NOON) for name in names]


def fill(app: Flask, cast: Cast, count: int) -> None:
    file = "\n".join(["Name,Company,Notes", *(f"Person {at},Firm {at},Runs {at}" for at in range(count))])
    person_id = cast.person("Ada").id
    with app.app_context():
        imports.keep(person_id, imports.bring(person_id, "people.csv", file.encode(), NOON), NOON)


def listed(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'class="whole"[^>]*><b><bdi>(.*?)</bdi>', page)]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_an_empty_list_says_what_to_do(ada: Client):
    page = ada.get(LIST).text
    assert "Nobody is here yet." in page
    assert f'href="{LIST}/new"' in page
    assert f'href="{LIST}/imports/new"' in page


def test_somebody_added_is_on_the_list_with_what_they_do(ada: Client):
    assert ada.submit(LIST, TYPED).location == LIST
    page = ada.get(LIST).text
    assert listed(page) == ["Rosa Lind"]
    assert "Owner, Lind & Daughters" in words(page)
    assert "Runs a cold store" in page


def test_everything_typed_stands_on_their_page(app: Flask, ada: Client):
    ada.submit(LIST, TYPED)
    page = ada.get(re.findall(rf'href="({LIST}/\w{{12}})"', ada.get(LIST).text)[0]).text
    assert all(unescape(page).count(text) for text in TYPED.values())


@pytest.mark.parametrize(("name", "sentence"), NAMES)
def test_a_bad_name_is_refused_beside_its_field_and_nothing_typed_is_lost(
    name: str, sentence: str, app: Flask, ada: Client
):
    before = rows(app)
    answer = ada.submit(LIST, TYPED | {"name": name})
    assert (answer.status_code, sentence in beside(answer.text, "name")) == (422, True)
    assert all(unescape(answer.text).count(text) for field, text in TYPED.items() if field != "name")
    assert rows(app) == before


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("organisation", "x" * 121, "Please keep this to 120 characters. It has 121."),
        ("position", "x" * 121, "Please keep this to 120 characters. It has 121."),
        ("line", "x" * 100_000, "Please keep this to 300 characters."),
        ("where_met", "x" * 201, "Please keep this to 200 characters. It has 201."),
        ("email", "no address", "“no address” is not an email address."),
        ("email", "a@b\r\nBcc: c@d.example", "is not an email address."),
    ],
)
def test_a_bad_line_is_refused_beside_its_field(
    field: str, typed: str, sentence: str, app: Flask, ada: Client
):
    before = rows(app)
    answer = ada.submit(LIST, TYPED | {field: typed})
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)
    assert "Lind & Daughters" in unescape(answer.text) or field == "organisation"
    assert rows(app) == before


def test_a_name_that_is_taken_leads_to_who_has_it(app: Flask, cast: Cast, ada: Client):
    [ref] = know(app, cast, "Rosa Lind")
    answer = ada.submit(LIST, TYPED)
    assert "is on your list already" in beside(answer.text, "name")
    assert f'<a href="{LIST}/{ref}">Look at who is there</a>' in answer.text


def test_the_same_press_again_is_no_fault(app: Flask, ada: Client):
    ada.submit(LIST, TYPED)
    before = rows(app)
    assert ada.submit(LIST, TYPED).status_code == 303
    assert rows(app) == before


def test_an_edit_that_fails_keeps_what_was_typed(app: Flask, cast: Cast, ada: Client):
    [ref] = know(app, cast, "Rosa Lind")
    before = rows(app)
    answer = ada.submit(f"{LIST}/{ref}", TYPED | {"name": "", "line": "Sails & bakes"})
    assert (answer.status_code, beside(answer.text, "name")) == (422, "Please type a name.")
    assert "Sails &amp; bakes" in answer.text
    assert rows(app) == before


def test_what_is_typed_is_never_read_as_markup(ada: Client):
    typed = {"name": "<script>alert(1)</script>", "line": "</textarea><b>", "organisation": '"><img src=x>'}
    ada.submit(LIST, typed)
    page = ada.get(LIST).text
    ref = re.findall(rf'href="({LIST}/\w{{12}})"', page)[0]
    for shown in (page, ada.get(ref).text, ada.get(f"{ref}/erasure").text):
        assert "<script>alert" not in shown
        assert "</textarea><b>" not in shown
        assert "<img" not in shown


@pytest.mark.parametrize("act", ["", "/archiving", "/archiving/removal", "/erasure"])
def test_whom_another_knows_is_not_found(act: str, app: Flask, cast: Cast, ada: Client):
    [ref] = know(app, cast, "Rosa Lind", who="Ben")
    before = rows(app)
    assert ada.submit(f"{LIST}/{ref}{act}", TYPED).status_code == 404
    assert rows(app) == before


@pytest.mark.parametrize("act", ["", "/erasure"])
def test_a_page_about_whom_another_knows_is_the_page_about_nobody(
    act: str, app: Flask, cast: Cast, ada: Client
):
    [ref] = know(app, cast, "Rosa Lind", who="Ben")
    theirs, nobodys = ada.get(f"{LIST}/{ref}{act}"), ada.get(f"{LIST}/aaaaaaaaaaaa{act}")
    assert theirs.status_code == nobodys.status_code == 404
    assert words(theirs.text) == words(nobodys.text)


def test_a_page_left_open_says_that_they_are_gone(app: Flask, cast: Cast, ada: Client):
    [ref] = know(app, cast, "Rosa Lind")
    ada.submit(f"{LIST}/{ref}/erasure")
    before = rows(app)
    for act in ("", "/archiving", "/erasure"):
        assert ada.submit(f"{LIST}/{ref}{act}", TYPED).status_code == 404
    assert rows(app) == before


def test_archiving_moves_somebody_to_a_list_apart(app: Flask, cast: Cast, ada: Client):
    [ref, _] = know(app, cast, "Rosa Lind", "Jo Tan")
    ada.submit(f"{LIST}/{ref}/archiving")
    page = ada.get(LIST).text
    assert listed(page) == ["Jo Tan"]
    assert "Archive (1)" in page
    assert listed(ada.get(f"{LIST}/archive").text) == ["Rosa Lind"]
    ada.submit(f"{LIST}/{ref}/archiving/removal")
    assert listed(ada.get(LIST).text) == ["Jo Tan", "Rosa Lind"]


def test_erasing_asks_first_on_a_page_of_its_own(app: Flask, cast: Cast, ada: Client):
    [ref] = know(app, cast, "Rosa Lind")
    before = rows(app)
    page = ada.get(f"{LIST}/{ref}/erasure").text
    assert "Erase <bdi>Rosa Lind</bdi>?" in page
    assert rows(app) == before
    ada.submit(f"{LIST}/{ref}/erasure")
    assert "Nobody is here yet." in ada.get(LIST).text


def test_both_ends_read_someone_once_who_was_introduced_is_erased(cast: Cast):
    act = Acting(cast)
    ada, ben = act.browser("Ada"), act.browser("Ben")
    ada.submit(act.log_url(), act.form("Ben"))
    ref = re.findall(rf'href="({LIST}/\w{{12}})"', ada.get(LIST).text)[0]
    assert "both of you read “someone” from then on" in ada.get(f"{ref}/erasure").text
    ada.submit(f"{ref}/erasure", follow_redirects=True)
    for browser in (ada, ben):
        for page in (act.url, f"{act.url}/rounds/1", f"/introductions/{act.refs()[0]}"):
            assert "Rosa" not in browser.get(page).text
    assert "someone" in ben.get(act.url).text


def test_a_log_puts_whom_it_names_on_the_list(cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben"))
    assert listed(ada.get(LIST).text) == ["Rosa Lind"]


def test_a_search_finds_without_accents_and_offers_everybody_again(app: Flask, cast: Cast, ada: Client):
    know(app, cast, "Jürgen Müßig", "Rosa Lind")
    page = ada.get(f"{LIST}?words=jurgen").text
    assert listed(page) == ["Jürgen Müßig"]
    assert f'<a href="{LIST}">Show all</a>' in page


@pytest.mark.parametrize(
    "query",
    [
        "words=%00",
        "words=" + "x" * 5_000,
        "words=%25%27--",
        "page=-1",
        "page=0",
        "page=99999999999",
        "page=two",
        "page=²",
        "letter=",
        "letter=%00",
        "letter=ABC",
        "letter=<",
        "words=a&letter=Q&page=7",
    ],
)
def test_whatever_stands_in_the_address_is_no_fault(query: str, app: Flask, cast: Cast, ada: Client):
    know(app, cast, "Rosa Lind")
    assert ada.get(f"{LIST}?{query}").status_code == 200


def test_nothing_found_says_so(app: Flask, cast: Cast, ada: Client):
    know(app, cast, "Rosa Lind")
    assert "Nobody here matches “Zebra”." in ada.get(f"{LIST}?words=Zebra").text


def test_a_long_list_has_letters_and_pages(app: Flask, cast: Cast, ada: Client):
    fill(app, cast, 120)
    know(app, cast, "Élodie")
    page = ada.get(LIST).text
    assert len(listed(page)) == 50
    assert "1 to 50 of 121" in page
    assert listed(ada.get(f"{LIST}?letter=E").text) == ["Élodie"]
    last = ada.get(f"{LIST}?letter=P&page=3").text
    assert len(listed(last)) == 20
    assert f'href="{LIST}?letter=P&amp;page=2"' in last


def test_the_page_asks_as_little_of_the_database_with_5000_as_with_5(app: Flask, cast: Cast, ada: Client):
    counts = []
    for more in (5, 4_900):
        fill_anew(app, cast, more)
        with app.app_context(), statements() as sent:
            page = ada.get(LIST)
        counts.append(len(sent))
        assert len(page.data) < 60_000
    assert counts[0] == counts[1] <= 4


def fill_anew(app: Flask, cast: Cast, count: int) -> None:
    with app.app_context(), writing() as session:
        session.execute(delete(Contact))
    fill(app, cast, count)


def test_the_download_is_read_back_as_it_was(app: Flask, cast: Cast, ada: Client):
    ada.submit(LIST, TYPED)
    ada.submit(LIST, {"name": "=1+1 Formula"})
    answer = ada.get(f"{LIST}.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="people-i-know.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "'=1+1" in answer.text
    assert read_people(answer.data).people == (PersonKnown("=1+1 Formula"), PersonKnown(**TYPED))


def test_the_list_is_found_from_everywhere(cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    for page in (act.url, "/circles", "/you"):
        assert f'href="{LIST}"' in ada.get(page).text
    assert f'href="{LIST}"' not in cast.client().get("/").text


def test_a_log_may_say_who_they_are(cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben", organisation="Lind & Co", line="Runs a cold store"))
    page = words(ada.get(LIST).text)
    assert "Lind & Co Runs a cold store" in page
    ada.submit(act.log_url(), act.form("Cy", position="Owner"))
    page = words(ada.get(LIST).text)
    assert "Owner, Lind & Co Runs a cold store" in page


def test_a_log_into_ones_own_record_may_say_who_they_are(cast: Cast):
    ada = cast.client("Ada")
    typed = {"contact_name": "Rosa Lind", "other_name": "Jo Tan", "position": "Owner"}
    assert (
        ada.submit("/record/introductions", typed | {"made_on": clock.now().date().isoformat()}).status_code
        == 303
    )
    page = words(ada.get(LIST).text)
    assert "Rosa Lind Owner" in page


def test_what_a_log_says_too_long_of_them_is_refused_and_nothing_is_logged(app: Flask, cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    before = rows(app)
    answer = ada.submit(act.log_url(), act.form("Ben", line="x" * 301, position="Owner & cook"))
    assert (answer.status_code, "300 characters" in beside(answer.text, "line")) == (422, True)
    assert "Owner &amp; cook" in answer.text
    assert rows(app) == before


def test_a_fellow_member_who_is_logged_comes_onto_no_list(cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(act.log_url(), act.form("Ben", contact_name="Cy Marsh", line="Draws brands"))
    assert "Nobody is here yet." in ada.get(LIST).text


def test_a_log_form_offers_three_hundred_names_and_those_typed_first(app: Flask, cast: Cast):
    act = Acting(cast)
    know(app, cast, "Rosa Lind")
    fill(app, cast, 5_000 - 1)
    page = act.browser("Ada").get(f"{act.log_url()}/new").text
    names = re.findall(r'<option value="([^"]+)"></option>', page)
    assert (len(names), "Rosa Lind" in names) == (300, True)
