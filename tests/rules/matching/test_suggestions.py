"""Suggestions out of many contacts, and the one question where too little is known."""

import pytest

from circle.rules.matching.kept import kept_terms
from circle.rules.matching.members import read_member
from circle.rules.matching.people import Contact, Member
from circle.rules.matching.questions import Asked, missing, question
from circle.rules.matching.suggestions import Index, asked, suggestions
from tests.rules.matching.labelled import HALVES, pairs

ADA = Member("Ada Obi", "Translator", "Law firms, museums", "Letterpress", "Land agents")
EVERY = [pair for files in HALVES.values() for file in files for pair in pairs(file)]
CONTACTS = {number: pair.contact for number, pair in enumerate(EVERY)}
KEPT = {number: kept_terms(contact) for number, contact in CONTACTS.items()}


def refs(member: Member, most: int) -> list[int]:
    terms = read_member(member)
    near = Index.of(KEPT).near(terms, most)
    return [each.ref for each in suggestions(terms, {ref: (CONTACTS[ref], KEPT[ref]) for ref in near})]


@pytest.mark.parametrize(
    "member", list(dict.fromkeys(pair.member for pair in EVERY)), ids=lambda member: member.name
)
def test_the_index_finds_whom_comparing_with_everybody_finds(member):
    everybody = suggestions(read_member(member), {ref: (CONTACTS[ref], KEPT[ref]) for ref in CONTACTS})
    assert set(refs(member, len(CONTACTS))) == {each.ref for each in everybody}


def test_no_more_contacts_are_compared_than_was_asked_for():
    assert len(Index.of(KEPT).near(read_member(EVERY[0].member), 3)) == 3


def test_who_shares_most_is_near_first():
    kept = {
        "one": kept_terms(Contact("One", line="interpreter")),
        "both": kept_terms(Contact("Both", line="bindings for museums, loves letterpress")),
    }
    assert Index.of(kept).near(read_member(ADA), 1) == ["both"]


def test_who_is_left_out_is_not_near():
    kept = {"ned": kept_terms(Contact("Ned", "", "Land agent"))}
    assert Index.of(kept).near(read_member(ADA)) == ["ned"]
    assert Index.of(kept).near(read_member(ADA), without={"ned"}) == []


def test_a_slip_in_a_word_of_no_table_is_found():
    kept = {"ned": kept_terms(Contact("Ned", line="dentist, loves leterpress"))}
    index = Index.of(kept)
    assert index.near(read_member(Member("Ada Obi", interests="Letterpresses and lino"))) == ["ned"]


def test_what_is_asked_of_the_index_says_where_the_word_must_stand():
    wanted = asked(read_member(ADA))
    assert {"s=law", "f=law", "s=museums"} <= set(wanted)
    assert "w=law" not in wanted


def test_suggestions_come_strongest_first():
    contacts = {
        "interest": Contact("Ida Holm", line="dentist, loves letterpress"),
        "wish": Contact("Ned Ward", "Ward", "Land agent"),
        "clients": Contact("Una Bell", line="office chairs for law firms"),
    }
    known = {ref: (contact, kept_terms(contact)) for ref, contact in contacts.items()}
    found = suggestions(read_member(ADA), known)
    assert [each.ref for each in found] == ["wish", "clients", "interest"]


@pytest.mark.parametrize(
    ("contact", "gap"),
    [
        (Contact("Lena Voss"), Asked.DOES),
        (Contact("Lena Voss", "Voss & Co", "Managing director"), Asked.DOES),
        (Contact("Lena Voss", "Voss Interiors"), Asked.SERVES),
        (Contact("Lena Voss", "", "Translator"), Asked.SERVES),
        (Contact("Lena Voss", "", "Translator", "for law firms"), Asked.LOVES),
        (Contact("Lena Voss", "", "Translator", "for law firms, loves chess"), None),
    ],
)
def test_what_is_missing_most_is_asked(contact, gap):
    assert missing(kept_terms(contact)) == gap


def test_one_question_is_asked_of_one_person_who_fits_nobody_yet():
    contacts = {1: Contact("Ida Holm", "", "Dentist"), 2: Contact("Lena Voss", "", "Translator")}
    names = {ref: contact.name for ref, contact in contacts.items()}
    kept = {ref: kept_terms(contact) for ref, contact in contacts.items()}
    asked_first = question(names, kept)
    assert asked_first
    assert asked_first.sentence == "Whom does Ida serve?"
    second = question(names, kept, fitting={1})
    assert second
    assert second.sentence == "Whom does Lena serve?"


def test_nothing_is_asked_when_nothing_is_missing():
    contact = Contact("Lena Voss", "", "Translator", "for law firms, loves chess")
    assert question({1: contact.name}, {1: kept_terms(contact)}) is None
