"""The last letter about a circle: to who left it or was removed."""

from datetime import datetime

from circle.letters import links
from circle.letters.letter import Letter, NotWanted, written
from circle.services.post import letter_facts
from circle.services.post.claims import Claimed


def left_letter(mail: Claimed, now: datetime) -> Letter:  # noqa: ARG001 - every letter is written as of a moment
    """Confirm once that somebody is no longer in a circle, and name what stays theirs."""
    person = letter_facts.reader(mail.person_id or 0)
    circle = letter_facts.circle_left(mail.person_id or 0, mail.circle_id or 0)
    if person is None or circle is None:
        raise NotWanted("Its reader is in the circle again.")
    facts = {
        "circle": circle.name,
        "by_self": mail.by_id == person.id,
        "ended": circle.ended,
        "url": links.absolute("people.show"),
    }
    return written("left", person.name, person.email, facts, list_id=f"circle-{circle.ref}")
