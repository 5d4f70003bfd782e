"""What several letters hold: the people still waiting, and what happened meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from circle.letters import links, news
from circle.letters.letter import CAME_BACK, NotWanted
from circle.letters.news import Item, Section, Way
from circle.models import Person
from circle.rules import wording, zones
from circle.rules.board import Tally
from circle.rules.names import first_name
from circle.rules.states import CommitmentState
from circle.services.knowing import suggestions
from circle.services.knowing.suggestions import Suggested
from circle.services.post import days, letter_facts
from circle.services.post.claims import Claimed
from circle.services.post.letter_facts import Promise, RoundFacts
from circle.services.post.readers import wants

MOST_NAMED = 2
"""People who fit that stand under one receiver."""


@dataclass(frozen=True, slots=True)
class Task:
    """One person a giver still has to introduce, with the ways to do it signed out.

    `asked` is whose yes they wait for, or to whom they wrote a draft.
    """

    name: str
    first: str
    does: str
    wish: str
    asked: str
    asked_on: str
    ways: tuple[Way, ...]
    fitting: tuple[Suggested, ...]
    """People the giver knows who fit, for the giver's own letters alone."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one giver has left in one round."""

    circle: str
    number: int
    due: str
    line: str
    url: str
    open: tuple[Task, ...]
    asking: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What the day's letter of one person says: what is left, and everything else by section."""

    reminders: tuple[Reminder, ...]
    sections: tuple[Section, ...]


def reader_of(mail: Claimed, now: datetime) -> Person:
    """Return who the letter is for; raise NotWanted when they turned it off or paused it."""
    person = letter_facts.reader(mail.person_id or 0)
    if person is None:
        raise NotWanted("Its reader is not here any more.")
    if person.mail_refused_at:
        raise NotWanted(CAME_BACK)
    today = zones.local_day(now, zones.zone(person.zone))
    if mail.kind.switch and not wants(person, mail.kind.switch, today):
        raise NotWanted("Its reader turned these letters off or paused them.")
    return person


def day(mail: Claimed, person: Person, now: datetime) -> Day:
    """Return the reminders and news a letter carries."""
    rounds = (
        letter_facts.reminded_rounds(person.id, mail.created_at) if days.carries_reminders(mail.id) else []
    )
    every = (reminder(round_, person, now) for round_ in rounds)
    reminders = tuple(each for each in every if each.open or each.asking)
    answers = [_question(task) for each in reminders for task in each.asking]
    return Day(reminders, news.sections(mail.id, person, answers, now))


def reminder(round_: RoundFacts, giver: Person, now: datetime) -> Reminder:
    """Return what a giver has left in a round."""
    promises = letter_facts.promises(round_.id, giver.id)
    fitting = _fitting(round_, giver, promises, now)
    tasks = [(one.state, _task(round_, giver, one, fitting.get(one.receiver_id, ()))) for one in promises]
    return Reminder(
        circle=round_.circle_name,
        number=round_.number,
        due=due_for(round_, giver, now),
        line=f"{wording.first_line(_tally(promises)).removesuffix('.')}.",
        url=links.absolute("circles.show", circle_id=round_.circle_ref),
        open=tuple(task for state, task in tasks if state is CommitmentState.OPEN),
        asking=tuple(task for state, task in tasks if state is CommitmentState.ASKING),
    )


def due_for(round_: RoundFacts, reader: Person, now: datetime) -> str:
    """Say when a round is due, in the circle's zone and the reader's."""
    return wording.due_in_two_zones(round_.due_at, zones.zone(round_.zone), zones.zone(reader.zone), now)


def _tally(promises: list[Promise]) -> Tally:
    states = [promise.state for promise in promises]
    return Tally(
        made=states.count(CommitmentState.INTRODUCED),
        passed=states.count(CommitmentState.PASSED),
        asking=states.count(CommitmentState.ASKING),
        open=states.count(CommitmentState.OPEN),
    )


def _fitting(
    round_: RoundFacts, giver: Person, promises: list[Promise], now: datetime
) -> dict[int, tuple[Suggested, ...]]:
    """Return whom the giver knows who fits, for those for whom they have nobody in mind yet."""
    unsure = [one.receiver_id for one in promises if one.state is CommitmentState.OPEN and not one.drafted_at]
    found = suggestions.suggest(giver.id, round_.circle_id, unsure, now, most=MOST_NAMED)
    return {receiver: suggestions.unspared(fitting) for receiver, fitting in found.items()}


def _task(round_: RoundFacts, giver: Person, promise: Promise, fitting: tuple[Suggested, ...]) -> Task:
    asked_on, drafted_on = (
        wording.day_words(zones.local_day(at, zones.zone(round_.zone))) if at and promise.asked else ""
        for at in (promise.asked_at, promise.drafted_at)
    )
    return Task(
        name=promise.name,
        first=first_name(promise.name),
        does=promise.does,
        wish=promise.wish,
        asked=first_name(promise.name) if promise.asks_member and promise.asked else promise.asked,
        asked_on=asked_on,
        ways=_ways(giver, promise, drafted_on, fitting),
        fitting=fitting,
    )


def _ways(
    giver: Person, promise: Promise, drafted_on: str, fitting: tuple[Suggested, ...]
) -> tuple[Way, ...]:
    known = OPEN_WAYS if promise.state is CommitmentState.OPEN else _ASKING_WAYS
    is_open = promise.state is CommitmentState.OPEN
    draft = {"draft": f"Your draft of {drafted_on}"} if drafted_on and is_open else {}
    token = links.promise_token(giver, promise.id, (promise.asked,), fitting)
    return tuple(Way(words, links.promise(token, act)) for act, words in (known | draft).items())


def _question(task: Task) -> Item:
    asked_on = f"Asked on {task.asked_on}." if task.asked_on else ""
    return Item(f"{task.name}: did {task.asked or 'they'} answer?", asked_on, ways=task.ways)


OPEN_WAYS = {
    "draft": "Write it",
    "introduction": "Log an introduction",
    "asking": "Ask somebody first",
    "no_fit": "No fit this round",
}
_ASKING_WAYS = {
    "draft": "They said yes",
    "introduction": "Log it",
    "not_now": "Not now",
    "no_fit": "No fit this round",
}
"""What can be done about a promise, by the pages of circle/web/promises."""
