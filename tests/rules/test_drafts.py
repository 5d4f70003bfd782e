"""A draft is made of what the receiver says of themselves, and invents nothing."""

from dataclasses import dataclass, replace

import pytest

from circle.rules.drafts import SUBJECT_LIMIT, TEXT_LIMIT, compose, put_together
from circle.rules.matching.people import Contact
from circle.rules.states import Shape, Synergy


@dataclass(frozen=True)
class Someone:
    name: str = "Ben Katz"
    does: str = "Insurance broker"
    serves: str = "Small shops"
    wish: str = "Operations leads at bakeries"
    forwardable: str = ""


BEN = Someone()
LENA = Contact("Lena Krüger", "Kornhaus", "Operations lead", "Bakes for cafés, talks too much")


def test_it_reads_as_a_letter():
    draft = compose("Ada Obi", BEN, LENA, Synergy.SAME_CLIENTS)
    assert draft.subject == "Lena Krüger, meet Ben Katz"
    assert draft.text == (
        "Hello Lena, hello Ben,\n\n"
        "I would like the two of you to meet. I think you work with the same kind of clients.\n\n"
        "Lena, this is Ben Katz.\n"
        "What they do: Insurance broker\n"
        "Whom they serve: Small shops\n\n"
        "Ben, this is Lena Krüger, Operations lead at Kornhaus.\n"
        "You wrote that you would like to meet: Operations leads at bakeries\n\n"
        "I leave the rest to you.\n\n"
        "Ada Obi"
    )


def test_the_line_to_pass_on_stands_in_place_of_the_profile():
    text = compose("Ada Obi", replace(BEN, forwardable="Ben insures\nsmall shops."), LENA, None).text
    assert "Lena, this is Ben Katz.\nBen insures\nsmall shops.\n\nBen, this" in text
    assert "Insurance broker" not in text


def test_what_nobody_has_written_is_left_out():
    text = compose("", Someone(does="", serves="", wish=""), Contact("Lena Krüger"), None).text
    assert text == (
        "Hello Lena, hello Ben,\n\nI would like the two of you to meet.\n\n"
        "Lena, this is Ben Katz.\n\nBen, this is Lena Krüger.\n\nI leave the rest to you."
    )


@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("synergy", Synergy)
def test_each_reason_has_a_sentence_of_its_own(synergy: Synergy, shape: Shape):
    plain = compose("Ada Obi", BEN, LENA, None, shape).text
    assert len(compose("Ada Obi", BEN, LENA, synergy, shape).text) > len(plain)


def test_the_contact_is_asked_with_the_words_of_the_member():
    draft = compose("Ada Obi", BEN, LENA, Synergy.TEAM_UP, Shape.ASK_CONTACT)
    assert draft.subject == "May I introduce you to Ben Katz?"
    assert draft.text == (
        "Hello Lena,\n\n"
        "may I introduce you to Ben Katz? I think the two of you could team up.\n\n"
        "In short:\n"
        "What they do: Insurance broker\n"
        "Whom they serve: Small shops\n\n"
        "If you would like that, a word is enough, and I put the two of you in touch.\n\n"
        "Ada Obi"
    )


def test_the_member_is_asked_with_their_own_wish():
    draft = compose("Ada Obi", BEN, LENA, None, Shape.ASK_MEMBER)
    assert draft.subject == "May I introduce you to Lena Krüger?"
    assert draft.text == (
        "Hello Ben,\n\n"
        "may I introduce you to Lena Krüger, Operations lead at Kornhaus?\n"
        "You wrote that you would like to meet: Operations leads at bakeries\n\n"
        "If you would like that, a word is enough, and I put the two of you in touch.\n\n"
        "Ada Obi"
    )


@pytest.mark.parametrize("shape", Shape)
def test_what_the_giver_noted_about_the_contact_goes_to_nobody(shape: Shape):
    assert "talks too much" not in compose("Ada Obi", BEN, LENA, Synergy.TEAM_UP, shape).text


def test_it_stays_within_what_is_kept():
    draft = compose("A" * 80, replace(BEN, name="B" * 80, forwardable="f" * 9000), Contact("C" * 80), None)
    assert (len(draft.subject) <= SUBJECT_LIMIT, len(draft.text)) == (True, TEXT_LIMIT)


def test_three_are_each_presented_to_the_other_two():
    draft = put_together("Ada Obi", [LENA, Contact("Tom Berg", "Berg & Co")], [BEN], None)
    assert draft.subject == "Lena Krüger, meet Tom Berg and Ben Katz"
    assert draft.text == (
        "Hello Lena, hello Tom, hello Ben,\n\n"
        "I would like the three of you to meet.\n\n"
        "Lena and Tom, this is Ben Katz.\n"
        "What they do: Insurance broker\n"
        "Whom they serve: Small shops\n\n"
        "Lena and Ben, this is Tom Berg, Berg & Co.\n\n"
        "Tom and Ben, this is Lena Krüger, Operations lead at Kornhaus.\n\n"
        "I leave the rest to you.\n\n"
        "Ada Obi"
    )


def test_who_share_a_first_name_are_called_by_the_whole_one():
    text = put_together("Ada Obi", [LENA, Contact("Lena Voss")], [BEN], None).text
    assert text.startswith("Hello Lena Krüger, hello Lena Voss, hello Ben,")
    assert "Lena Krüger and Ben, this is Lena Voss." in text


def test_what_the_giver_noted_about_those_met_goes_to_none_of_the_three():
    assert "talks too much" not in put_together("Ada Obi", [LENA, Contact("Tom Berg")], [BEN], None).text
