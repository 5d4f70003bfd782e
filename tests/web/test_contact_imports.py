"""Bringing people in through the pages: every format and encoding, looked at first, and nothing half done."""

import io
import re
from html import unescape

import pytest
from flask import Flask

from circle.formats.people.text import FILE_LIMIT
from circle.web.contact_imports import LONGEST_REQUEST
from tests.cast import Cast
from tests.client import Client
from tests.formats.people import files
from tests.formats.people.files import ENCODINGS
from tests.snapshot import rows
from tests.web.acting import Acting
from tests.web.test_bad_input import beside
from tests.web.test_contacts import LIST, know, listed, words

NEW, IMPORTS = f"{LIST}/imports/new", f"{LIST}/imports"
NAMES = ["Élodie Façade", "Íñigo Núñez", "Jürgen Müßig"]
FORMATS = {
    "Google": ("contacts.csv", files.google_new, "Geschäftsführer, Bäckerei Müßig"),
    "Google before 2024": ("google.csv", files.google_old, "Geschäftsführer, Bäckerei Müßig"),
    "Outlook": ("contacts.CSV", files.outlook, "Geschäftsführer, Bäckerei Müßig"),
    "Outlook, German": ("Kontakte.csv", files.outlook_german, "Geschäftsführer, Bäckerei Müßig"),
    "LinkedIn": ("Connections.csv", files.linkedin, "Geschäftsführer, Bäckerei Müßig"),
    "vCard 3.0": ("contacts.vcf", files.vcards_3, "Geschäftsführer, Bäckerei Müßig"),
    "vCard 4.0": ("contacts.vcf", files.vcards_4, "Geschäftsführer, Bäckerei Müßig"),
}
CSV = b"Name,Company\r\nRosa Lind,Lind Cold Storage\r\nJo Tan,Tan Press\r\n"


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.client("Ada")


def bring(browser: Client, file: bytes, name: str = "people.csv", **typed: str):
    answer = browser.submit(IMPORTS, {"file": (io.BytesIO(file), name), **typed})
    # The client wrote a long request into a file of its own.
    answer.request.environ["wsgi.input"].close()
    return answer


def kept(browser: Client, file: bytes, name: str = "people.csv") -> str:
    """Bring a file, keep it, and return the address of its import."""
    address = bring(browser, file, name).location
    assert browser.submit(f"{address}/keeping").location == LIST
    return address


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16 with its mark", "Windows-1252"])
@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_comes_out_right_in_every_encoding(kind: str, encoding: str, ada: Client):
    name, written, work = FORMATS[kind]
    address = bring(ada, ENCODINGS[encoding](written()), name).location
    page = words(ada.get(address).text)
    assert "3 people would come onto your list" in page
    assert f"From {name}" in page
    assert work in page
    ada.submit(f"{address}/keeping")
    assert listed(ada.get(LIST).text) == NAMES


def test_five_thousand_come_in_and_go_again(ada: Client):
    file = "\n".join(["Name,Company", *(f"Person {at},Firm {at}" for at in range(5_000))]).encode()
    address = bring(ada, file).location
    page = ada.get(address)
    assert "and 4,992 more" in page.text
    assert len(page.data) < 60_000
    ada.submit(f"{address}/keeping")
    assert "of 5,000" in ada.get(LIST).text
    assert "<strong>5,000 people leave</strong>" in ada.get(f"{address}/undoing").text
    ada.submit(f"{address}/undoing")
    assert "Nobody is here yet." in ada.get(LIST).text


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "This file is empty."),
        (b" \r\n\r\n", "This file is empty."),
        (b"PK\x03\x04 sheet", "This is a packed file or a spreadsheet"),
        (b"%PDF-1.7", "This file holds no text."),
        (b"<!DOCTYPE html>", "This is a web page"),
        (bytes(range(32)) * 100, "This file holds no text."),
        (b"Name\r\n" + b"x\r\n" * 5_001, "This file has more than 5,000 rows."),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\n" * 5_001, "This file has more than 5,000 cards."),
        (b"Name," + b"," * 600, "columns. A list of people has at most 500."),
        (b"Name\r\n" + b"x" * FILE_LIMIT, "This file is larger than 5 MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    file: bytes, sentence: str, app: Flask, ada: Client
):
    before = rows(app)
    answer = bring(ada, file, "it.csv")
    assert (answer.status_code, sentence in beside(answer.text, "file")) == (422, True)
    assert rows(app) == before


def test_a_file_too_large_to_be_looked_at_gets_the_same_sentence(app: Flask, ada: Client):
    before = rows(app)
    answer = bring(ada, b"x" * LONGEST_REQUEST)
    assert answer.status_code == 413
    assert "This file is larger than 5 MB." in beside(answer.text, "file")
    assert rows(app) == before


def test_a_large_file_from_a_signed_out_tab_leads_to_sign_in(client: Client):
    answer = bring(client, b"x" * LONGEST_REQUEST)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={NEW}")


def test_other_forms_take_no_more_than_before(ada: Client):
    assert ada.submit(LIST, {"name": "Rosa", "line": "x" * 300_000}).status_code == 413
    assert bring(ada, b"", pasted="x" * (FILE_LIMIT + 2)).status_code == 413


def test_nothing_brought_is_refused_in_words(app: Flask, ada: Client):
    before = rows(app)
    answer = ada.submit(IMPORTS)
    assert (answer.status_code, beside(answer.text, "file")) == (422, "Choose a file, or paste people below.")
    assert rows(app) == before


def test_a_file_and_a_paste_at_once_are_refused_and_the_paste_is_not_lost(ada: Client):
    answer = bring(ada, CSV, pasted="Kit Hollis & Co")
    assert (answer.status_code, "Bring one of them." in beside(answer.text, "file")) == (422, True)
    assert "Kit Hollis &amp; Co" in answer.text


def test_a_paste_that_cannot_be_read_is_refused_beside_itself(ada: Client):
    answer = ada.submit(IMPORTS, {"pasted": "<html><body>Rosa"})
    assert "This is a web page" in beside(answer.text, "pasted")
    assert "&lt;html&gt;&lt;body&gt;Rosa" in answer.text


def test_names_pasted_line_by_line_come_onto_the_list(ada: Client):
    answer = ada.submit(IMPORTS, {"pasted": "Rosa Lind, runs a cold store\r\nJo Tan <jo@tan.example>\r\n"})
    assert "From what you pasted" in words(ada.get(answer.location).text)
    ada.submit(f"{answer.location}/keeping")
    assert listed(ada.get(LIST).text) == ["Jo Tan", "Rosa Lind"]


def test_looking_at_a_file_keeps_nobody(app: Flask, ada: Client):
    address = bring(ada, CSV).location
    before = rows(app)
    assert "2 people would come onto your list" in words(ada.get(address).text)
    assert rows(app) == before
    assert listed(ada.get(LIST).text) == []


def test_what_is_wrong_with_single_lines_is_said_line_by_line(app: Flask, cast: Cast, ada: Client):
    know(app, cast, "Jo Tan")
    file = (
        b"Name,Company,Email\r\n"
        b"Rosa Lind,Lind,not an address\r\n"
        b",Nobody,\r\n"
        b"Jo Tan,Tan,\r\n"
        b"rosa lind,Again,\r\n"
        b'Bad "quote,"a"b",\r\n'
        b"Kit," + b"x" * 130 + b",\r\n"
    )
    page = words(ada.get(bring(ada, file).location).text)
    for sentence in (
        "2 lines left out Line 3 There is no name.",
        "Line 6 A quotation mark stands inside a quoted cell",
        "2 people known already, left as they are Line 4 Jo Tan is on your list already.",
        "Line 5 rosa lind stands in this file already, on line 2.",
        "Line 2 “not an address” is not an email address, so no address was taken.",
        "Line 7 The organisation was longer than 120 characters and was shortened.",
    ):
        assert sentence in page
    assert "2 people would come onto your list" in page


def test_how_a_column_was_taken_can_be_changed(ada: Client):
    address = bring(ada, b"Who,Firm where they work\r\nRosa Lind,Lind Cold Storage\r\n").location
    page = ada.get(address).text
    assert "Nobody would come onto your list" in page
    assert "Please choose the one that does." in page
    assert 'class="button primary"' not in page
    ada.submit(f"{address}/columns", {"column-0": "name", "column-1": "organisation"})
    page = ada.get(address).text
    assert "One person would come onto your list" in page
    assert re.search(r'<option value="organisation" selected>', page)
    ada.submit(f"{address}/keeping")
    assert "Lind Cold Storage" in ada.get(LIST).text


def test_keeping_with_other_columns_than_were_looked_at_shows_them_first(ada: Client):
    address = bring(ada, CSV).location
    chosen = {"column-0": "name", "column-1": "position"}
    assert ada.submit(f"{address}/keeping", chosen).location == address
    page = ada.get(address).text
    assert "You chose other columns." in page
    assert listed(ada.get(LIST).text) == []
    assert ada.submit(f"{address}/keeping", chosen).location == LIST


@pytest.mark.parametrize("value", ["nonsense", "\x00", "x" * 10_000, "<b>"])
def test_a_column_that_is_no_choice_is_passed_over(value: str, ada: Client):
    address = bring(ada, CSV).location
    ada.submit(f"{address}/columns", {"column-0": "name", "column-1": value})
    assert "One column passed over" in ada.get(address).text


def test_what_a_hostile_file_holds_is_never_read_as_markup(ada: Client):
    header = b'Name,Company,"<script>alert(3)</script>"\r\n'
    file = header + b'<script>alert(1)</script>,"""><img src=x>",x\r\n=1+1 A,,\r\n'
    address = bring(ada, file, "<img src=x>.csv").location
    for page in (ada.get(address), ada.submit(f"{address}/keeping", follow_redirects=True), ada.get(NEW)):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
    assert "'=1+1 A" in ada.get(f"{LIST}.csv").text


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a\x00b.csv", "x" * 3_000 + ".csv", "C:\\people.csv", "…"]
)
def test_any_name_of_a_file_will_do(name: str, ada: Client):
    answer = bring(ada, CSV, name or "x")
    assert answer.status_code == 303
    assert ada.get(answer.location).status_code == 200


def test_giving_up_keeps_nobody_and_lets_go_of_the_file(app: Flask, ada: Client):
    before = rows(app)
    address = bring(ada, CSV).location
    assert "Nobody was added." in ada.submit(f"{address}/giving-up", follow_redirects=True).text
    assert rows(app) == before
    assert ada.get(address).status_code == 404


def test_a_file_that_waits_is_offered(ada: Client):
    address = bring(ada, CSV).location
    assert f'href="{address}">Look at it' in ada.get(NEW).text


def test_a_page_left_open_after_another_file_was_brought_says_so(ada: Client):
    first = bring(ada, CSV).location
    bring(ada, b"Name\r\nKit Hollis\r\n")
    assert ada.submit(f"{first}/keeping").status_code == 404
    assert listed(ada.get(LIST).text) == []


def test_undoing_asks_first_and_says_who_stays(cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    address = kept(ada, CSV)
    ada.submit(act.log_url(), act.form("Ben", contact_name="Rosa Lind"))
    page = words(ada.get(f"{address}/undoing").text)
    assert "One person leaves your list again" in page
    assert "One stays: Rosa Lind stands in an introduction" in page
    done = ada.submit(f"{address}/undoing", follow_redirects=True).text
    assert "One person has left your list. Rosa Lind stays." in words(done)
    assert listed(done) == ["Rosa Lind"]


def test_undoing_when_everybody_stays_says_so(cast: Cast):
    act = Acting(cast)
    ada = act.browser("Ada")
    address = kept(ada, b"Name\r\nRosa Lind\r\n")
    ada.submit(act.log_url(), act.form("Ben", contact_name="Rosa Lind"))
    assert "Nobody would leave your list." in ada.get(f"{address}/undoing").text
    done = ada.submit(f"{address}/undoing", follow_redirects=True).text
    assert "Nobody has left your list. Rosa Lind stays." in words(done)


def test_what_was_brought_before_is_listed_with_the_way_back(ada: Client):
    address = kept(ada, CSV, "Connections.csv")
    page = ada.get(NEW).text
    assert "Connections.csv" in page
    assert f'href="{address}/undoing"' in page


@pytest.mark.parametrize("act", ["", "/columns", "/keeping", "/undoing"])
def test_what_another_brought_is_not_found(act: str, app: Flask, cast: Cast, ada: Client):
    address = bring(cast.client("Ben"), CSV).location
    before = rows(app)
    assert ada.get(f"{address}{act if act == '/undoing' else ''}").status_code == 404
    if act:
        assert ada.submit(f"{address}{act}").status_code == 404
    assert rows(app) == before


def test_a_full_list_is_said_before_anything_is_kept(ada: Client):
    file = "\n".join(["Name", *(f"Person {at}" for at in range(5_000))]).encode()
    kept(ada, file)
    address = bring(ada, CSV).location
    page = ada.get(address).text
    assert "A list holds 5,000 people, and yours has 5,000." in page
    assert ">Keep 2 people<" not in page
    assert ada.submit(f"{address}/keeping").location == address
    assert unescape(ada.get(address).text).count("A list holds 5,000 people") == 2
