"""Letters about a round: it has opened, all is made, how it went."""

from dataclasses import replace
from datetime import datetime

from circle.letters import links
from circle.letters.letter import Letter, NotWanted, to_member
from circle.letters.news import Item, Section, Way
from circle.letters.sections import day, due_for, reader_of, reminder
from circle.models import Person
from circle.rules import zones
from circle.rules.board import Tally
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, RoundState
from circle.rules.wording import day_words, first_line, tally_words
from circle.services.post import letter_facts
from circle.services.post.claims import Claimed
from circle.services.post.letter_facts import Promise, RoundFacts
from circle.services.rounds import closings
from circle.services.thinking import parked
from circle.services.thinking.parked import Parked

CLOSED = frozenset({RoundState.CLOSED, RoundState.SEALED})


def round_opened_letter(mail: Claimed, now: datetime) -> Letter:
    """Tell a member of the roster whom they promise an introduction."""
    person, round_ = _addressed(mail, now)
    if round_.state is not RoundState.OPEN:
        raise NotWanted("The round is not open any more.")
    own = reminder(round_, person, now)
    carried = day(mail, person, now)
    ideas = _ideas(mail, person)
    return _letter(
        "round_opened",
        mail,
        person,
        round_,
        own=own,
        theme=round_.theme,
        until=_due_day(round_),
        wish=person.wish,
        wish_url=links.wish(person, round_.id),
        day=replace(carried, sections=(*ideas, *carried.sections)),
    )


def _ideas(mail: Claimed, person: Person) -> tuple[Section, ...]:
    """Bring back what its reader parked before the round opened, for whom it is open and for nobody yet."""
    waiting = [one for one in parked.all_of(person.id) if one.parked_at < mail.created_at]
    items = tuple(_idea(person, one) for one in waiting if not one.member)
    theirs = [one for one in waiting if one.is_open and one.circle_id == mail.circle_id]
    items = (*(_idea(person, one) for one in theirs), *items)
    return (Section("Ideas you parked", items),) if items else ()


def _idea(person: Person, idea: Parked) -> Item:
    whom = " and ".join(name for name in (idea.member, idea.contact) if name) or "An idea"
    if not idea.is_open:
        return Item(f"{whom}.", quote=idea.words, ways=(Way("Your ideas", links.absolute("sittings.show")),))
    token = links.promise_token(person, idea.commitment_id or 0, (idea.contact,))
    ways = (
        Way(f"Introduce {idea.first_name}", links.promise(token, "introduction")),
        Way("Write it", links.promise(token, "draft")),
    )
    return Item(f"{whom}.", quote=idea.words, ways=ways)


def all_done_letter(mail: Claimed, now: datetime) -> Letter:
    """Tell the circle once that nothing is outstanding before the round is due."""
    person, round_ = _addressed(mail, now)
    tally = closings.tally_of(round_.id)
    if tally.outstanding:
        raise NotWanted("Something is outstanding again.")
    due = due_for(round_, person, now)
    return _letter("all_done", mail, person, round_, tally=tally, words=tally_words(tally), due=due)


def recap_letter(mail: Claimed, now: datetime) -> Letter:
    """Say how a round went as of its closing, and what its reader may still do."""
    person, round_ = _addressed(mail, now)
    if round_.state not in CLOSED:
        raise NotWanted("The round is open again.")
    return _letter(
        "recap",
        mail,
        person,
        round_,
        words=tally_words(_at_closing(round_)),
        own_line=_own_line(letter_facts.promises(round_.id, person.id)),
        own=reminder(round_, person, now) if round_.state is RoundState.CLOSED else None,
        thanks=letter_facts.shared_thanks(round_.id),
        day=day(mail, person, now),
    )


def _addressed(mail: Claimed, now: datetime) -> tuple[Person, RoundFacts]:
    person = reader_of(mail, now)
    if not letter_facts.is_member(person.id, mail.circle_id or 0):
        raise NotWanted("Its reader is not in this circle any more.")
    return person, letter_facts.round_facts(mail.round_id or 0)


def _letter(name: str, mail: Claimed, person: Person, round_: RoundFacts, **facts: object) -> Letter:
    shared = {
        "circle": round_.circle_name,
        "number": round_.number,
        "circle_url": links.absolute("circles.show", circle_id=round_.circle_ref),
        "round_url": links.absolute("rounds.show", circle_id=round_.circle_ref, number=round_.number),
    }
    thread = f"round-{round_.id}.{round_.circle_ref}"
    return to_member(
        name, person, mail.kind, shared | facts, list_id=f"circle-{round_.circle_ref}", thread=thread
    )


def _due_day(round_: RoundFacts) -> str:
    return day_words(zones.local_day(round_.due_at, zones.zone(round_.zone)))


def _at_closing(round_: RoundFacts) -> Tally:
    made, passed = round_.closing_made or 0, round_.closing_passed or 0
    return Tally(made=made, passed=passed, open=(round_.closing_counted or 0) - made - passed)


def _own_line(promises: list[Promise]) -> str:
    states = [promise.state for promise in promises]
    if OUTSTANDING.intersection(states):
        return ""
    made, passed = states.count(CommitmentState.INTRODUCED), states.count(CommitmentState.PASSED)
    return first_line(Tally(made=made, passed=passed))
