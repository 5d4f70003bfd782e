"""Answers about a contact: put into the line so that they are read for what they are."""

import pytest

from circle.rules.errors import BadText
from circle.rules.matching.answers import with_answer
from circle.rules.matching.kept import kept_terms
from circle.rules.matching.people import Contact
from circle.rules.matching.questions import Asked, missing


@pytest.mark.parametrize(
    ("line", "asked", "typed", "whole"),
    [
        ("", Asked.DOES, "Translator", "Translator"),
        ("", Asked.DOES, "She is a translator.", "translator"),
        ("loves chess", Asked.DOES, "He's a baker", "baker; loves chess"),
        ("Translator", Asked.SERVES, "Law firms", "Translator; serves law firms"),
        ("Translator", Asked.SERVES, "for law firms", "Translator; for law firms"),
        ("Translator", Asked.SERVES, "They serve museums", "Translator; serve museums"),
        ("Translator; serves law firms", Asked.SERVES, "Law firms", "Translator; serves law firms"),
        ("Translator;", Asked.LOVES, "Sailing", "Translator; loves sailing"),
        ("Translator", Asked.LOVES, "plays chess", "Translator; plays chess"),
    ],
)
def test_an_answer_is_added_to_the_line(line, asked, typed, whole):
    assert with_answer(line, asked, typed) == whole


@pytest.mark.parametrize(
    ("position", "line", "asked", "typed"),
    [
        ("", "", Asked.DOES, "He's a dentist"),
        ("", "loves chess", Asked.DOES, "insurance broker"),
        ("Translator", "", Asked.SERVES, "small hotels and museums"),
        ("Translator", "", Asked.SERVES, "She helps charities"),
        ("Translator", "for law firms", Asked.LOVES, "sailing"),
        ("Translator", "for law firms", Asked.LOVES, "is into birdwatching"),
    ],
)
def test_what_was_asked_is_known_then(position, line, asked, typed):
    assert missing(kept_terms(Contact("Lena Voss", "", position, line))) is asked
    answered = with_answer(line, asked, typed)
    assert missing(kept_terms(Contact("Lena Voss", "", position, answered))) is not asked


@pytest.mark.parametrize("typed", ["", "  ", "."])
def test_nothing_said_is_refused(typed):
    with pytest.raises(BadText):
        with_answer("Translator", Asked.SERVES, typed)


def test_a_line_that_becomes_too_long_is_refused_in_words():
    with pytest.raises(BadText, match="longer than 300 characters") as refused:
        with_answer("x" * 290, Asked.LOVES, "sailing and chess")
    assert refused.value.field == "answer"
