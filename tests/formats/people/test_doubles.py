"""Doubles are told by name or address, within the file and against those kept before."""

from circle.formats.people.reading import read_people

FILE = (
    b"Name,Email\r\nAda Lovelace,ada@x.example\r\nADA  LOVELACE,\r\nA. Lovelace,Ada@X.example\r\n"
    b"Ben,b@x.example\r\n"
)


def doubles(known=()):
    return [(one.at, one.sentence) for one in read_people(FILE, known).doubles]


def test_the_first_of_two_is_kept_and_the_second_told_of():
    assert [one.name for one in read_people(FILE).people] == ["Ada Lovelace", "Ben"]
    assert doubles() == [
        (3, "ADA LOVELACE stands in this file already, on line 2."),
        (4, "Somebody with the address of A. Lovelace stands in this file already, on line 2."),
    ]


def test_those_kept_before_are_known_by_name():
    assert doubles([("ben", "")])[-1] == (5, "Ben is on your list already.")


def test_those_kept_before_are_known_by_address():
    assert doubles([("benjamin", "B@x.example")])[-1] == (
        5,
        "Somebody with the address of Ben is on your list already.",
    )


def test_people_without_an_address_are_no_doubles_of_each_other():
    assert len(read_people(b"Name,Email\r\nAda,\r\nBen,\r\n", [("cy", "")]).people) == 2


def test_importing_a_file_twice_finds_only_doubles():
    known = [(one.name.casefold(), one.email) for one in read_people(FILE).people]
    again = read_people(FILE, known)
    assert again.people == ()
    assert len(again.doubles) == 4
