"""People somebody knows: kept once, clean, within limits, and never anybody else's."""

import pytest
from sqlalchemy import func, select

from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import Contact, ContactTerm
from circle.rules.errors import AlreadyKnown, BadAddress, BadName, BadText, ListIsFull, StalePage
from circle.services.knowing import contact_page, contacts, keeping, list_page
from circle.services.knowing.list_page import Wanted
from circle.services.work import writing
from tests.cast import NOON
from tests.services.at_once import at_once
from tests.services.playing import Playing
from tests.statements import statements

ROSA = PersonKnown(
    "Rosa Lind", "Lind Cold Storage", "Owner", "Runs a cold store", "Fair", "rosa@lind.example"
)


@pytest.fixture
def ada(context, cast) -> int:
    return cast.person("Ada").id


@pytest.fixture
def ben(context, cast) -> int:
    return cast.person("Ben").id


def person(ada: int, ref: str) -> PersonKnown:
    known = contact_page.read(ada, ref)
    assert known
    return known.person


def names(ada: int, **wanted: object) -> list[str]:
    db.session.rollback()
    return [row.name for row in list_page.read(ada, Wanted(**wanted)).rows]


def fill(person_id: int, count: int) -> None:
    rows = [
        {
            "person_id": person_id,
            "name": f"Person {at}",
            "name_key": f"person {at}",
            "created_at": NOON,
            "public_id": f"p{person_id}x{at}",
        }
        for at in range(count)
    ]
    with writing() as session:
        session.execute(Contact.__table__.insert(), rows)


def test_what_was_written_down_is_what_is_shown(ada):
    assert person(ada, keeping.add(ada, ROSA, NOON)) == ROSA


def test_texts_are_made_clean(ada):
    typed = PersonKnown(
        "  Rosa   Lind ", "Lind\u202e\nCold", line="Runs\x00 a\tstore", email=" Rosa@Lind.example "
    )
    kept = person(ada, keeping.add(ada, typed, NOON))
    assert kept == PersonKnown("Rosa Lind", "Lind Cold", line="Runs a store", email="Rosa@lind.example")


@pytest.mark.parametrize(
    ("typed", "refusal", "field"),
    [
        (PersonKnown(""), BadName, "name"),
        (PersonKnown("x" * 81), BadName, "name"),
        (PersonKnown("Jo", organisation="x" * 121), BadText, "organisation"),
        (PersonKnown("Jo", position="x" * 121), BadText, "position"),
        (PersonKnown("Jo", line="x" * 301), BadText, "line"),
        (PersonKnown("Jo", where_met="x" * 201), BadText, "where_met"),
        (PersonKnown("Jo", email="nobody"), BadAddress, "email"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(ada, typed, refusal, field):
    with pytest.raises(refusal) as refused:
        keeping.add(ada, typed, NOON)
    assert refused.value.field == field
    assert names(ada) == []


def test_the_same_press_again_keeps_one(ada):
    assert keeping.add(ada, ROSA, NOON) == keeping.add(ada, ROSA, NOON)
    assert names(ada) == ["Rosa Lind"]


def test_somebody_else_of_the_name_is_refused_and_the_first_is_named(ada):
    ref = keeping.add(ada, ROSA, NOON)
    with pytest.raises(AlreadyKnown, match="on your list already") as refused:
        keeping.add(ada, PersonKnown("ROSA LIND"), NOON)
    assert refused.value.ref == ref


def test_who_rests_in_the_archive_is_named_there(ada):
    keeping.archive(ada, keeping.add(ada, ROSA, NOON), NOON)
    with pytest.raises(AlreadyKnown, match="in your archive already"):
        keeping.add(ada, PersonKnown("Rosa Lind"), NOON)


def test_two_people_may_know_the_same_one(ada, ben):
    keeping.add(ada, ROSA, NOON)
    keeping.add(ben, ROSA, NOON)
    assert names(ada) == names(ben) == ["Rosa Lind"]


def test_nobody_reads_or_changes_whom_another_knows(ada, ben):
    ref = keeping.add(ada, ROSA, NOON)
    assert contact_page.read(ben, ref) is None
    for act in (
        lambda: keeping.edit(ben, ref, PersonKnown("Mine")),
        lambda: keeping.archive(ben, ref, NOON),
        lambda: keeping.unarchive(ben, ref),
    ):
        with pytest.raises(StalePage):
            act()
    assert person(ada, ref) == ROSA


def test_an_edit_keeps_every_field(ada):
    ref = keeping.add(ada, PersonKnown("Rosa"), NOON)
    keeping.edit(ada, ref, ROSA)
    assert person(ada, ref) == ROSA


def test_an_edit_may_change_the_capitals_of_a_name(ada):
    ref = keeping.add(ada, PersonKnown("rosa lind"), NOON)
    keeping.edit(ada, ref, PersonKnown("Rosa Lind"))
    assert names(ada) == ["Rosa Lind"]


def test_an_edit_takes_nobody_elses_name(ada):
    keeping.add(ada, ROSA, NOON)
    ref = keeping.add(ada, PersonKnown("Jo Tan"), NOON)
    with pytest.raises(AlreadyKnown):
        keeping.edit(ada, ref, PersonKnown("rosa lind"))
    assert names(ada) == ["Jo Tan", "Rosa Lind"]


def test_what_the_texts_speak_of_is_kept_when_they_change(ada):
    ref = keeping.add(ada, PersonKnown("Rosa Lind"), NOON)
    assert terms_of(ada) == set()
    keeping.edit(ada, ref, PersonKnown("Rosa Lind", position="Bookbinder", line="Sails"))
    found = terms_of(ada)
    assert found
    keeping.edit(ada, ref, PersonKnown("Rosa Lind", position="Accountant"))
    assert terms_of(ada) not in (set(), found)


def terms_of(person_id: int) -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(ContactTerm.key).where(ContactTerm.person_id == person_id)))


def test_a_new_name_stands_in_introductions_at_both_ends(context, cast):
    play = Playing(cast)
    play.open()
    play.log("Ada", "Ben", to="Rosa Lnid")
    ada = play.id("Ada")
    ref = list_page.read(ada, Wanted()).rows[0].ref
    keeping.edit(ada, ref, PersonKnown("Rosa Lind"))
    assert [one.contact_name for one in play.introductions()] == ["Rosa Lind"]


def test_the_archive_is_a_list_apart(ada):
    ref = keeping.add(ada, ROSA, NOON)
    keeping.add(ada, PersonKnown("Jo Tan"), NOON)
    assert keeping.archive(ada, ref, NOON) == "Rosa Lind"
    assert (names(ada), names(ada, archived=True)) == (["Jo Tan"], ["Rosa Lind"])
    keeping.unarchive(ada, ref)
    assert (names(ada), names(ada, archived=True)) == (["Jo Tan", "Rosa Lind"], [])


def test_archiving_again_keeps_the_first_moment(ada):
    ref = keeping.add(ada, ROSA, NOON)
    keeping.archive(ada, ref, NOON)
    keeping.archive(ada, ref, NOON.replace(year=2027))
    assert db.session.scalar(select(Contact.archived_at)) == NOON


def test_the_list_holds_five_thousand_and_no_more(ada, ben):
    fill(ada, contacts.MOST - 1)
    keeping.add(ada, PersonKnown("The last one"), NOON)
    with pytest.raises(ListIsFull, match="5,000 people, and yours has 5,000"):
        keeping.add(ada, PersonKnown("One too many"), NOON)
    keeping.add(ben, ROSA, NOON)


def test_a_log_is_never_refused_for_a_full_list(context, cast):
    play = Playing(cast)
    play.open()
    fill(play.id("Ada"), contacts.MOST)
    assert play.log("Ada", "Ben").receivers == ("Ben Katz",)


def test_two_last_places_are_not_three(ada, app):
    fill(ada, contacts.MOST - 2)
    db.session.rollback()
    tries = [lambda at=at: keeping.add(ada, PersonKnown(f"New {at}"), NOON) for at in range(4)]
    refused = [type(fault) for fault in at_once(app, *tries) if fault]
    assert refused == [ListIsFull, ListIsFull]
    assert db.session.scalar(select(func.count(Contact.id))) == contacts.MOST


def test_a_page_holds_fifty_in_the_order_of_the_alphabet(ada):
    fill(ada, 120)
    for name in ("Zoe", "Édith Piaf", "adam"):
        keeping.add(ada, PersonKnown(name), NOON)
    shown = list_page.read(ada, Wanted())
    assert [row.name for row in shown.rows[:2]] == ["adam", "Édith Piaf"]
    assert (len(shown.rows), shown.place, shown.pages, shown.kept) == (50, "1 to 50 of 123", 3, 123)
    assert shown.letters == ("A", "E", "P", "Z")
    last = list_page.read(ada, Wanted(page=99))
    assert (last.wanted.page, last.place, last.rows[-1].name) == (3, "101 to 123 of 123", "Zoe")


def test_a_letter_holds_its_accents(ada):
    for name in ("Édith", "Eve", "Zoe"):
        keeping.add(ada, PersonKnown(name), NOON)
    assert names(ada, letter="E") == ["Édith", "Eve"]
    assert names(ada, letter="Q") == []


@pytest.mark.parametrize("words", ["cold", "LIND owner", "fair", "rosa@", "store rosa"])
def test_a_search_looks_at_everything_that_is_written_down(ada, words):
    keeping.add(ada, ROSA, NOON)
    keeping.add(ada, PersonKnown("Jo Tan"), NOON)
    assert names(ada, words=words) == ["Rosa Lind"]


def test_a_search_says_how_many_it_finds_in_the_archive(ada):
    keeping.archive(ada, keeping.add(ada, ROSA, NOON), NOON)
    shown = list_page.read(ada, Wanted(words="rosa"))
    assert (shown.found, shown.elsewhere) == (0, 1)


def test_five_thousand_are_read_in_as_many_statements_as_five(ada):
    counts = []
    for count in (5, 4_900):
        fill_more(ada, count)
        for wanted in (Wanted(), Wanted(words="person"), Wanted(letter="P", page=3)):
            db.session.rollback()
            with statements() as sent:
                list_page.read(ada, wanted)
            counts.append(len(sent))
    assert set(counts) == {2}


def fill_more(person_id: int, count: int) -> None:
    with writing() as session:
        session.execute(Contact.__table__.delete().where(Contact.person_id == person_id))
    fill(person_id, count)


def test_the_export_holds_the_archive_too(ada):
    keeping.archive(ada, keeping.add(ada, ROSA, NOON), NOON)
    keeping.add(ada, PersonKnown("Jo Tan"), NOON)
    assert list_page.everybody_known(ada) == [PersonKnown("Jo Tan"), ROSA]


@pytest.mark.parametrize(
    ("known", "said", "line"),
    [
        ("", "Bakes", "Bakes"),
        ("Runs a cold store", "bakes", "Runs a cold store; bakes"),
        ("Runs a cold store; bakes", "bakes", "Runs a cold store; bakes"),
        ("x" * 295, "bakes bread", "x" * 295),
    ],
)
def test_a_line_typed_while_logging_takes_nothing_away(ada, known, said, line):
    ref = keeping.add(ada, PersonKnown("Rosa Lind", "Lind", "Owner", known), NOON)
    for _ in range(2):
        keeping.write_down(ada, "rosa lind", {"organisation": "Tan Press", "position": "", "line": said})
    assert person(ada, ref) == PersonKnown("Rosa Lind", "Tan Press", "Owner", line)
