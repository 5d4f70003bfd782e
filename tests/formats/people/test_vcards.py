"""vCards: each version's own ways, and a broken card that spoils no other."""

import pytest

from circle.formats.people.person import PersonKnown, Remark
from circle.formats.people.reading import read_people
from circle.formats.people.vcards import CARD_LIMIT
from circle.rules.errors import CannotReadFile
from tests.formats.people.files import vcard


def read(*cards):
    return read_people("".join(cards).encode())


def only(*lines, version="3.0"):
    [person] = read(vcard(*lines, version=version)).people
    return person


def test_lines_are_unfolded_at_spaces_and_tabs():
    assert only("FN:Ada ", " Love", "\tlace").name == "Ada Lovelace"


def test_names_of_properties_and_ends_of_cards_are_read_in_any_case():
    [person] = read("begin:vcard\nfn:Ada\nEmail:ada@x.example\nEnd:VCard \n").people
    assert person == PersonKnown("Ada", email="ada@x.example")


def test_a_card_edge_inside_a_folded_note_is_no_edge():
    assert only("FN:Ada", "NOTE:look", " END:VCARD", " BEGIN:VCARD").line == "lookEND:VCARDBEGIN:VCARD"


def test_a_name_is_joined_from_its_parts_where_fn_is_missing():
    assert only(r"N:van der\;Berg;Jan;Q,R;Dr.;Jr.").name == "Jan Q,R van der;Berg"


@pytest.mark.parametrize("n", ["N:", "N:;;;;", "FN:", "X-OTHER:Ada"])
def test_a_card_without_a_name_is_left_out(n):
    assert read(vcard(n, "EMAIL:a@x.example")).left_out == (Remark(1, "There is no name."),)


def test_the_organisation_is_the_first_part_of_org():
    assert only("FN:Ada", r"ORG:ABC\, Inc.;North American Division;Marketing").organisation == "ABC, Inc."
    assert only("FN:Ada", "ORG:;Marketing").organisation == "Marketing"


def test_the_role_stands_in_for_a_missing_title():
    assert only("FN:Ada", "TITLE:", "ROLE:Programmer").position == "Programmer"
    assert only("FN:Ada", "ROLE:Programmer", "TITLE:Countess").position == "Countess"


@pytest.mark.parametrize(
    "preferred",
    [
        "EMAIL;TYPE=work,pref:ada@x.example",
        "EMAIL;TYPE=PREF;TYPE=WORK:ada@x.example",
        "EMAIL;PREF=1:ada@x.example",
        "EMAIL;INTERNET;PREF:ada@x.example",
        'item2.EMAIL;TYPE="work,pref":ada@x.example',
    ],
)
def test_the_preferred_address_comes_first(preferred):
    assert only("FN:Ada", "EMAIL;TYPE=home;PREF=50:other@x.example", preferred).email == "ada@x.example"


def test_an_address_that_cannot_be_one_gives_way_to_the_next():
    assert only("FN:Ada", "EMAIL;PREF=1:nothing", "EMAIL:mailto:ada@x.example").email == "ada@x.example"


def test_labels_stand_in_for_a_missing_note_but_not_those_of_programs():
    assert only("FN:Ada", r"CATEGORIES:Rotary,myContacts,Wine\, red").line == "Rotary, Wine, red"
    assert only("FN:Ada", "NOTE:Codes", "CATEGORIES:Rotary").line == "Codes"


def test_escapes_are_undone():
    assert only("FN:Ada", r"NOTE:a\, b\; c\nd\\e").line == r"a, b; c d\e"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen"], "Jürgen"),
        (["FN;ENCODING=quoted-printable;CHARSET=windows-1252:J=FCrgen"], "Jürgen"),
        (["FN;QUOTED-PRINTABLE:J=FCrgen"], "Jürgen"),
        (["FN;CHARSET=X-UNHEARD-OF;QUOTED-PRINTABLE:J=FCrgen"], "Jürgen"),
        (["FN;CHARSET=KOI8-R;ENCODING=QUOTED-PRINTABLE:=E1=C4=C1"], "Ада"),
        (["FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=", "=BCrgen"], "Jürgen"),
        (["FN;ENCODING=QUOTED-PRINTABLE:Ada=20=", "Lovelace="], "Ada Lovelace"),
    ],
)
def test_quoted_printable_is_read_in_its_charset(lines, name):
    assert only(*lines, version="2.1").name == name


def test_quoted_printable_that_ends_in_a_break_does_not_swallow_the_end_of_its_card():
    text = vcard("FN:Ada", "NOTE;ENCODING=QUOTED-PRINTABLE:codes=", version="2.1")
    assert [one.name for one in read(text, vcard("FN:Ben")).people] == ["Ada", "Ben"]


def test_a_photo_is_not_read():
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j/4AAQ" * 5_000
    assert only(photo, "FN:Ada", "NOTE;ENCODING=BASE64:QWRh").line == ""


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("KIND:group", "a group"),
        ("KIND:ORG", "an organisation"),
        ("X-ADDRESSBOOKSERVER-KIND:group", "a group"),
        ("X-ABShowAs:COMPANY", "an organisation"),
    ],
)
def test_a_card_of_something_else_than_a_person_is_left_out(line, kind):
    [remark] = read(vcard("FN:Acme", line)).left_out
    assert remark.sentence == f"This card stands for {kind}, not for a person."


def test_a_card_without_its_end_is_told_of_and_the_next_is_read():
    result = read("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\n", vcard("FN:Ben"), "BEGIN:VCARD\r\nFN:Cy\r\n")
    assert [one.name for one in result.people] == ["Ben"]
    assert [one.at for one in result.left_out] == [1, 8]
    assert result.left_out[0].sentence == "The card that begins here is cut off: its last line is missing."


def test_indented_cards_are_told_of():
    [remark] = read("BEGIN:VCARD\r\n  FN:Ada\r\n  NOTE:x\r\nEND:VCARD\r\n").left_out
    assert remark == Remark(1, "There is no name.")


def test_what_stands_between_cards_is_passed_over():
    assert [
        one.name for one in read("hello\r\n", vcard("FN:Ada"), "\r\nEND:VCARD\r\n", vcard("FN:Ben")).people
    ] == [
        "Ada",
        "Ben",
    ]


def test_a_line_that_cannot_be_read_is_said_and_the_card_is_kept():
    result = read(vcard("FN:Ada", "NOTE:codes", "and sings", "=;:x"))
    assert result.people == (PersonKnown("Ada", line="codes"),)
    assert result.changed == (Remark(1, "2 lines of this card could not be read and were passed over."),)


def test_a_card_within_a_card_is_not_another_person():
    agent = vcard("FN:Secretary", version="2.1").rstrip()
    assert [one.name for one in read(vcard("FN:Ada", "AGENT:", agent, "NOTE:x", version="2.1")).people] == [
        "Ada"
    ]


def test_5000_cards_are_read_and_one_more_is_refused():
    cards = [vcard(f"FN:Person {at}") for at in range(CARD_LIMIT)]
    assert len(read(*cards).people) == CARD_LIMIT
    with pytest.raises(CannotReadFile, match="more than 5,000 cards"):
        read(*cards, vcard("FN:One more"))
