"""One free line told apart, kept as text, and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.rules.matching.kept import VERSION, Place, is_current, kept_terms, mentions, read_kept
from circle.rules.matching.lines import Side, told_apart
from circle.rules.matching.people import Contact


def told(line: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for stretch in told_apart(line):
        found.setdefault(stretch.side.value, []).append(stretch.text)
    return found


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("Translator", {"does": ["Translator"]}),
        (
            "supplies bed linen to small hotels, sings in a choir",
            {"does": ["supplies bed linen"], "serves": ["small hotels"], "loves": ["sings in a choir"]},
        ),
        ("writes software for hauliers", {"does": ["writes software"], "serves": ["hauliers"]}),
        ("accountant; clients: dentists, vets", {"does": ["accountant"], "serves": ["dentists", "vets"]}),
        ("helps first-time founders to raise money", {"serves": ["first-time founders"]}),
        ("works with museums. Plays cricket", {"serves": ["museums"], "loves": ["cricket"]}),
        ("plays cricket for the village", {"loves": ["cricket for the village"]}),
        ("baker, chess, hill walking", {"does": ["baker"], "loves": ["chess", "hill walking"]}),
        ("supplies dentists with chairs", {"does": ["chairs"], "serves": ["dentists"]}),
        ("works for a bank", {"does": ["a bank"]}),
        ("runs a sailing school", {"does": ["sailing school"]}),
        ("looking for a new office", {"seeks": ["a new office"]}),
        ("paints in her spare time", {"loves": ["paints"]}),
        ("in the trade for twenty years", {"does": ["in the trade for twenty years"]}),
        (
            "sails on Wednesdays and is head of operations",
            {"loves": ["sails on Wednesdays"], "does": ["is head of operations"]},
        ),
        ("", {}),
        (" ;., ", {}),
    ],
)
def test_a_line_is_told_apart(line, apart):
    assert told(line) == apart


@pytest.mark.parametrize(
    ("contact", "place", "key"),
    [
        (Contact("Jo Tan", "Frosta", "Operations Lead"), Place.OFFICE, "@operations"),
        (Contact("Jo Tan", "Frosta", "Head of Ops"), Place.OFFICE, "@operations"),
        (Contact("Jo Tan", "Frosta", "COO"), Place.OFFICE, "@operations"),
        (Contact("Jo Tan", "Hill Solicitors", "Office manager"), Place.ORGANISATION, "=law"),
        (Contact("Jo Tan", "Quinn Haulage Insurance"), Place.FOR, "=freight"),
        (Contact("Jo Tan", "Owen Dental Supplies"), Place.FOR, "=dentistry"),
        (Contact("Jo Tan", "", "Account manager for schools"), Place.SERVES, "=schools"),
        (Contact("Jo Tan", "", "", "builds schools"), Place.FOR, "=schools"),
        (Contact("Jo Tan", "", "", "about to renovate"), Place.TURN, ">renovate"),
    ],
)
def test_a_term_is_kept_where_it_stands(contact, place, key):
    assert (place, key) in {(each.place, each.key) for each in mentions(contact)}


@pytest.mark.parametrize(
    ("contact", "key"),
    [
        (Contact("Ann Baker", "Baker & Co"), "=bakeries"),
        (Contact("Ann Lee", "Butcher & Cook Solicitors"), "=food_shops"),
        (Contact("Ann Lee", "", "HR manager"), "=human_resources"),
        (Contact("Ann Lee", "", "Chair maker"), "@chair"),
    ],
)
def test_a_name_is_no_trade_and_an_office_no_business(contact, key):
    assert key not in {each.key for each in mentions(contact)}


def test_what_is_kept_is_one_short_text_that_is_read_back():
    contact = Contact(
        "Lena Voss", "Voss Linen", "Director", "supplies linen to small hotels, sings in a choir"
    )
    kept = kept_terms(contact)
    assert read_kept(kept) == tuple(mentions(contact))
    assert len(kept) < 300


def test_what_older_rules_kept_is_told_from_what_these_keep():
    assert is_current(kept_terms(Contact("Lena")))
    assert not is_current("0\nd =law lawyer")
    assert not is_current("")
    assert VERSION == "1"


texts = st.text(
    alphabet=st.one_of(st.sampled_from("abcdeéßIT &',.;:()\n-/“”"), st.characters(codec="utf-8")),
    max_size=120,
)


@given(texts, texts, texts)
def test_any_text_is_kept_and_read_back(organisation, position, line):
    kept = kept_terms(Contact("Lena", organisation, position, line))
    assert len(read_kept(kept)) == kept.count("\n")
    assert all(each.key and each.words for each in read_kept(kept))


@given(texts)
def test_nothing_is_told_apart_that_was_not_written(line):
    for stretch in told_apart(line):
        assert stretch.side in Side
        assert all(word in line for word in stretch.text.split())
