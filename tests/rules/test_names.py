"""Names, lines and texts: what is kept, what is refused, and the short forms of a name."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.rules.errors import BadName, BadText
from circle.rules.names import clean_line, clean_name, clean_text, first_name, initials, without_name

few_hundred = settings(deadline=None, derandomize=True, database=None, max_examples=400)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada   Byron ", "Ada Byron"),
        ("Zoe\u0308", "Zoë"),
        ("Ada\u00a0Byron", "Ada Byron"),
        ("\tAda\n", "Ada"),
        ("a" * 80, "a" * 80),
        ("e\u0301" * 80, "é" * 80),
        ("山田太郎", "山田太郎"),
        ("محمد علي", "محمد علي"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("क्\u200dष", "क्\u200dष"),
        ("O'Neill-Smith (Acme)", "O'Neill-Smith (Acme)"),
        ("3M", "3M"),
    ],
)
def test_a_name_is_kept_as_people_write_it(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "\u00a0", "\u3000"])
def test_an_empty_name_is_asked_for(typed):
    with pytest.raises(BadName, match="Please type a name"):
        clean_name(typed)


@pytest.mark.parametrize("typed", ["a" * 81, "a" * 10_000, "\u0301" * 10_000])
def test_a_name_that_is_too_long_says_the_limit(typed):
    with pytest.raises(BadName, match="80 characters"):
        clean_name(typed)


@pytest.mark.parametrize(
    "hidden",
    [
        "\0",
        "\x07",
        "\r\n",
        "\x0b",
        "\x1c",
        "\x85",
        "\u2028",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ud800",
        "\U000e0001",
        "\ue000",
        "\u0378",
        "\u3164",
    ],
)
def test_a_hidden_character_in_a_name_is_refused(hidden):
    with pytest.raises(BadName, match="cannot be shown"):
        clean_name(f"Ada{hidden}Byron")


@pytest.mark.parametrize("typed", ["...", "-", "\u0301", "( )"])
def test_a_name_without_a_letter_is_refused(typed):
    with pytest.raises(BadName, match="at least one letter"):
        clean_name(typed)


@few_hundred
@given(st.text(max_size=90))
def test_a_kept_name_is_clean_and_stays_as_it_is(typed):
    try:
        name = clean_name(typed)
    except BadName:
        return
    assert 1 <= len(name) <= 80
    assert clean_name(name) == name == unicodedata.normalize("NFC", name)
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Cn", "Zl", "Zp"} for letter in name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("  ", ""), ("a\r\nBcc: b", "a Bcc: b"), ("a\x00\u202eb", "ab"), ("a\x85b\u2028c", "a b c")],
)
def test_a_line_stays_one_line(typed, kept):
    assert clean_line(typed, 80) == kept


@pytest.mark.parametrize("typed", ["a" * 81, "\0" * 10_000 + "a"])
def test_a_line_above_its_limit_is_refused_with_the_limit(typed):
    with pytest.raises(BadText, match="80 characters"):
        clean_line(typed, 80)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("one\u2028two\x0bthree", "one\ntwo\nthree"),
        ("a\x00\u202eb", "ab"),
    ],
)
def test_a_text_keeps_its_lines_and_loses_what_cannot_be_seen(typed, kept):
    assert clean_text(typed, 200) == kept


def test_a_text_above_its_limit_is_refused_with_both_counts():
    with pytest.raises(BadText, match=r"2,000 characters. It has 2,001"):
        clean_text("a" * 2001, 2000)


@few_hundred
@given(st.text(max_size=300))
def test_a_kept_text_stays_as_it_is(typed):
    kept = clean_text(typed, 2000)
    assert clean_text(kept, 2000) == kept


@few_hundred
@given(st.text(max_size=300))
def test_a_kept_line_holds_no_line_break(typed):
    assert len(clean_line(typed, 2000).splitlines()) <= 1


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada", "A"),
        ("ada byron", "AB"),
        ("Ludwig van Beethoven", "LB"),
        ("Dr. Eve Martin", "EM"),
        ("山田 太郎", "山"),
        ("김민준", "김"),
        ("محمد علي", "مع"),
        ("דוד כהן", "דכ"),
        ("ßen Ön", "ßÖ"),
        ('(Cy) "Dee"', "CD"),
        ("🦊", "🦊"),
        ("", "?"),
        ("...", "?"),
    ],
)
def test_initials_stand_for_a_name_in_any_script(name, letters):
    assert initials(name) == letters


@few_hundred
@given(st.text(max_size=80))
def test_initials_are_one_or_two_characters(name):
    assert 1 <= len(initials(name)) <= 2


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ada Byron", "Ada"),
        ("Ada", "Ada"),
        ("Dr. Eve Martin", "Eve"),
        ("J. R. Tolkien", "J. R. Tolkien"),
        ("山田 太郎", "山田 太郎"),
        ("Anne-Marie Duval", "Anne-Marie"),
    ],
)
def test_a_first_name_is_what_friends_say(name, first):
    assert first_name(name) == first


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("Ben Katz", "Ben Katz came, and BEN sang. Benefit!", "{} came, and {} sang. Benefit!"),
        ("Ben Katz", "Thanks, Ben. Anything for ben katz", "Thanks, {}. Anything for {}"),
        ("Will Hope", "I will say it, and hope: Will did it", "I will say it, and hope: {} did it"),
        ("May", "We may meet in June. Thanks, May!", "We may meet in June. Thanks, {}!"),
        ("ben", "thanks, ben and Ben", "thanks, {} and {}"),
        ("山田太郎", "山田太郎さん、ありがとう", "{}さん、ありがとう"),
        ("김민수", "김민수씨 고마워요", "{}씨 고마워요"),
        ("محمد علي", "شكرا لمحمد", "شكرا ل{}"),
        ("李", "桃李と李", "桃李と李"),
        ("", "Nobody in particular", "Nobody in particular"),
    ],
)
def test_a_name_goes_from_what_others_wrote_and_other_words_stay(name, text, kept):
    assert without_name(text, name) == kept.format("a former member", "a former member")
