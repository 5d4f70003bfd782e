"""Meetable: whom of one's circles somebody on the list could meet, each with one true sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from circle.rules.names import initials
from circle.services.giving import fellows
from circle.services.giving.fellows import Fellow
from circle.services.knowing import suggestions


@dataclass(frozen=True, slots=True)
class Meetable:
    """A member and why they fit, for the eyes of who has the list."""

    member: Fellow
    sentence: str

    @property
    def initials(self) -> str:
        return initials(self.member.name)


def members(person_id: int, contact_id: int, now: datetime) -> Sequence[Meetable]:
    """Return the members a contact fits, those first whom the person has still to introduce.

    Who met them already, or was set aside for them, is left out. Six statements a circle at most.
    """
    beside = fellows.of(person_id)
    why = {
        (circle_id, member_id): fitting[0].sentence
        for circle_id in dict.fromkeys(one.circle_id for one in beside)
        for member_id, fitting in suggestions.among(person_id, circle_id, {contact_id}, now).items()
    }
    places = [(one, why.get((one.circle_id, one.person_id), "")) for one in beside]
    return [Meetable(one, sentence) for one, sentence in places if sentence]
