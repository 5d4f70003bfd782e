"""What several letters hold: the people still waiting, and what happened meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from circle.letters import links
from circle.letters.letter import CAME_BACK, NotWanted
from circle.models import Person
from circle.rules import wording, zones
from circle.rules.board import Tally
from circle.rules.names import first_name
from circle.rules.states import CommitmentState, NewsKind, Outcome
from circle.services.post import daily, letter_facts, news_facts
from circle.services.post.claims import Claimed
from circle.services.post.letter_facts import Promise, RoundFacts
from circle.services.post.news_facts import Told
from circle.services.post.readers import wants


@dataclass(frozen=True, slots=True)
class Task:
    """One person a giver still has to introduce, with links to do it signed out.

    `asked` is whose yes they wait for.
    """

    name: str
    first: str
    does: str
    wish: str
    asked: str
    asked_on: str
    log_url: str
    ask_url: str
    not_now_url: str
    pass_url: str


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
class Way:
    """A link and its words."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news: the reason for an introduction, what its writer said, and the ways to answer."""

    sentence: str
    why: str
    quote: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What the day's letter of one person says."""

    reminders: tuple[Reminder, ...]
    items: tuple[Item, ...]


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
        letter_facts.reminded_rounds(person.id, mail.created_at) if daily.carries_reminders(mail.id) else []
    )
    reminders = (reminder(round_, person, now) for round_ in rounds)
    items = tuple(_item(person, told) for told in news_facts.news_in(mail.id))
    return Day(tuple(each for each in reminders if each.open or each.asking), items)


def reminder(round_: RoundFacts, giver: Person, now: datetime) -> Reminder:
    """Return what a giver has left in a round."""
    promises = letter_facts.promises(round_.id, giver.id)
    tasks = [(promise.state, _task(round_, giver, promise)) for promise in promises]
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


def _task(round_: RoundFacts, giver: Person, promise: Promise) -> Task:
    def url(act: str) -> str:
        return links.promise(giver, promise.id, (promise.asked,), act)

    return Task(
        name=promise.name,
        first=first_name(promise.name),
        does=promise.does,
        wish=promise.wish,
        asked=promise.asked,
        asked_on=_day_asked(round_, promise),
        log_url=url("introduction"),
        ask_url=url("asking"),
        not_now_url=url("not_now"),
        pass_url=url("no_fit"),
    )


def _day_asked(round_: RoundFacts, promise: Promise) -> str:
    if promise.asked_at is None:
        return ""
    return wording.day_words(zones.local_day(promise.asked_at, zones.zone(round_.zone)))


def _item(reader: Person, told: Told) -> Item:
    why = told.synergy.words if told.synergy and told.kind is NewsKind.INTRODUCED else ""
    return Item(_sentence(told), why, _quote(told), _ways(reader, told))


def _ways(reader: Person, told: Told) -> tuple[Way, ...]:
    if told.kind is not NewsKind.INTRODUCED:
        url = links.absolute("circles.show", circle_id=told.circle_ref)
        return (Way(_ACTIONS[told.kind], url),)
    answers = (Way(one.words, links.introduction(reader, told.introduction_ref, one)) for one in Outcome)
    return (*answers, Way("Say thanks", links.introduction(reader, told.introduction_ref, anchor="thanks")))


_ACTIONS = {
    NewsKind.WITHDRAWN: "Open the circle",
    NewsKind.PASSED: "Sharpen what you are looking for",
    NewsKind.ANSWERED: "Open the circle",
    NewsKind.THANKED: "Open the circle",
}

_ANSWERS = {
    Outcome.IN_TOUCH: "they are in touch",
    Outcome.MET: "they met",
    Outcome.LED_ON: "it led to something",
    Outcome.NOT_A_FIT: "it was not a fit",
    Outcome.NOT_RECEIVED: "it has not reached them yet, so it may be worth sending again",
}


def _sentence(told: Told) -> str:
    who = first_name(told.other)
    if told.kind is NewsKind.INTRODUCED:
        return f"{told.other} introduced you to {told.contact}."
    if told.kind is NewsKind.WITHDRAWN:
        return f"{told.other} took back the introduction to {told.contact}."
    if told.kind is NewsKind.PASSED:
        return f"{told.other} looked, and found no fit for you this round."
    if told.kind is NewsKind.THANKED:
        return f"{told.other} thanks you for the introduction to {told.contact}."
    answer = _ANSWERS[told.outcome] if told.outcome else ""
    return f"{who} says about {told.contact}: {answer}."


def _quote(told: Told) -> str:
    said = {
        NewsKind.INTRODUCED: told.reason,
        NewsKind.PASSED: told.passed_line,
        NewsKind.THANKED: told.thanks,
    }
    return " ".join(said.get(told.kind, "").split())
