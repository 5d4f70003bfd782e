"""A mailto link holds every sign a mail may hold, and a program reads back what was written."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.formats.mailto import mailto

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85"))


def test_lines_end_as_rfc_6068_wants_them():
    link = mailto(["ben@example.org"], "Hello", "One\nTwo\r\nThree")
    assert link == "mailto:ben@example.org?subject=Hello&body=One%0D%0ATwo%0D%0AThree"


@pytest.mark.parametrize("sign", ["&", "?", "#", "%", "+", " ", "=", '"', "<", "ü", "日"])
def test_a_sign_with_a_meaning_is_encoded(sign: str):
    link = mailto([], f"a{sign}b", f"c{sign}d")
    assert sign not in link.removeprefix("mailto:?subject=").replace("&body=", "")[1:] or sign == "%"
    assert read_back(link) == (f"a{sign}b", f"c{sign}d")


def test_an_address_cannot_add_another_field():
    assert mailto(["a?bcc=x@example.org&b@example.org"], "s", "t").count("?") == 1


@given(WORDS, WORDS)
def test_what_goes_in_comes_out(subject: str, text: str):
    assert read_back(mailto(["ben@example.org"], subject, text)) == (subject, text)


def read_back(link: str) -> tuple[str, str]:
    """Read a link as a mail program does: percent signs only, a plus is a plus."""
    pairs = dict(pair.split("=", 1) for pair in urlsplit(link).query.split("&"))
    assert set(parse_qs(urlsplit(link).query, keep_blank_values=True)) == {"subject", "body"}
    return unquote(pairs["subject"]), unquote(pairs["body"])


def test_two_addresses_stand_side_by_side():
    assert mailto(["ben@example.org", "lena@example.org"], "s", "t").startswith(
        "mailto:ben@example.org,lena@example.org?"
    )


def test_a_comma_in_an_address_adds_nobody():
    assert mailto(['"a,b"@example.org'], "s", "t").split("?")[0].count(",") == 0
