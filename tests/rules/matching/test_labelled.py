"""Suggestions on the labelled pairs: right often enough, and true every time."""

import re

import pytest

from circle.rules.matching.folding import joined_stem, stem, words
from circle.rules.matching.kept import kept_terms
from circle.rules.matching.members import read_member
from circle.rules.matching.reasons import Fit
from circle.rules.matching.suggestions import Index
from tests.rules.matching.labelled import HALVES, Pair, pairs
from tests.rules.matching.measure import figures, lines

EVERY = [pair for files in HALVES.values() for file in files for pair in pairs(file)]
FITS = [(pair, fit) for pair in EVERY for fit in pair.fits]
KEPT_OUT = [pair for file in HALVES["kept out"] for pair in pairs(file)]

FRAMES = (
    r"\w+ serves (.+), and so does \w+\.",
    r"\w+ serves (.+), and \w+ serves (.+)\.",
    r"\w+ serves (.+), much like \w+ \((.+)\)\.",
    r"\w+ \((.+)\) has a kind of client in common with \w+ \((.+)\)\.",
    r"\w+ \((.+)\) has a kind of client in common with \w+, who serves (.+)\.",
    r"Both work in (.+)\.",
    r"\w+ \((.+)\) and \w+ \((.+)\) do similar work\.",
    r"Both (?!love)(.+)\.",
    r"Both love (.+)\.",
    r"\w+’s (.+) and \w+’s (.+) go together\.",
    r"\w+ (?:loves )?(.+), and \w+ (?:loves )?(.+)\.",
    r"\w+ is looking for (.+); \w+ is (.+)\.",
    r"\w+ is looking for (.+); \w+ works at (.+)\.",
    r"\w+ is looking for (.+); your note on \w+ says “(.+)”\.",
)
"""Every sentence there is; what stands in the brackets are people's own words."""


def named(one: object) -> str:
    return f"{one[0].contact.name}-{one[1].reason}" if isinstance(one, tuple) else str(one)


def test_there_are_enough_pairs_and_a_third_of_them_is_thin():
    assert len(EVERY) >= 160
    assert sum(pair.thin for pair in EVERY) * 3 >= len(EVERY)


def test_pairs_kept_out_are_not_pairs_looked_at():
    looked_at = {pair.contact.name for file in HALVES["looked at"] for pair in pairs(file)}
    assert not looked_at & {pair.contact.name for pair in KEPT_OUT}


def test_nine_of_ten_suggestions_kept_out_are_right():
    assert figures(KEPT_OUT).precision > 0.9


def test_three_of_four_who_fit_are_found_among_those_kept_out():
    assert figures(KEPT_OUT).recall > 0.75


def test_people_of_whom_little_is_known_get_right_suggestions_too():
    thin = figures(pair for pair in KEPT_OUT if pair.thin)
    assert thin.precision > 0.9
    assert thin.recall > 0.75


@pytest.mark.parametrize("one", FITS, ids=named)
def test_the_words_of_a_reason_stand_in_both_peoples_fields(one: tuple[Pair, Fit]):
    pair, fit = one
    ours, theirs = fit.said
    assert ours in _fields(pair.member)
    assert theirs in _fields(pair.contact)


@pytest.mark.parametrize("one", FITS, ids=named)
def test_a_sentence_says_nothing_that_nobody_wrote(one: tuple[Pair, Fit]):
    pair, fit = one
    said = next(match.groups() for frame in FRAMES if (match := re.fullmatch(frame, fit.sentence)))
    if len(said) == 1:
        assert _stands_in(said[0], pair.member)
        assert _stands_in(said[0], pair.contact)
    else:
        assert _stems(said[0]) <= _stems(_fields(pair.member))
        assert _stems(said[1]) <= _stems(_fields(pair.contact)) | {"at"}


@pytest.mark.parametrize("pair", EVERY, ids=lambda pair: pair.contact.name)
def test_the_index_leaves_out_nobody_who_fits(pair: Pair):
    index = Index.of({"them": kept_terms(pair.contact)})
    assert not pair.fits or index.near(read_member(pair.member)) == ["them"]


def test_the_figures_are_printed_for_both_halves_and_for_the_thin():
    printed = "\n".join(lines())
    assert printed.count("of them thin") == 2
    assert all(half in printed for half in HALVES)


def _fields(one: object) -> str:
    return " / ".join(str(getattr(one, field)) for field in type(one).__dataclass_fields__)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word.folded) for word in words(text))


def _stands_in(said: str, one: object) -> bool:
    """Say whether these words stand there in some form; "guest houses" are guesthouses."""
    written = "".join(word.folded for word in words(_fields(one)))
    together = joined_stem(tuple(word.folded for word in words(said)))
    return _stems(said) <= _stems(_fields(one)) or together in written
