"""Downloads: where they are found, what they answer, and the code they ask for; so does erasing a circle."""

from datetime import timedelta

from sqlalchemy import select

from circle import clock
from circle.extensions import db
from circle.models import Circle, Session
from circle.services.work import writing
from tests.web.acting import Acting


def forget_the_code(act: Acting) -> None:
    """Let the code of every session have been given an hour ago."""
    with act.app.app_context(), writing() as session:
        for one in session.query(Session):
            one.confirmed_at = clock.now() - timedelta(hours=1)


def test_organisers_find_it_on_the_organise_page_and_before_they_erase(cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    for page in ("organise", "archiving"):
        assert f'href="{act.url}/download"' in ada.get(f"{act.url}/{page}").text


def test_a_person_finds_it_on_their_own_page_and_in_their_record(cast):
    ben = cast.client("Ben")
    for page in ("/you", "/record"):
        assert 'href="/you/download"' in ben.get(page).text


def test_files_are_named_and_kept_by_nobody_on_the_way(cast):
    act = Acting(cast)
    answer = act.browser("Ada").get(f"{act.url}/download/promises.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="circle-promises.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert len(answer.text.splitlines()) == 21


def test_there_is_no_sheet_of_another_name(cast):
    act = Acting(cast)
    assert act.browser("Ada").get(f"{act.url}/download/contacts.csv").status_code == 404


def test_without_a_fresh_code_it_is_asked_for_first_and_leads_back(cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    forget_the_code(act)
    for way in (f"{act.url}/download", "/you/download"):
        for file in ("", *(["/circle.json", "/rounds.csv"] if "circles" in way else ["/everything.json"])):
            answer = ada.get(way + file)
            assert answer.status_code == 303
            assert answer.headers["Location"] == f"/you/confirmation?next={way}"


def test_the_people_one_knows_are_not_downloaded_without_a_fresh_code_either(cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    assert ada.get("/people-i-know.csv").status_code == 200
    forget_the_code(act)
    assert ada.get("/people-i-know.csv").headers["Location"] == "/you/confirmation?next=/you/download"


def test_without_a_fresh_code_a_circle_is_not_erased(cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    forget_the_code(act)
    answer = ada.submit(f"{act.url}/erasure")
    assert answer.headers["Location"] == f"/you/confirmation?next={act.url}/archiving"
    with act.app.app_context():
        assert db.session.scalar(select(Circle.archived_at)) is None
        db.session.remove()


def test_an_archived_circle_can_still_be_downloaded(cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    ada.submit(f"{act.url}/erasure")
    assert ada.get(f"{act.url}/download").status_code == 200
    assert "Ben Katz" in ada.get(f"{act.url}/download/circle.json").text
