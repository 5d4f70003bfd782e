"""Answers: what somebody says when asked about one contact, put into the contact's line."""

import re

from circle.rules.errors import BadText
from circle.rules.matching.questions import Asked
from circle.rules.matching.sentences import lowered
from circle.rules.names import clean_line

LINE_LIMIT = 300

_WHO = re.compile(
    r"^(?:(?:she|he|they)(?:['’](?:s|re))?\s+(?:(?:is|are)\s+(?:an?\s+)?|an?\s+)?)", re.IGNORECASE
)
_LED_IN = {
    Asked.SERVES: (
        "serves",
        re.compile(r"^(?:serv|help|for\b|works? (?:with|for)|sells? to|client|customer)", re.IGNORECASE),
    ),
    Asked.LOVES: (
        "loves",
        re.compile(r"^(?:lov|like|play|enjoy|into\b|keen|sing|read|collect|volunteer)", re.IGNORECASE),
    ),
}
"""The word a line needs before an answer, so that it is read for what it is, and what does as well."""


def with_answer(line: str, asked: Asked, typed: str) -> str:
    """Return a contact's line with an answer added; raise BadText when it is empty or becomes too long."""
    answer = _WHO.sub("", clean_line(typed, LINE_LIMIT)).rstrip(" .;")
    if not answer:
        raise BadText("Please write a word or two.", field="answer")
    word, does_as_well = _LED_IN.get(asked, ("", None))
    if does_as_well and not does_as_well.match(answer):
        answer = f"{word} {lowered(answer)}"
    if answer in line:
        return line
    parts = (answer, line) if asked is Asked.DOES else (line, answer)
    whole = "; ".join(part.rstrip(" ;") for part in parts if part.strip())
    if len(whole) > LINE_LIMIT:
        raise BadText(
            f"That makes the line about them longer than {LINE_LIMIT} characters. Please say it shorter.",
            field="answer",
        )
    return whole
