"""Suggestions: whom a giver knows who fits a member, and who is left out or spared."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from circle.models import Contact, Dismissal, Person
from circle.models.base import as_row
from circle.rules.matching import people
from circle.rules.states import SetAside, Synergy
from circle.services.giving import commitments, introductions
from circle.services.knowing import suggestions
from circle.services.knowing.suggestions import Suggested
from circle.services.work import writing
from tests.acquaintances import know
from tests.cast import NOON
from tests.services.playing import Playing
from tests.statements import statements

# Ben is an insurance broker for small shops, cycles, and looks for operations leads at bakeries.
WISHED = people.Contact("Jo Tan", "Tan Bakery", "Head of operations")
CLIENTS = people.Contact("Lena Voss", "Voss & Co", "Shop fitter", "fits out small shops, loves cycling")
CYCLIST = people.Contact("Kit Lowe", line="dentist, cycles to work")
NOBODY = people.Contact("Ned Hart", "Hart & Sons", "Blacksmith")


@pytest.fixture
def play(cast, context) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def found(play: Playing, member: str = "Ben", *, most: int = 3, now=NOON) -> tuple[Suggested, ...]:
    ids = [play.id(member)]
    return suggestions.suggest(play.id("Ada"), play.stage.id, ids, now, most=most).get(play.id(member), ())


def names(play: Playing, member: str = "Ben", now=NOON) -> list[str]:
    return [one.name for one in found(play, member, now=now)]


def set_aside(play: Playing, contact_id: int, kind: SetAside, days: int | None) -> None:
    ada, ben = play.id("Ada"), play.id("Ben")
    until = NOON + timedelta(days=days) if days else None
    with writing() as session:
        session.add(
            Dismissal(
                person_id=ada, contact_id=contact_id, member_id=ben, kind=kind, made_at=NOON, until=until
            )
        )


def test_who_fits_is_suggested_the_strongest_first_with_one_sentence(play):
    know(play.id("Ada"), CYCLIST, NOBODY, CLIENTS, WISHED)
    assert [(one.name, one.sentence, one.synergy) for one in found(play)] == [
        (
            "Jo Tan",
            "Ben is looking for operations leads at bakeries; Jo is head of operations at Tan Bakery.",
            None,
        ),
        ("Lena Voss", "Ben serves small shops, much like Lena (fits out small shops).", Synergy.SAME_CLIENTS),
        ("Kit Lowe", "Both cycle.", Synergy.SHARED_INTEREST),
    ]


def test_no_more_are_suggested_than_asked_for(play):
    know(play.id("Ada"), CYCLIST, CLIENTS, WISHED)
    assert [one.name for one in found(play, most=2)] == ["Jo Tan", "Lena Voss"]


def test_members_nobody_fits_are_left_out(play):
    know(play.id("Ada"), CYCLIST)
    members = [play.id(one) for one in ("Ben", "Cy", "Dee", "Eve")]
    assert set(suggestions.suggest(play.id("Ada"), play.stage.id, members, NOON)) == {play.id("Ben")}


def test_nobody_is_suggested_to_themselves(play):
    know(play.id("Ada"), people.Contact("Ida Holm", line="loves chess and sailing"))
    assert suggestions.suggest(play.id("Ada"), play.stage.id, [play.id("Ada")], NOON) == {}


def test_others_contacts_are_nobodys_suggestions(play):
    know(play.id("Cy"), CYCLIST)
    assert names(play) == []


def test_a_sharper_wish_is_matched_at_once(play):
    know(play.id("Ada"), people.Contact("Ned Ward", "Ward", "Land agent"))
    assert names(play) == []
    ben = play.id("Ben")
    with writing() as session:
        session.get_one(Person, ben).wish = "Land agents"
    assert names(play) == ["Ned Ward"]


def test_a_slip_of_the_pen_is_found(play):
    know(play.id("Ada"), people.Contact("Ida Holm", line="dentist, loves sourdoughs and falconrie"))
    ben = play.id("Ben")
    with writing() as session:
        session.get_one(Person, ben).interests = "Falconry"
    assert names(play) == ["Ida Holm"]


def test_archived_contacts_are_left_out(play):
    know(play.id("Ada"), CYCLIST, archived_at=NOON)
    assert names(play) == []


def test_who_was_introduced_to_a_member_is_not_suggested_to_them_again(play):
    know(play.id("Ada"), CYCLIST, CLIENTS)
    play.log("Ada", "Ben", to="Kit Lowe")
    assert names(play) == ["Lena Voss"]


def test_who_was_erased_and_put_down_again_is_not_suggested_again(play):
    (kit,) = know(play.id("Ada"), CYCLIST)
    play.log("Ada", "Ben", to="Kit Lowe")
    with writing() as session:
        session.delete(session.get_one(Contact, kit))
    know(play.id("Ada"), CYCLIST)
    assert names(play) == []


def test_a_withdrawn_introduction_may_be_suggested_again(play):
    know(play.id("Ada"), CYCLIST)
    logged = play.log("Ada", "Ben", to="Kit Lowe")
    introductions.withdraw(play.id("Ada"), logged.refs[0], NOON)
    assert names(play) == ["Kit Lowe"]


@pytest.mark.parametrize(
    ("name", "email"), [("Cy Marsh", ""), ("C. Marsh", "CY@example.org")], ids=["name", "address"]
)
def test_a_fellow_member_is_not_suggested(play, name, email):
    know(play.id("Ada"), people.Contact(name, line="designer, cycles"), email=email)
    assert names(play) == []


@pytest.mark.parametrize(
    ("kind", "days"), [(SetAside.FOR_GOOD, None), (SetAside.LATER, 30), (SetAside.NOT_NOW, 60)]
)
def test_who_was_set_aside_is_not_suggested_until_then(play, kind, days):
    (kit,) = know(play.id("Ada"), CYCLIST)
    set_aside(play, kit, kind, days)
    assert names(play) == []
    assert names(play, now=NOON + timedelta(days=days or 3650)) == (["Kit Lowe"] if days else [])


def test_who_was_set_aside_for_one_member_is_suggested_for_another(play):
    (kit,) = know(play.id("Ada"), people.Contact("Kit Lowe", line="dentist, cycles and sails"))
    set_aside(play, kit, SetAside.FOR_GOOD, None)
    assert names(play, "Cy") == ["Kit Lowe"]


def test_who_was_introduced_twice_lately_comes_last_and_it_is_said(play):
    know(play.id("Ada"), CYCLIST, WISHED)
    play.log("Ada", "Cy", "Dee", to="Jo Tan")
    first, last = found(play)
    assert (first.name, first.spared) == ("Kit Lowe", "")
    assert (last.name, last.spared) == ("Jo Tan", "You introduced them twice in the last two months.")
    assert [one.name for one in suggestions.unspared(found(play))] == ["Kit Lowe"]
    later = NOON + timedelta(days=61)
    assert [one.name for one in found(play, now=later)] == ["Jo Tan", "Kit Lowe"]


def test_who_is_asked_for_another_member_comes_last_and_it_is_said(play):
    know(play.id("Ada"), CYCLIST, WISHED)
    commitments.ask(play.id("Ada"), play.stage.id, 1, play.stage.refs["Cy"], "Jo Tan", NOON)
    first, last = found(play)
    assert (first.name, last.name) == ("Kit Lowe", "Jo Tan")
    assert last.spared == "You are asking or writing to them for somebody else just now."
    commitments.reopen(play.id("Ada"), play.stage.id, 1, play.stage.refs["Cy"], NOON)
    assert names(play) == ["Jo Tan", "Kit Lowe"]


def test_who_is_asked_for_this_member_is_not_spared_from_them(play):
    know(play.id("Ada"), WISHED)
    commitments.ask(play.id("Ada"), play.stage.id, 1, play.stage.refs["Ben"], "Jo Tan", NOON)
    assert [one.spared for one in found(play)] == [""]


def test_terms_that_other_rules_have_read_wait_for_the_worker(play):
    know(play.id("Ada"), CYCLIST)
    with writing() as session:
        session.execute(update(as_row(Contact)).values(terms_version="0"))
    assert names(play) == []


def test_statements_do_not_grow_with_contacts(play):
    know(play.id("Ada"), CLIENTS, WISHED)
    members = [play.id(one) for one in ("Ben", "Cy", "Dee", "Eve")]
    with statements() as few:
        suggestions.suggest(play.id("Ada"), play.stage.id, members, NOON)
    know(play.id("Ada"), *(people.Contact(f"Kit {one}", line="cycles, sails") for one in range(600)))
    with statements() as many:
        found = suggestions.suggest(play.id("Ada"), play.stage.id, members, NOON)
    assert len(found) > 1
    assert (len(few), len(many)) == (9, 9)


def test_profiles_in_every_script_are_no_more_than_one_statement_can_hold(play):
    know(play.id("Ada"), CLIENTS)
    letters = [
        chr(code)
        for code in range(0x370, 0x2000)
        if chr(code).islower() or (chr(code).isalpha() and code > 0x530)
    ]
    people_ids = [play.id(first) for first in ("Ben", "Cy", "Dee", "Eve")]
    with writing() as session:
        for number, one in enumerate(people_ids):
            words = iter(letters[number::4])
            for text, length in (("does", 200), ("serves", 300), ("interests", 300), ("wish", 300)):
                line = " ".join(next(words) * 5 for _ in range(length // 6))
                setattr(session.get_one(Person, one), text, line)
    assert suggestions.suggest(play.id("Ada"), play.stage.id, people_ids, NOON) == {}
