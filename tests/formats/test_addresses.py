"""Pasted addresses: every usual form, what is refused, and bounded work."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.formats.addresses import Address, address_key, read_address, read_addresses
from circle.rules.errors import BadAddress

few_hundred = settings(deadline=None, derandomize=True, database=None, max_examples=400)
ADA = Address("", "ada@x.org")
ADA_BYRON = Address("Ada Byron", "ada@x.org")
BEN = Address("", "ben@x.org")


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("", ()),
        (" ,;\n\t\n", ()),
        ("ada@x.org", (ADA,)),
        ("ada@x.org, ben@x.org", (ADA, BEN)),
        ("ada@x.org;ben@x.org", (ADA, BEN)),
        ("ada@x.org\r\nben@x.org\n", (ADA, BEN)),
        ("ada@x.org\tben@x.org", (ADA, BEN)),
        ("ada@x.org ben@x.org", (ADA, BEN)),
        ("ada@x.org；ben@x.org", (ADA, BEN)),
        ("ada@x.org\u200b,\ufeffben@x.org", (ADA, BEN)),
        ("Ada Byron <ada@x.org>", (ADA_BYRON,)),
        ("Ada Byron <mailto:ada@x.org>", (ADA_BYRON,)),
        ('"Ada Byron" <ada@x.org>', (ADA_BYRON,)),
        ("“Ada Byron” <ada@x.org>", (ADA_BYRON,)),
        ('"Byron, Ada" <ada@x.org>, ben@x.org', (ADA_BYRON, BEN)),
        ("Byron, Ada <ada@x.org>; ben@x.org", (ADA_BYRON, BEN)),
        ('"Acme, Inc." <ada@x.org>', (Address("Acme, Inc.", "ada@x.org"),)),
        ("Ada Byron <ada@x.org> Ben <ben@x.org>", (ADA_BYRON, Address("Ben", "ben@x.org"))),
        ("Ada Byron ada@x.org", (ADA_BYRON,)),
        ("ada@x.org (Ada Byron)", (ADA_BYRON,)),
        ("Ada Byron (ada@x.org)", (ADA_BYRON,)),
        ("Name,Email\nAda Byron,ada@x.org", (ADA_BYRON,)),
        ("Ada Byron\tada@x.org\nBen\tben@x.org", (ADA_BYRON, Address("Ben", "ben@x.org"))),
        ("To: Ada Byron <ada@x.org>\nCc: ben@x.org", (ADA_BYRON, BEN)),
        ("mailto:ada@x.org?subject=Hello", (ADA,)),
        ("[ada@x.org](mailto:ada@x.org)", (ADA,)),
        ("<ada@x.org>", (ADA,)),
        ("(ada@x.org)", (ADA,)),
        ("'ada@x.org'", (ADA,)),
        ("My address is ada@x.org.", (Address("My address is", "ada@x.org"),)),
        ("- ada@x.org\n2. ben@x.org", (ADA, BEN)),
        ('"ada@x.org" <ada@x.org>', (ADA,)),
        ("Ada @ Acme <ada@x.org>", (ADA,)),
        ("ada@x.org, ADA@X.ORG, Ada Byron <ada@x.org>", (ADA_BYRON,)),
        ("ada@demo.invalid", (Address("", "ada@demo.invalid"),)),
    ],
)
def test_every_usual_form_is_read_without_a_fault(pasted, read):
    result = read_addresses(pasted)
    assert (result.addresses, result.faults) == (read, ())


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("bob", "“bob”"),
        ("bob, ada@x.org", "“bob”"),
        ("ada@x.org\nBen Miller", "“Ben Miller”"),
        ("ada@x.org, ben@", "“ben@”"),
        ("ada@x.org, @x.org", "“@x.org”"),
        ("ada@x.org, a@b@c.org", "“a@b@c.org”"),
        ("ada@x.org, ben@localhost", "“ben@localhost”"),
        ("ada@x.org, Ben <ben@@x.org>", "“ben@@x.org”"),
    ],
)
def test_what_cannot_be_read_is_shown(pasted, shown):
    assert [fault.split(" is not")[0] for fault in read_addresses(pasted).faults] == [shown]


def test_a_bad_one_leaves_the_good_ones():
    assert read_addresses("bob, ada@x.org, @").addresses == (ADA,)


def test_more_addresses_than_the_limit_are_counted():
    pasted = read_addresses(",".join(f"a{number}@x.org" for number in range(60)), limit=12)
    assert pasted.faults == ("Please paste at most 12 addresses at once. There were 60.",)


def test_no_more_than_the_limit_are_read():
    assert len(read_addresses(",".join(f"a{number}@x.org" for number in range(60)), limit=12).addresses) == 12


def test_many_faults_are_summed_up():
    faults = read_addresses("\n".join(f"bob{number}" for number in range(300))).faults
    assert (len(faults), faults[-1]) == (11, "And 290 more could not be read.")


def test_a_text_beyond_bounds_is_refused_unread():
    assert read_addresses("a@x.org," * 5000).faults == ("Please paste at most 20,000 characters at once.",)


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        "<",
        "(",
        "a@",
        "a",
        "<a@",
        "@",
        ",",
        "mailto:",
        " ",
        "\u0301",
        "a@b,",
        '"a',
        "((",
        "<a@ ",
        "[](",
        "\0",
    ],
)
def test_a_hostile_paste_costs_little(piece):
    began = time.process_time()
    read_addresses((piece * 20_000)[:20_000])
    read_addresses("<@" + (piece * 20_000)[:19_000])
    assert time.process_time() - began < 1.5


@few_hundred
@given(st.text(alphabet=st.sampled_from("ab@. <>()\"',;\t\n[]:?é\u202e\0"), max_size=60))
def test_any_paste_gives_sound_addresses(pasted):
    for address in read_addresses(pasted).addresses:
        assert address.email.isascii()
        assert read_address(address.email) == address.email


@few_hundred
@given(st.lists(st.emails(), max_size=6), st.sampled_from([", ", ";", "\n", "\t", " ", " , "]))
def test_ordinary_addresses_survive_any_separator(emails, separator):
    plain = [email for email in emails if email.split("@")[0].replace(".", "").isalnum()]
    keys = dict.fromkeys(address_key(read_address(email)) for email in plain)
    pasted = read_addresses(separator.join(plain))
    assert [address_key(address.email) for address in pasted.addresses] == list(keys)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" ada@x.org ", "ada@x.org"),
        ("Ada+circle@X.ORG", "Ada+circle@x.org"),
        ("ada@müller.de", "ada@xn--mller-kva.de"),
        ("ada@demo.invalid", "ada@demo.invalid"),
        ("ada@mail.test", "ada@mail.test"),
    ],
)
def test_an_address_is_made_ready_for_the_wire(typed, kept):
    assert read_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "ada",
        "ada@",
        "@x.org",
        "a b@x.org",
        "a@b@c.org",
        "ada@x",
        "ada@invalid",
        "ada@x.org\nBcc: b@x.org",
        "ada@x.org\0",
        "ada\u202e@x.org",
        "mül@x.org",
        "a" * 65 + "@x.org",
        "a@" + "x" * 10_000,
        "<ada@x.org>",
        "\ud800@x.org",
        "ada@[127.0.0.1]",
        '"a b"@x.org',
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadAddress):
        read_address(typed)


def test_a_refusal_shows_no_hidden_character():
    with pytest.raises(BadAddress) as refused:
        read_address("ada\u202e\0\n@x.org")
    assert refused.value.sentence.startswith("“ada@x.org” is not")


def test_case_makes_no_other_address():
    assert address_key("Ada@X.org") == address_key("ada@x.ORG")


def test_two_spellings_of_one_letter_make_one_address():
    assert address_key("Zoe\u0308@x.org") == address_key("zoë@x.org")


@pytest.mark.parametrize("text", ["ben@x.org cy@", "Ben <ben@x.org> carl@"])
def test_half_an_address_after_a_whole_one_is_reported(text: str) -> None:
    assert len(read_addresses(text).faults) == 1
