"""Our own CSV opens as it should in spreadsheets, and reading it back restores the text."""

import csv
import io
from dataclasses import astuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.formats.people.csv_out import csv_bytes
from circle.formats.people.person import PersonKnown, Written, made_clean
from circle.formats.people.reading import read_people
from circle.rules.errors import BadName

ADA = PersonKnown("Ada Lovelace", "Engines, Ltd", "Countess", 'Codes "well"', "Turin; 1840", "ada@x.example")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''@x", '=HYPERLINK("http://x.example")', "'quoted'"]


def cells(wire):
    return list(csv.reader(io.StringIO(wire.decode("utf-8-sig"), newline="")))


def test_it_is_utf_8_with_its_mark_and_crlf_and_everything_quoted():
    wire = csv_bytes([ADA])
    assert wire == (
        b'\xef\xbb\xbf"Name","Organisation","Position","What they do","Where met","Email"\r\n'
        b'"Ada Lovelace","Engines, Ltd","Countess","Codes ""well""","Turin; 1840","ada@x.example"\r\n'
    )


def test_nobody_makes_a_header_alone():
    assert len(cells(csv_bytes([]))) == 1
    assert read_people(csv_bytes([])).people == ()


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_as_a_formula_does(first):
    [_, row] = cells(csv_bytes([PersonKnown(*[f"{first}1+1"] * 6)]))
    assert row == [f"'{first}1+1"] * 6


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_come_back_as_they_were(text):
    person = PersonKnown(f"Ada {text}", text, text, text, text)
    assert read_people(csv_bytes([person])).people == (person,)


def test_an_apostrophe_of_a_name_stays_where_no_formula_follows():
    assert read_people(b"Name,Company\r\n't Hooft,'s-Hertogenbosch\r\n").people == (
        PersonKnown("'t Hooft", "'s-Hertogenbosch"),
    )


texts = st.text(max_size=40) | st.sampled_from(FORMULAS) | st.text("'=+-@\"\n\r\t,; a", max_size=12)


@st.composite
def clean_people(draw):
    fields = [draw(texts) for _ in range(5)]
    email = draw(st.sampled_from(["", "ada@x.example", "b.c+d@x.example"]))
    try:
        return made_clean(Written(1, *fields, emails=(email,) if email else ())).person
    except BadName:
        return ADA


@settings(deadline=None, derandomize=True, database=None, max_examples=100)
@given(st.lists(clean_people(), max_size=4))
def test_what_is_written_is_read_back_the_same(people):
    alone = [read_people(csv_bytes([person])).people for person in people]
    assert alone == [(person,) for person in people]
    # Together, doubles aside: nobody runs into their neighbour.
    read = read_people(csv_bytes(people))
    assert not read.left_out
    assert not read.changed
    assert set(map(astuple, read.people)) <= set(map(astuple, people))
    assert len(read.people) + len(read.doubles) == len(people)
