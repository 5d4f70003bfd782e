"""What somebody pastes: a table with its header, cards, or a person on each line in any usual form."""

import pytest

from circle.formats.people.person import PersonKnown
from circle.formats.people.reading import read_pasted
from circle.rules.errors import CannotReadFile
from tests.formats.people import files


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Rosa Lind", PersonKnown("Rosa Lind")),
        ("  - Rosa Lind  ", PersonKnown("Rosa Lind")),
        ("3. Rosa Lind", PersonKnown("Rosa Lind")),
        ("• Rosa Lind", PersonKnown("Rosa Lind")),
        ("Rosa Lind, runs a cold store", PersonKnown("Rosa Lind", line="runs a cold store")),
        ("Rosa Lind - cold store, Preston", PersonKnown("Rosa Lind", line="cold store, Preston")),
        ("Rosa Lind: bakes", PersonKnown("Rosa Lind", line="bakes")),
        ("Rosa Lind - bakes (bread)", PersonKnown("Rosa Lind", line="bakes (bread)")),
        ("Rosa Lind (bakes)", PersonKnown("Rosa Lind", line="bakes")),
        ("Rosa Lind <rosa@x.example>", PersonKnown("Rosa Lind", email="rosa@x.example")),
        ("Rosa Lind rosa@x.example", PersonKnown("Rosa Lind", email="rosa@x.example")),
        (
            "Rosa Lind <rosa@x.example>, bakes, sails",
            PersonKnown("Rosa Lind", line="bakes, sails", email="rosa@x.example"),
        ),
        ("Anne-Marie O'Neill", PersonKnown("Anne-Marie O'Neill")),
        ("'t Hooft", PersonKnown("'t Hooft")),
    ],
)
def test_a_line_is_a_person(line, person):
    assert read_pasted(line).people == (person,)


def test_lines_are_counted_as_they_stand():
    read = read_pasted("Rosa Lind\r\n\r\nrosa@x.example\r\nRosa Lind, again\r\nJo Tan")
    assert [one.name for one in read.people] == ["Rosa Lind", "Jo Tan"]
    assert [(one.at, one.sentence) for one in read.left_out] == [(3, "There is no name.")]
    assert [one.at for one in read.doubles] == [4]
    assert (read.kind, read.encoding, read.columns) == ("one person on each line", "", None)


def test_rows_of_a_spreadsheet_keep_their_columns():
    read = read_pasted("Name\tCompany\nRosa Lind\tLind Cold Storage\n")
    assert read.people == (PersonKnown("Rosa Lind", "Lind Cold Storage"),)
    assert read.columns


def test_rows_of_a_spreadsheet_with_an_unknown_header_ask_for_the_names():
    read = read_pasted("Imię\tFirma\nRosa Lind\tLind Cold Storage\n")
    assert read.people == ()
    assert "Please choose the one that does" in read.left_out[0].sentence


@pytest.mark.parametrize("text", [files.google_new(), files.linkedin(), files.vcards_3()])
def test_a_file_that_is_pasted_is_read_as_the_file(text):
    assert [one.name for one in read_pasted(text).people] == ["Jürgen Müßig", "Élodie Façade", "Íñigo Núñez"]


def test_five_thousand_lines_are_the_most():
    text = "\n".join(f"Person {at}" for at in range(5_000))
    assert len(read_pasted(text).people) == 5_000
    with pytest.raises(CannotReadFile, match="more than 5,000"):
        read_pasted(f"{text}\nOne more")


def test_what_nobody_can_read_is_no_fault():
    assert read_pasted("@@@@ ()\n,,,,\n((((\n- \n=1+1\n").people == (PersonKnown("=1+1"),)


def test_a_very_long_line_is_bounded():
    assert len(read_pasted("Rosa Lind, " + "@x " * 100_000).people) == 1
