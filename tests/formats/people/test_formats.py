"""Each format comes out right with no help, in every encoding it may be met in."""

import pytest

from circle.formats.people.person import PersonKnown
from circle.formats.people.reading import PeopleRead, read_people
from tests.formats.people import files
from tests.formats.people.files import ENCODINGS

WITH_NOTES = {
    "Google, new": files.google_new,
    "Google, old": files.google_old,
    "Outlook": files.outlook,
    "Outlook, German": files.outlook_german,
    "vCard 3.0": files.vcards_3,
}
FORMATS = WITH_NOTES | {
    "LinkedIn": files.linkedin,
    "vCard 4.0": files.vcards_4,
    "vCard 2.1": files.vcards_21,
}

JUERGEN = PersonKnown(
    name="Jürgen Müßig",
    organisation="Bäckerei Müßig",
    position="Geschäftsführer",
    line='Bakes for cafés "slow" bread, and sings',
    email="juergen@baeckerei.example",
)
ELODIE = PersonKnown(
    name="Élodie Façade",
    organisation="Atelier Façade, SARL",
    position="Architecte",
    email="elodie@facade.example",
)
INIGO = PersonKnown(name="Íñigo Núñez", line="Guides hikers; speaks Basque")


def bare(person: PersonKnown) -> tuple[str, ...]:
    return person.name, person.organisation, person.position


def nothing_else(read: PeopleRead) -> bool:
    return not (read.left_out or read.doubles or read.changed)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", WITH_NOTES)
def test_everything_is_read_in_every_encoding(kind, encoding):
    read = read_people(ENCODINGS[encoding](WITH_NOTES[kind]()))
    assert read.people == (JUERGEN, ELODIE, INIGO)
    assert nothing_else(read)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_linkedin_is_read_below_its_notes(encoding):
    read = read_people(ENCODINGS[encoding](files.linkedin()))
    assert [bare(one) for one in read.people] == [bare(JUERGEN), bare(ELODIE), bare(INIGO)]
    assert [one.email for one in read.people] == [JUERGEN.email, ELODIE.email, ""]
    assert nothing_else(read)
    assert read.columns is not None
    assert read.columns.header[0] == "First Name"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_version_4_prefers_by_number(encoding):
    read = read_people(ENCODINGS[encoding](files.vcards_4()))
    assert read.people[:2] == (JUERGEN, ELODIE)
    # Where the preferred address is empty, the next one is taken.
    assert read.people[2].email == "second@home.example"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_version_2_1_is_read_from_quoted_printable(encoding):
    read = read_people(ENCODINGS[encoding](files.vcards_21()))
    assert read.people == (JUERGEN, ELODIE, INIGO)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_kind_of_file_is_said(kind):
    words = read_people(FORMATS[kind]().encode()).kind
    assert words == (
        "vCard"
        if kind.startswith("vCard")
        else "CSV, semicolons between the columns"
        if "German" in kind
        else "CSV, commas between the columns"
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_cut_off_anywhere_gives_only_people_who_are_in_the_whole(kind):
    whole = FORMATS[kind]().encode()
    names = {person.name for person in read_people(whole).people}
    for end in range(1, len(whole), 7):
        cut = read_people(whole[:end])
        # The last name may be cut short itself; CSV has no sign of where a row was to end.
        for person in cut.people[:-1]:
            assert person.name in names
        if kind.startswith("vCard"):
            assert {person.name for person in cut.people} <= names


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_delimiter_and_line_end_is_told(delimiter, line_end):
    lines = [["Name", "Company", "Email"], ["Ada Lovelace", "Engines", "ada@example.org"], ["Ben", "", ""]]
    text = "".join(delimiter.join(line) + line_end for line in lines)
    assert read_people(text.encode()).people == (
        PersonKnown("Ada Lovelace", "Engines", email="ada@example.org"),
        PersonKnown("Ben"),
    )
