"""Reasons and their sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.rules.matching.kept import kept_terms
from circle.rules.matching.members import read_member
from circle.rules.matching.people import Contact, Member
from circle.rules.matching.reasons import Fit, Reason, fits
from circle.rules.states import Synergy


def found(member: Member, contact: Contact) -> tuple[Fit, ...]:
    return fits(read_member(member), contact, kept_terms(contact))


def sentences(member: Member, contact: Contact) -> list[str]:
    return [fit.sentence for fit in found(member, contact)]


BEN = Member(
    "Ben Katz",
    "Commercial insurance broker",
    "Food producers, small hotels, hauliers",
    "Sailing, sourdough",
    "Operations leads at firms that ship frozen goods",
)


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [
        (
            Contact("Lena Voss", line="designs rooms for small hotels"),
            "Ben serves small hotels, and so does Lena.",
        ),
        (Contact("Lena Voss", line="paints for inns"), "Ben serves small hotels, and Lena serves inns."),
        (Contact("Lena Voss", line="cargo insurance"), "Both work in insurance."),
        (
            Contact("Lena Voss", "Voss & Co", "Underwriter"),
            "Ben (commercial insurance broker) and Lena (underwriter at Voss & Co) do similar work.",
        ),
        (Contact("Lena Voss", line="dentist, sails a dinghy"), "Both sail."),
        (
            Contact("Lena Voss", line="dentist, loves baking"),
            "Ben’s sourdough and Lena’s baking go together.",
        ),
        (
            Contact("Jo Tan", "Frosta", "Operations Lead"),
            "Ben is looking for operations leads at firms that ship frozen goods; "
            "Jo is operations lead at Frosta.",
        ),
        (
            Contact("Ben Holt", line="tyres for haulage companies"),
            "Ben Katz serves hauliers, and Ben Holt serves haulage companies.",
        ),
        (
            Contact("Maeve Quinn", "Quinn Haulage Software", "Tester"),
            "Ben serves hauliers, much like Maeve (tester at Quinn Haulage Software).",
        ),
    ],
)
def test_a_reason_is_one_sentence_in_the_words_of_both(contact, sentence):
    assert sentences(BEN, contact)[0] == sentence


@pytest.mark.parametrize(
    "contact",
    [
        Contact("Lena Voss"),
        Contact("Lena Voss", "Voss Ltd", "Managing director"),
        Contact("Lena Voss", "Voss Hotels", "Manager"),
        Contact("Lena Voss", line="mortgage broker for families"),
        Contact("Lena Voss", line="helps people and companies with their business"),
        Contact("Lena Voss", line="has just changed insurers"),
    ],
)
def test_nothing_that_fits_is_none(contact):
    assert found(BEN, contact) == ()


def test_the_strongest_reason_comes_first_and_the_others_are_kept():
    contact = Contact("Lena Voss", "Voss", "Operations lead", "kitchens for small hotels, loves sailing")
    assert [fit.reason for fit in found(BEN, contact)] == [
        Reason.WISH,
        Reason.SAME_CLIENTS,
        Reason.SHARED_INTEREST,
    ]


def test_competitors_with_the_same_clients_could_team_up():
    contact = Contact("Lena Voss", "", "Insurance broker", "clients are hauliers")
    assert [fit.reason for fit in found(BEN, contact)] == [Reason.TEAM_UP]


def test_somebody_known_to_be_in_another_trade_is_not_wished_for():
    wished = Member("Ben Katz", wish="Operations leads at bakeries")
    assert found(wished, Contact("Jo Tan", "Tan Bakery", "Head of operations"))
    assert found(wished, Contact("Jo Tan", "Tan & Co", "Head of operations"))
    assert not found(wished, Contact("Jo Tan", "Tan Software", "Head of operations"))


@pytest.mark.parametrize(
    ("wish", "contact"),
    [
        ("I'd like to meet land agents", Contact("Ned", "Ward", "Land agent")),
        ("Anyone opening a second site", Contact("Ned", line="opens a second bakery in March")),
        ("CTOs of growing companies", Contact("Ned", "Riva", "Chief technology officer")),
        ("Hotel owners about to renovate", Contact("Ned", "The Old Inn", "Owner")),
        ("HR managers", Contact("Ned", "Pixelworks", "Head of People")),
    ],
)
def test_a_wish_is_met_by_who_somebody_is_or_where_they_work(wish, contact):
    assert [fit.reason for fit in found(Member("Ada Obi", wish=wish), contact)] == [Reason.WISH]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("I need a lawyer", "Ben is looking for a lawyer; Lena is lawyer at Voss."),
        ("A good lawyer", "Ben is looking for a good lawyer; Lena is lawyer at Voss."),
        ("We are still looking for lawyers!", "Ben is looking for lawyers; Lena is lawyer at Voss."),
        ("Would like to meet lawyers", "Ben is looking for lawyers; Lena is lawyer at Voss."),
        (
            "Could you find me a lawyer?",
            "Ben wrote “Could you find me a lawyer?”, and Lena is lawyer at Voss.",
        ),
        ("My wish is a lawyer", "Ben wrote “My wish is a lawyer”, and Lena is lawyer at Voss."),
    ],
)
def test_a_wish_is_said_straight_however_it_was_written(wish, said):
    lena = Contact("Lena Ott", "Voss", "Lawyer")
    assert sentences(Member("Ben Katz", wish=wish), lena) == [said]


@pytest.mark.parametrize("wish", ["No lawyers", "Bakers. Not lawyers, please.", "Nobody from law firms"])
def test_whom_somebody_does_not_want_to_meet_is_no_wish(wish):
    assert not found(Member("Ben Katz", wish=wish), Contact("Lena Ott", "Voss", "Lawyer"))


@pytest.mark.parametrize(
    ("loves", "line", "sentence"),
    [
        ("Dancing", "dentist, dances every Friday", "Both dance."),
        ("Cycling", "dentist, cycling", "Both cycle."),
        ("Books", "dentist, loves books", "Both love books."),
        ("Beekeeping", "dentist, keeps bees", "Ada loves beekeeping, and Ned keeps bees."),
        ("Origami", "dentist, loves origammi", "Ada’s origami and Ned’s origammi go together."),
    ],
)
def test_a_love_is_said_as_people_would(loves, line, sentence):
    assert sentences(Member("Ada Obi", interests=loves), Contact("Ned Hart", line=line)) == [sentence]


def test_reasons_are_the_synergies_and_the_wish():
    assert {reason.value for reason in Reason} == {synergy.value for synergy in Synergy} | {"wish"}


texts = st.text(alphabet="abc hotelsing,.;forITé'", max_size=80).map(lambda text: " ".join(text.split()))


@given(texts, texts, texts, texts, texts)
def test_any_text_gives_sentences_that_end(does, serves, interests, wish, line):
    member = Member("Ada Obi", does, serves, interests, wish)
    for fit in found(member, Contact("Ned Hart", serves, does, f"{line}, loves {interests}")):
        assert fit.sentence.endswith(("”.", "."))
        assert "  " not in fit.sentence
