"""CSV as people have it: what is broken is told line by line, and the rest is read."""

import pytest

from circle.formats.people.person import PersonKnown, Remark
from circle.formats.people.reading import read_people
from circle.formats.people.tables import COLUMN_LIMIT, ROW_LIMIT
from circle.rules.errors import CannotReadFile


def names(data):
    return [one.name for one in read_people(data).people]


def left_out(data):
    return [(one.at, one.sentence) for one in read_people(data).left_out]


def test_notes_above_the_header_are_passed_over():
    assert names(b"My list\r\n\r\nAs of May, 2026;;\r\n;;\r\nName;Firma\r\nAda;Engines\r\n") == ["Ada"]


def test_a_row_below_an_unknown_header_is_not_taken_for_it():
    read = read_people("Imię,Nazwisko,Dział\r\nJan,Kowalski,Sales\r\nEwa,Nowak,Contact\r\n".encode())
    assert read.columns.header == ("Imię", "Nazwisko", "Dział")


def test_notes_with_other_delimiters_than_the_table_do_no_harm():
    assert names(b"Mine, as of May, all\r\nName;Shoe size\r\nAda;36\r\n") == ["Ada"]


def test_the_first_of_two_possible_headers_is_the_header():
    assert names(b"Name,Company\r\nName,Company\r\n") == ["Name"]


def test_the_hint_of_excel_is_followed():
    assert names(b"sep=;\r\nName;Nickname, short\r\nAda;x\r\n") == ["Ada"]


def test_a_quoted_cell_may_hold_lines_and_quotation_marks():
    read = read_people(b'Name,Notes\r\nAda,"one\r\n""two"", three"\r\nBen,\r\n')
    assert read.people == (PersonKnown("Ada", line='one "two", three'), PersonKnown("Ben"))
    assert [one.at for one in read.found] == [2, 4]


def test_a_quotation_mark_after_a_space_counts():
    assert read_people(b'Name, Company\r\nAda, "Engines, Ltd"\r\n').people[0].organisation == "Engines, Ltd"


def test_short_rows_are_read_and_empty_ones_passed_over():
    assert names(b"Name,Company,Email\r\nAda\r\n\r\n,,\r\n , \r\nBen,x\r\n") == ["Ada", "Ben"]


def test_empty_columns_with_and_without_a_header_do_no_harm():
    read = read_people(b",Name,,Company,Email\r\n,Ada,,Engines,\r\nx,Ben,y,,\r\n")
    assert read.people == (PersonKnown("Ada", "Engines"), PersonKnown("Ben"))
    assert not read.left_out


def test_empty_cells_beyond_the_header_do_no_harm():
    assert names(b"Name,Company\r\nAda,x,,,\r\n") == ["Ada"]


def test_a_row_with_too_many_cells_is_left_out():
    assert left_out(b"Name,Company\r\nBen,x\r\nAda,Engines, Ltd\r\nCy,\r\n") == [
        (3, "There are 3 cells here, but the header has 2.")
    ]


def test_a_row_without_a_name_is_left_out():
    assert left_out(b"Name,Email\r\n,ada@x.example\r\n???,\r\nada@x.example,\r\n") == [
        (2, "There is no name."),
        (3, "The name has no letter or digit."),
        (4, "There is an address where the name should be."),
    ]


def test_a_name_above_the_limit_is_left_out():
    assert names(b"Name\r\n" + b"x" * 80) == ["x" * 80]
    assert left_out(b"Name\r\n" + b"x" * 81) == [(2, "The name is longer than 80 characters.")]
    assert left_out(b"Name\r\n" + b"x" * 5000) == [(2, "The name is longer than 80 characters.")]


def test_a_stray_quotation_mark_costs_one_row():
    data = b'Name,Company\r\nAda,"The "Engine" House"\r\nBen,x\r\n'
    assert names(data) == ["Ben"]
    assert left_out(data) == [
        (2, "A quotation mark stands inside a quoted cell; there it has to be written twice.")
    ]


def test_a_stray_quotation_mark_found_on_a_later_line_says_which_lines_it_cost():
    data = b'Name,Company\r\nAda,"Engines\r\nBen,"Oven",x\r\nCy,y\r\n'
    assert names(data) == ["Cy"]
    assert left_out(data)[0][1].endswith("Lines 2 to 3 were passed over.")


def test_a_quotation_mark_never_closed_ends_the_reading_and_says_so():
    data = b'Name,Company\r\nAda,x\r\nBen,"Oven\r\nCy,y\r\nDee,z\r\n'
    assert names(data) == ["Ada"]
    assert left_out(data) == [
        (3, "The quotation mark opened here is never closed, so nothing from here on could be read.")
    ]


def test_a_long_note_is_shortened_and_said():
    read = read_people(b"Name,Notes\r\nAda," + b"word " * 100)
    [person] = read.people
    assert len(person.line) == 300
    assert person.line.endswith("…")
    assert read.changed == (Remark(2, "The note was longer than 300 characters and was shortened."),)


def test_a_note_that_is_mostly_spaces_is_not_cut_in_silence():
    read = read_people(b"Name,Notes\r\nAda,one" + b" " * 5_000 + b"two")
    assert read.people[0].line == "one"
    assert len(read.changed) == 1


def test_what_is_no_address_is_left_empty_and_said():
    read = read_people(b"Name,Email\r\nAda,n/a\r\n")
    assert read.people == (PersonKnown("Ada"),)
    assert read.changed == (Remark(2, "“n/a” is not an email address, so no address was taken."),)


@pytest.mark.parametrize(
    "cell", ["Ada <ada@x.example>", "mailto:ada@x.example", " ada@x.example;b@x.example "]
)
def test_an_address_may_stand_in_any_usual_form(cell):
    assert read_people(f'Name,Email\r\nAda,"{cell}"\r\n'.encode()).people[0].email == "ada@x.example"


def test_5000_rows_are_read_and_one_more_is_refused():
    rows = "".join(f"Person {at},p{at}@x.example\r\n" for at in range(ROW_LIMIT))
    assert len(names(f"Name,Email\r\n{rows}\r\n\r\n".encode())) == ROW_LIMIT
    with pytest.raises(CannotReadFile, match="more than 5,000 rows"):
        read_people(f"Name,Email\r\n{rows}One more,\r\n".encode())


def test_500_columns_are_read_and_10000_are_refused():
    header = ",".join(["Name", *(f"c{at}" for at in range(COLUMN_LIMIT - 1))])
    assert names(f"{header}\r\nAda\r\n".encode()) == ["Ada"]
    with pytest.raises(CannotReadFile, match="10,000 columns"):
        read_people(("Name" + ",x" * 9_999 + "\r\nAda\r\n").encode())


def test_a_header_alone_is_an_empty_list():
    read = read_people(b"Name,Email\r\n")
    assert (read.people, read.left_out) == ((), ())
