"""Letters about organising: a nudge, a round that waits for members, somebody who took on the job."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from circle.letters import links
from circle.letters.letter import Letter, NotWanted, to_member
from circle.letters.news import Way
from circle.letters.sections import OPEN_WAYS, Reminder, Task, reader_of, reminder
from circle.models import Person
from circle.rules.names import first_name
from circle.rules.states import MailKind, RoundState
from circle.rules.wording import count_word
from circle.services.post import letter_facts, organising_facts
from circle.services.post.claims import Claimed
from circle.services.post.letter_facts import RoundFacts


def nudge_letter(mail: Claimed, now: datetime) -> Letter:
    """Remind a member of what they have open, with the organiser's line."""
    person = reader_of(mail, now)
    round_ = letter_facts.round_facts(mail.round_id or 0)
    if round_.state is not RoundState.OPEN or not letter_facts.is_member(person.id, round_.circle_id):
        raise NotWanted("The round is not open any more, or its reader is not in it.")
    own = reminder(round_, person, now)
    if not (own.open or own.asking):
        raise NotWanted("Nothing is outstanding any more.")
    return written_nudge(person, round_, own, mail.by_id or 0, mail.note)


def nudge_as_sent(person_id: int, round_id: int, by: int, note: str, now: datetime) -> Letter | None:
    """Return the nudge a member would get, None when they have nothing open.

    Their links and whom they are asking are theirs alone, so these are left out.
    """
    person, round_ = letter_facts.reader(person_id), letter_facts.round_facts(round_id)
    if person is None:
        return None
    own = reminder(round_, person, now)
    if not (own.open or own.asking):
        return None
    theirs = f"(a link of {first_name(person.name)}'s own)"
    letter = written_nudge(person, round_, _without_what_is_theirs(own, theirs), by, note)
    text = letter.text.replace(letter.unsubscribe_url or "", theirs)
    return replace(letter, text=text, html="", unsubscribe_url=None)


def written_nudge(person: Person, round_: RoundFacts, own: Reminder, by: int, note: str) -> Letter:
    """Write a nudge from what is known; replies go to the organiser."""
    organiser = letter_facts.reader(by)
    name = organiser.name if organiser else ""
    facts = {
        "own": own,
        "circle": round_.circle_name,
        "number": round_.number,
        "organiser": name,
        "organiser_first": first_name(name),
        "note": note,
    }
    thread = f"round-{round_.id}.{round_.circle_ref}"
    return to_member(
        "nudge",
        person,
        MailKind.NUDGE,
        facts,
        list_id=f"circle-{round_.circle_ref}",
        thread=thread,
        reply_to=organiser.email if organiser else None,
    )


def held_back_letter(mail: Claimed, now: datetime) -> Letter:
    """Tell an organiser that a round waits for members, and what they can do."""
    person = reader_of(mail, now)
    held = organising_facts.held(mail.circle_id or 0, person.id, now)
    if held is None:
        raise NotWanted("The round waits no more, or its reader does not organise the circle.")
    place = {"circle_id": held.circle_ref}
    facts = {
        "circle": held.circle_name,
        "here": count_word(held.present),
        "present": held.present,
        "away": held.members - held.present,
        "invite_url": links.absolute("circles.organise", **place),
        "rounds_url": links.absolute("rounds.schedule", **place),
    }
    return to_member("held_back", person, mail.kind, facts, list_id=f"circle-{held.circle_ref}")


def job_taken_letter(mail: Claimed, now: datetime) -> Letter:
    """Tell a member that somebody took on the organising, and why."""
    person = reader_of(mail, now)
    taken = organising_facts.taken(mail.circle_id or 0, person.id, mail.by_id or 0)
    if taken is None:
        raise NotWanted("The organising was taken back, or its reader is not in the circle.")
    facts = {
        "circle": taken.circle_name,
        "taker": taken.taker,
        "mine": mail.by_id == person.id,
        "organiser": taken.reader_organises,
        "out_of_reach": taken.out_of_reach,
        "handed_on": taken.handed_on,
        "url": links.absolute("circles.show", circle_id=taken.circle_ref),
        "organise_url": links.absolute("circles.organise", circle_id=taken.circle_ref),
    }
    return to_member("job_taken", person, mail.kind, facts, list_id=f"circle-{taken.circle_ref}")


def _without_what_is_theirs(own: Reminder, theirs: str) -> Reminder:
    def plain(task: Task, words: Iterable[str]) -> Task:
        return replace(task, asked="", asked_on="", fitting=(), ways=tuple(Way(one, theirs) for one in words))

    open_ = tuple(plain(task, OPEN_WAYS.values()) for task in own.open)
    asking = tuple(plain(task, (way.words for way in task.ways)) for task in own.asking)
    return replace(own, open=open_, asking=asking)
