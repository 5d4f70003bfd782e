"""The alphabet of a list: accents aside, letters of every script that has few, and what a search finds."""

import pytest

from circle.rules.alphabet import OTHERS, finds, letter_of_key, sort_key


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Rosa Lind", "R"),
        ("élodie Façade", "E"),
        ("Össur", "O"),
        ("Øystein", "Ø"),
        ("ßen", "S"),
        ("Анна", "А"),
        ("فرح حداد", "ف"),
        ("山田 花子", OTHERS),
        ("3M", OTHERS),
        ("'t Hooft", OTHERS),
        ("", OTHERS),
    ],
)
def test_a_name_stands_under_one_letter(name, letter):
    assert letter_of_key(sort_key(name)[:1]) == letter


def test_names_sort_without_accents():
    assert sorted(["Zoe", "Édith", "Adam", "eve"], key=sort_key) == ["Adam", "Édith", "eve", "Zoe"]


@pytest.mark.parametrize(
    "words", ["jurgen", "JÜRGEN", "müßig bäck", "bakery mussig", "  ", "gen mus", "strasse"]
)
def test_a_search_finds_parts_of_words_in_any_order_and_case(words):
    assert finds(words, "Jürgen Müßig", "Bäckerei", "owner of a bakery", "Straße")


@pytest.mark.parametrize("words", ["jorgen", "jürgen hotel"])
def test_every_word_of_a_search_has_to_stand_somewhere(words):
    assert not finds(words, "Jürgen Müßig", "Bäckerei")
