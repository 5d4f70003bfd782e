"""Words folded, slips found, and the table of near words itself."""

from collections import Counter

import pytest

from circle.rules.matching import near_words
from circle.rules.matching.folding import fold, joined_stem, stem, words
from circle.rules.matching.slips import is_slip, meant
from circle.rules.matching.terms import read


def keys(text: str) -> list[str]:
    return [term.key for term in read(text, near_words.work())]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cafés", "cafe"),
        ("colour", "COLORS"),
        ("organisations", "organization"),
        ("jewellery", "jewelry"),
        ("theatre", "theaters"),
        ("centre’s", "center"),
        ("modelling", "modeling"),
        ("Straße", "strasse"),
        ("paediatric", "pediatric"),
    ],
)
def test_case_accents_plurals_and_spelling_make_no_difference(one, other):
    assert stem(fold(one)) == stem(fold(other))


@pytest.mark.parametrize(
    ("word", "other"), [("our", "or"), ("four", "for"), ("rise", "rize"), ("tour", "tor")]
)
def test_short_words_are_not_made_american(word, other):
    assert fold(word) != fold(other)


def test_words_written_as_one_or_two_are_the_same():
    assert joined_stem(("head", "teachers")) == joined_stem(("headteacher",))
    assert keys("guest-houses") == keys("guesthouse") == keys("guest house") != []


def test_it_in_capitals_is_a_trade_and_in_small_letters_is_not():
    assert keys("IT support for schools")[0] == "=software"
    assert "=software" not in keys("runs it with a friend")


def test_places_of_words_are_those_in_the_text():
    text = "Small hotels & spas"
    assert [text[word.start : word.end] for word in words(text)] == ["Small", "hotels", "&", "spas"]


@pytest.mark.parametrize(
    ("slip", "meant_word"),
    [
        ("restaraunt", "restaurant"),
        ("acountant", "accountant"),
        ("fizotherapist", ""),
        ("phsyiotherapist", "physiotherapist"),
        ("hottel", "hotel"),
        ("solictor", "solicitor"),
    ],
)
def test_a_slip_of_the_pen_is_taken_for_what_was_meant(slip, meant_word):
    assert meant(slip, near_words.work()) == meant_word


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("banking", "baking"),
        ("barking", "baking"),
        ("signing", "singing"),
        ("dinner", "diner"),
        ("tailor", "sailor"),
        ("farms", "forms"),
        ("cat", "car"),
        ("2024", "2025"),
    ],
)
def test_another_word_is_no_slip(word, other):
    assert not is_slip(word, other)


@pytest.mark.parametrize(
    ("trade", "same"),
    [
        ("solicitor", "attorney"),
        ("lawyer", "law firm"),
        ("accountant", "bookkeepers"),
        ("CPA", "book-keeper"),
        ("hotels", "innkeeper"),
        ("café", "caterers"),
        ("freight forwarder", "haulage"),
        ("shipping", "logistics"),
        ("builders", "construction"),
        ("estate agent", "Realtor"),
        ("recruiter", "headhunter"),
        ("physiotherapist", "physical therapists"),
        ("apps", "software"),
        ("family business", "family-owned companies"),
        ("start-ups", "first-time founders"),
        ("SMEs", "small businesses"),
    ],
)
def test_near_words_of_a_trade_are_one(trade, same):
    assert set(keys(trade)) == set(keys(same)) != set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("interior designer", "graphic designer"),
        ("hospital", "hospitality"),
        ("counsel", "counselling"),
        ("executive coach", "coach trips"),
        ("software architect", "architect"),
        ("insurance broker", "mortgage broker"),
        ("estate agent", "travel agent"),
        ("brand designer", "clothing brand"),
        ("nurseries", "nurses"),
        ("vets", "veterans"),
        ("animals", "animator"),
        ("local", "localisation"),
        ("important", "importer"),
        ("building society", "builder"),
        ("property developer", "software developer"),
        ("driving school", "primary school"),
        ("wind farm", "farmer"),
        ("store manager", "cold stores"),
    ],
)
def test_words_that_only_look_alike_are_not_one(one, other):
    assert not set(keys(one)) & set(keys(other))


@pytest.mark.parametrize(
    "word", ["business", "company", "people", "manager", "head of", "consultant", "clients", "new", "Ltd"]
)
def test_words_too_general_are_no_reason(word):
    assert keys(word) == []


@pytest.mark.parametrize(
    ("text", "words_shown"),
    [
        ("builds for small hotels", ["small hotels"]),
        ("haulage companies and the like", ["haulage companies"]),
        ("alpine walking", ["alpine walking"]),
        ("family-run firms", ["family-run firms"]),
    ],
)
def test_a_word_is_shown_with_what_belongs_to_it(text, words_shown):
    assert [term.words for term in read(text, near_words.work())] == words_shown


@pytest.mark.parametrize("section", list(near_words.MARKS))
def test_no_group_says_a_word_twice_and_no_two_groups_have_one_key(section):
    groups = [near_words._group(section, line) for line in near_words._sections("near_words.txt")[section]]
    assert [key for key, times in Counter(group.key for group, _ in groups).items() if times > 1] == []
    for group, phrases in groups:
        assert len(phrases) == len(set(phrases)), group.key


def test_no_phrase_of_the_table_is_longer_than_is_looked_up():
    lines = (line for section in near_words.MARKS for line in near_words._sections("near_words.txt")[section])
    phrases = [phrase for line in lines for phrase in line.replace("|", ",").lstrip("+").split(",")]
    assert [phrase for phrase in phrases if len(words(phrase)) > near_words.LONGEST] == []


def test_every_trade_of_the_table_is_found_by_each_of_its_words():
    for line in near_words._sections("near_words.txt")["trades"]:
        group, phrases = near_words._group("trades", line)
        for phrase in phrases:
            assert group.key in keys(phrase.removesuffix("=")), phrase
