"""The last letters: to who left a circle or was removed from it, and to who is to be erased."""

from datetime import datetime

from circle.letters import links
from circle.letters.letter import Letter, NotWanted, written
from circle.rules import zones
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


def to_be_erased_letter(mail: Claimed, now: datetime) -> Letter:  # noqa: ARG001 - every letter is written as of a moment
    """Say when somebody is erased, as they asked, and how to undo it."""
    person = letter_facts.reader(mail.person_id or 0)
    if person is None or person.erase_at is None:
        raise NotWanted("Its reader stays.")
    day = zones.local_day(person.erase_at, zones.zone(person.zone))
    facts = {"day": f"{day:%-d %B %Y}", "url": links.absolute("erasures.show")}
    return written("to_be_erased", person.name, person.email, facts)
