"""What a daily letter tells besides what is left: its sections, each with a heading, in one fixed order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from circle.letters import links
from circle.models import Person
from circle.rules import wording, zones
from circle.rules.names import first_name
from circle.rules.states import NewsKind, Outcome
from circle.services.post import letter_facts, news_facts
from circle.services.post.news_facts import Told
from circle.services.rounds import closings
from circle.services.thinking import choosing, parked


@dataclass(frozen=True, slots=True)
class Way:
    """A link and its words."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a letter says: a sentence, what belongs to it, what somebody wrote, and the ways on."""

    sentence: str
    why: str = ""
    quote: str = ""
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind under their heading; `end` is said after them, with its own ways on."""

    heading: str
    items: tuple[Item, ...]
    end: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def rule(self) -> str:
        return "-" * len(self.heading)


DRAFTS = (NewsKind.DRAFTED,)
AFTER = (
    ("Introduced to you", (NewsKind.INTRODUCED, NewsKind.WITHDRAWN)),
    ("How did it go?", (NewsKind.HOW_DID_IT_GO,)),
    ("Thanks, and what came of it", (NewsKind.THANKED, NewsKind.ANSWERED)),
    ("No fit this round", (NewsKind.PASSED,)),
    ("Look again", (NewsKind.LOOK_AGAIN,)),
    ("Fifteen minutes", (NewsKind.FIFTEEN_MINUTES,)),
    ("For you as organiser", (NewsKind.WEEKLY, NewsKind.UNDELIVERABLE)),
)
SHARPEN = "The more exactly you say whom you would like to meet, the easier it is to think of somebody."

QUESTIONS = "Who serves the same clients? Who could team up? Who shares an interest?"

_ANSWERS = {
    Outcome.IN_TOUCH: "they are in touch",
    Outcome.MET: "they met",
    Outcome.LED_ON: "it led to something",
    Outcome.NOT_A_FIT: "it was not a fit",
    Outcome.NOT_RECEIVED: "it has not reached them yet, so it may be worth sending again",
}


def sections(mail_id: int, reader: Person, answers: Iterable[Item], now: datetime) -> tuple[Section, ...]:
    """Return what a letter tells, as far as it is still true; `answers` are those its reader waits for."""
    told = _once(news_facts.news_in(mail_id))

    def items(kinds: tuple[NewsKind, ...]) -> tuple[Item, ...]:
        return tuple(_item(reader, one, now) for kind in kinds for one in told if one.kind is kind)

    every = [
        Section("Did you send it?", items(DRAFTS)),
        Section("Did they answer?", tuple(answers)),
        *(Section(heading, items(kinds), *_end(mail_id, reader, kinds, told)) for heading, kinds in AFTER),
    ]
    return tuple(section for section in every if section.items)


def _once(told: list[Told]) -> list[Told]:
    # Thanks say what came of it too, so an answer beside them would be said twice; a note is not in them.
    thanked = {one.introduction_ref for one in told if one.kind is NewsKind.THANKED}
    return [
        one
        for one in told
        if one.kind is not NewsKind.ANSWERED or one.note or one.introduction_ref not in thanked
    ]


def _end(
    mail_id: int, reader: Person, kinds: tuple[NewsKind, ...], told: list[Told]
) -> tuple[str, tuple[Way, ...]]:
    """Ask for a sharper wish after the first passes of a round, and not again in it."""
    if not any(one.kind is NewsKind.PASSED and one.kind in kinds for one in told):
        return "", ()
    round_id = news_facts.round_to_sharpen_for(mail_id, reader.id)
    return (SHARPEN, (Way("Say it more exactly", links.wish(reader, round_id)),)) if round_id else ("", ())


def _item(reader: Person, told: Told, now: datetime) -> Item:
    return _WRITERS[told.kind](reader, told, now)


def _introduced(reader: Person, told: Told, _: datetime) -> Item:
    why = f"{told.synergy.words}." if told.synergy else ""
    return Item(
        f"{told.other} introduced you to {told.contact}.", why, _line(told.reason), _answers(reader, told)
    )


def _withdrawn(_reader: Person, told: Told, _: datetime) -> Item:
    return Item(f"{told.other} took back the introduction to {told.contact}.")


def _how(reader: Person, told: Told, _: datetime) -> Item:
    day = f" on {wording.day_words(told.made_on)}" if told.made_on else ""
    return Item(
        f"{told.other} introduced you to {told.contact}{day}. A word about it is a gift to "
        f"{first_name(told.other)}.",
        ways=_answers(reader, told),
    )


def _drafted(reader: Person, told: Told, _: datetime) -> Item:
    whom = first_name(told.other) if told.asks_member else told.contact or "them"
    day = zones.local_day(told.drafted_at, zones.zone(reader.zone)) if told.drafted_at else None
    token = links.promise_token(reader, told.commitment_id or 0, (told.contact,))
    ways = tuple(
        Way(words, links.promise(token, "draft", say))
        for words, say in (("Yes, I sent it", "sent"), ("Not yet", None), ("Drop it", "drop"))
    )
    return Item(
        f"Did you send it to {whom}, for {told.other}?",
        f"Draft of {wording.day_words(day)}." if day else "",
        ways=ways,
    )


def _thanked(_reader: Person, told: Told, _: datetime) -> Item:
    answer = f": {_ANSWERS[told.outcome]}" if told.outcome else ""
    return Item(
        f"{told.other} thanks you for the introduction to {told.contact}{answer}.", quote=_line(told.thanks)
    )


def _answered(_reader: Person, told: Told, _: datetime) -> Item:
    answer = _ANSWERS[told.outcome] if told.outcome else ""
    return Item(f"{first_name(told.other)} says about {told.contact}: {answer}.", quote=_line(told.note))


def _passed(_reader: Person, told: Told, _: datetime) -> Item:
    return Item(f"{told.other} looked, and found no fit for you this round.", quote=_line(told.passed_line))


def _look_again(reader: Person, told: Told, _: datetime) -> Item:
    look = links.promise(links.promise_token(reader, told.commitment_id or 0))
    return Item(
        f"{told.other} now says more exactly whom to meet.",
        "You found no fit before.",
        quote=_line(told.wish),
        ways=(Way("Look again", look),),
    )


def _fifteen(reader: Person, _told: Told, now: datetime) -> Item:
    ahead = [one.first_name for one in choosing.choose(reader.id, now)]
    waiting = len(parked.all_of(reader.id))
    ideas = f" {wording.count_of(waiting, 'idea').capitalize()} of yours wait there." if waiting else ""
    return Item(
        f"Fifteen minutes for {wording.listed(ahead or ['your circles'])}.",
        f"{QUESTIONS}{ideas}",
        ways=(
            Way("Begin", links.absolute("sittings.show")),
            Way("Other days, or none", links.absolute("quarters.show")),
        ),
    )


def _weekly(reader: Person, told: Told, now: datetime) -> Item:
    round_ = letter_facts.round_facts(told.round_id or 0)
    zone = zones.zone(reader.zone)
    days_left = (zones.local_day(round_.due_at, zone) - zones.local_day(now, zone)).days
    left = [
        ("you" if person_id == reader.id else first_name(name), count)
        for person_id, name, count in letter_facts.left_to_make(round_.id)
    ]
    line = wording.weekly_line(round_.circle_name, closings.tally_of(round_.id), days_left, left)
    url = links.absolute("circles.organise", circle_id=told.circle_ref)
    return Item(f"{line}.", ways=(Way("See who has what open", url),))


def _undeliverable(_reader: Person, told: Told, _: datetime) -> Item:
    return Item(f"Mail to {told.other} is refused by their mail server; speak to them.")


def _answers(reader: Person, told: Told) -> tuple[Way, ...]:
    def way(words: str, say: Outcome | None = None, anchor: str | None = None) -> Way:
        return Way(words, links.introduction(reader, told.introduction_ref, say, anchor))

    return (*(way(one.words, one) for one in Outcome), way("Say thanks", anchor="thanks"))


def _line(text: str) -> str:
    return " ".join(text.split())


_WRITERS: dict[NewsKind, Callable[[Person, Told, datetime], Item]] = {
    NewsKind.INTRODUCED: _introduced,
    NewsKind.WITHDRAWN: _withdrawn,
    NewsKind.HOW_DID_IT_GO: _how,
    NewsKind.DRAFTED: _drafted,
    NewsKind.THANKED: _thanked,
    NewsKind.ANSWERED: _answered,
    NewsKind.PASSED: _passed,
    NewsKind.LOOK_AGAIN: _look_again,
    NewsKind.FIFTEEN_MINUTES: _fifteen,
    NewsKind.WEEKLY: _weekly,
    NewsKind.UNDELIVERABLE: _undeliverable,
}
