"""People one knows on a phone: brought, looked at, kept and undone; added, changed, archived and erased."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from circle.formats.people.person import PersonKnown
from circle.services.knowing import imports, keeping
from tests.browser.conftest import Windows
from tests.browser.fit import faults_of
from tests.cast import NOON, Cast
from tests.formats.people import files

LIST = "/people-i-know"
CONNECTIONS = files.linkedin().encode("utf-16")
ODD = b"Who,Company,Email\r\nRosa Lind,Lind Cold Storage,no address\r\n,Nobody,\r\nJo Tan,Tan Press,\r\n"
PAGES = {
    "list": LIST,
    "search": f"{LIST}?words=person",
    "nothing found": f"{LIST}?words=zebra",
    "letter": f"{LIST}?letter=P&page=2",
    "archive": f"{LIST}/archive",
    "new": f"{LIST}/new",
    "somebody": f"{LIST}/{{contact}}",
    "erasure": f"{LIST}/{{contact}}/erasure",
    "bring": f"{LIST}/imports/new",
    "preview": f"{LIST}/imports/{{waiting}}",
    "undoing": f"{LIST}/imports/{{kept}}/undoing",
}


@pytest.fixture
def places(app: Flask, cast: Cast) -> dict[str, str]:
    """A list of ninety, somebody in the archive, an import that was kept and one that waits."""
    ada = cast.person("Ada").id
    many = "\n".join(["Name,Company,Notes", *(f"Person {at},Firm {at},Runs {at}" for at in range(90))])
    with app.app_context():
        kept = imports.bring(ada, "people.csv", many.encode(), NOON)
        imports.keep(ada, kept, NOON)
        keeping.archive(ada, keeping.add(ada, PersonKnown("Kit Hollis"), NOON), NOON)
        contact = keeping.add(ada, PersonKnown("Édith Piaf", "Olympia", "Singer"), NOON)
        waiting = imports.bring(ada, "odd.csv", ODD, NOON)
    return {"contact": contact, "kept": kept, "waiting": waiting}


def test_a_file_is_brought_looked_at_kept_and_undone_on_a_phone(windows: Windows):
    page = windows("Ada", width=390)
    page.goto("/circles")
    page.get_by_role("link", name="People I know").click()
    page.get_by_role("link", name="Bring a file").click()
    choose(page, "Connections.csv", CONNECTIONS)
    expect(page.get_by_role("heading", level=1)).to_have_text("3 people would come onto your list")
    expect(page.get_by_text("read as UTF-16")).to_be_visible()
    expect(page.get_by_label("Company")).to_have_value("organisation")
    page.get_by_role("button", name="Keep 3 people").click()
    expect(page.get_by_text("3 people are on your list now.")).to_be_visible()
    expect(page.get_by_role("link", name="Jürgen Müßig")).to_be_visible()
    page.get_by_role("link", name="Bring a file").click()
    page.get_by_role("link", name="Undo Connections.csv").click()
    expect(page.get_by_text("3 people leave your list again")).to_be_visible()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Nobody is here yet.")).to_be_visible()


def test_columns_that_were_not_known_are_chosen_on_a_phone(windows: Windows):
    page = windows("Ada", width=390)
    page.goto(f"{LIST}/imports/new")
    choose(page, "odd.csv", ODD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody would come onto your list")
    page.get_by_label("Who").select_option("name")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 people would come onto your list")
    expect(page.get_by_text("Line 3 There is no name.")).to_be_visible()
    page.get_by_label("Company").select_option("where_met")
    page.get_by_role("button", name="Keep 2 people").click()
    expect(page.get_by_text("You chose other columns.")).to_be_visible()
    page.get_by_role("button", name="Keep 2 people").click()
    expect(page.get_by_text("2 people are on your list now.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_is_added_changed_archived_and_erased_on_a_phone(scripts: bool, windows: Windows):
    page = windows("Ada", width=390, scripts=scripts)
    page.goto(LIST)
    page.get_by_role("link", name="Add someone").click()
    page.get_by_label("Name").fill("Rosa Lind")
    page.get_by_label("What they do").fill("Runs a cold store")
    page.get_by_role("button", name="Keep them").click()
    page.get_by_role("main").get_by_role("link", name="Rosa Lind").last.click()
    page.get_by_label("Organisation").fill("Lind Cold Storage")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("In your archive: suggested to nobody.")).to_be_visible()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_text("Lind Cold Storage")).to_be_visible()
    page.get_by_role("link", name="Rosa Lind").click()
    page.get_by_role("link", name="Erase for good").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Nobody is here yet.")).to_be_visible()


def test_a_long_list_is_searched_and_turned_on_a_phone(places: dict[str, str], windows: Windows):
    page = windows("Ada", width=390)
    page.goto(LIST)
    page.get_by_role("link", name="E", exact=True).click()
    expect(page.get_by_role("link", name="Édith Piaf")).to_be_visible()
    page.get_by_role("link", name="All", exact=True).click()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("51 to 91 of 91")).to_be_visible()
    page.get_by_label("Search by name").fill("firm 77")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("One person matches “firm 77”.")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_whom_one_knows_is_fit_for_everybody(name: str, places: dict[str, str], windows: Windows):
    assert faults_of(windows("Ada"), PAGES[name].format(**places)) == []


def choose(page: Page, name: str, file: bytes) -> None:
    page.get_by_label("A file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": file})
    page.get_by_role("button", name="Look at it first").click()
