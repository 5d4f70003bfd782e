"""A draft is made of what the receiver says of themselves, and invents nothing."""

from dataclasses import dataclass, replace

import pytest

from circle.rules.drafts import SUBJECT_LIMIT, TEXT_LIMIT, compose
from circle.rules.states import Synergy


@dataclass(frozen=True)
class Someone:
    name: str = "Ben Katz"
    does: str = "Insurance broker"
    serves: str = "Small shops"
    wish: str = "Operations leads at bakeries"
    forwardable: str = ""


BEN = Someone()


def test_it_reads_as_a_letter():
    draft = compose("Ada Obi", BEN, "Lena Krüger", Synergy.SAME_CLIENTS)
    assert draft.subject == "Lena Krüger, meet Ben Katz"
    assert draft.text == (
        "Hello Lena, hello Ben,\n\n"
        "I would like the two of you to meet. I think you work with the same kind of clients.\n\n"
        "Lena, this is Ben Katz.\n"
        "What they do: Insurance broker\n"
        "Whom they serve: Small shops\n"
        "Whom they would like to meet: Operations leads at bakeries\n\n"
        "Ben, this is Lena Krüger.\n\n"
        "I leave the rest to you.\n\n"
        "Ada Obi"
    )


def test_the_line_to_pass_on_stands_in_place_of_the_profile():
    text = compose("Ada Obi", replace(BEN, forwardable="Ben insures\nsmall shops."), "Lena Krüger", None).text
    assert "Lena, this is Ben Katz.\nBen insures\nsmall shops.\n\nBen, this" in text
    assert "Insurance broker" not in text


def test_what_nobody_has_written_is_left_out():
    text = compose("", Someone(does="", serves="", wish=""), "Lena Krüger", None).text
    assert text == (
        "Hello Lena, hello Ben,\n\nI would like the two of you to meet.\n\n"
        "Lena, this is Ben Katz.\n\nBen, this is Lena Krüger.\n\nI leave the rest to you."
    )


@pytest.mark.parametrize("synergy", Synergy)
def test_each_reason_has_a_sentence_of_its_own(synergy: Synergy):
    plain = compose("Ada Obi", BEN, "Lena Krüger", None).text
    assert len(compose("Ada Obi", BEN, "Lena Krüger", synergy).text) > len(plain)


def test_it_stays_within_what_is_kept():
    draft = compose("A" * 80, replace(BEN, name="B" * 80, forwardable="f" * 9000), "C" * 80, None)
    assert (len(draft.subject) <= SUBJECT_LIMIT, len(draft.text)) == (True, TEXT_LIMIT)
