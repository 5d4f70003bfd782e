"""The rounds of the demo circle: opened and closed by the site's own services, at moments in the past."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction, Person, Round, StoredRhythm
from circle.rules import zones
from circle.rules.recurrence import Pattern
from circle.rules.states import Channel, CommitmentState, Outcome
from circle.services.knowing import contacts
from circle.services.post import reminders
from circle.services.rounds import closings, openings
from circle.services.running import demo_story as story

TUESDAY = 1
WEEKS = 4
DUE_DAYS = 24
OPENS, DUE = time(9), time(17)
OPEN_SINCE_DAYS = 14
EVENING = time(18, tzinfo=UTC)

CHANNELS = (Channel.EMAIL, Channel.EMAIL, Channel.IN_PERSON, Channel.CALL, Channel.EMAIL, Channel.MESSAGE)
GRATEFUL = frozenset({Outcome.MET, Outcome.LED_ON})


@dataclass(frozen=True, slots=True)
class _Voices:
    """What is said next: names, reasons for each receiver, what came of it, thanks."""

    names: Iterator[str] = field(default_factory=lambda: iter(story.CONTACTS))
    reasons: tuple[Iterator[str], ...] = field(default_factory=lambda: tuple(map(cycle, story.REASONS)))
    outcomes: Iterator[Outcome | None] = field(default_factory=lambda: cycle(story.OUTCOMES))
    thanks: Iterator[str] = field(default_factory=lambda: cycle(("", *story.THANKS)))
    shared: Iterator[bool] = field(default_factory=lambda: cycle((True, False, True)))


def play(circle: Circle, people: list[Person], now: datetime) -> None:
    """Let the rounds run until now, the last one still open; inside a unit of work."""
    voices = _Voices()
    slots = _slots(zones.local_day(now, zones.zone(circle.zone)))
    for at, slot in enumerate(slots):
        due_at = _utc(circle, datetime.combine(slot.date() + timedelta(days=DUE_DAYS), DUE))
        round_ = openings.open_round(circle, slot, due_at, _utc(circle, slot), story.THEMES[at])
        if round_ is None:
            raise RuntimeError(f"the demo's slot {slot} is used already")
        board = _Board(round_, people, at, slot.date(), voices)
        board.keep_promises(now)
        if slot is slots[-1]:
            reminders.schedule(round_, now)
        else:
            _end(board, circle, due_at)
    _go_on(circle, slots)


class _Board:
    """One round's promises by seat, and what became of each."""

    def __init__(
        self, round_: Round, people: list[Person], at: int, opened_on: date, voices: _Voices
    ) -> None:
        self.round = round_
        self.people = people
        self.opened_on = opened_on
        self.voices = voices
        self.is_open = at == len(story.PROMISES) - 1
        self.letters = {
            (giver, receiver): letter
            for giver, row in enumerate(story.PROMISES[at])
            for receiver, letter in enumerate(row)
            if giver != receiver
        }
        self.promises = self._promises()

    def keep_promises(self, now: datetime) -> None:
        """Introduce, ask and pass as the story says, but for what is late."""
        for pair, letter in self.letters.items():
            if letter == "i":
                self._introduce(pair, self._day(pair, now), now)
            elif letter == "a":
                self._ask(pair, now - timedelta(days=4))
            elif letter == "p":
                self._pass_on(pair, self._day(pair, now))

    def keep_late_promises(self, due_at: datetime) -> None:
        """Introduce what the story says came after the due day."""
        for pair, letter in self.letters.items():
            if letter == "l":
                self._introduce(pair, due_at.date() + timedelta(days=2), due_at, late=True)

    def _introduce(self, pair: tuple[int, int], made_on: date, now: datetime, *, late: bool = False) -> None:
        promise = self.promises[pair]
        told = self._told(pair)
        logged_at = datetime.combine(made_on, EVENING)
        promise.state, promise.changed_at, promise.late = CommitmentState.INTRODUCED, logged_at, late
        answered_at = logged_at + timedelta(days=6)
        answered = answered_at < now or not self.is_open or bool(told.thanks)
        db.session.add(
            Introduction(
                circle_id=promise.circle_id,
                round_id=promise.round_id,
                commitment_id=promise.id,
                giver_id=promise.giver_id,
                receiver_id=promise.receiver_id,
                contact_id=contacts.keep(promise.giver_id, told.contact, logged_at),
                contact_name=told.contact,
                synergy=told.synergy,
                channel=CHANNELS[sum(pair) % len(CHANNELS)],
                reason=told.reason,
                made_on=made_on,
                late=late,
                logged_at=logged_at,
                **(self._answer(told, min(answered_at, now - timedelta(hours=2))) if answered else {}),
            )
        )

    def _answer(self, told: story.Told, at: datetime) -> dict[str, object]:
        if told.outcome is None:
            return {}
        thanks = told.thanks or (next(self.voices.thanks) if told.outcome in GRATEFUL else "")
        answer: dict[str, object] = {"outcome": told.outcome, "outcome_at": at}
        if thanks:
            shared = bool(told.thanks) or next(self.voices.shared)
            answer |= {"thanks": thanks, "thanks_at": at, "thanks_shared": shared}
        return answer

    def _told(self, pair: tuple[int, int]) -> story.Told:
        if self.is_open and pair in story.TOLD:
            return story.TOLD[pair]
        giver, receiver = pair
        name = next(self.voices.names)
        # In a hurry people log a name and no more.
        speaks = self.is_open or (giver + receiver + (self.round.number or 0)) % 2 == 0
        reason = next(self.voices.reasons[receiver]).format(name.split()[0]) if speaks else ""
        synergy = story.SYNERGIES[(giver * 2 + receiver + (self.round.number or 0)) % len(story.SYNERGIES)]
        return story.Told(name, synergy, reason, next(self.voices.outcomes))

    def _ask(self, pair: tuple[int, int], at: datetime) -> None:
        promise = self.promises[pair]
        promise.state, promise.changed_at, promise.asked_at = CommitmentState.ASKING, at, at
        promise.contact_id = contacts.keep(promise.giver_id, story.ASKED[pair], at)

    def _pass_on(self, pair: tuple[int, int], day: date) -> None:
        promise = self.promises[pair]
        promise.state, promise.changed_at = CommitmentState.PASSED, datetime.combine(day, EVENING)
        promise.passed_line = story.PASSED_LINE

    def _day(self, pair: tuple[int, int], now: datetime) -> date:
        last = min(DUE_DAYS - 1, (now.date() - self.opened_on).days - 1)
        return self.opened_on + timedelta(days=1 + (pair[0] * 5 + pair[1] * 3) % last)

    def _promises(self) -> dict[tuple[int, int], Commitment]:
        seats = {person.id: seat for seat, person in enumerate(self.people)}
        found = db.session.scalars(select(Commitment).where(Commitment.round_id == self.round.id))
        return {(seats[one.giver_id], seats[one.receiver_id]): one for one in found}


def _end(board: _Board, circle: Circle, due_at: datetime) -> None:
    db.session.flush()
    if all(letter in "ip" for letter in board.letters.values()):
        closings.tell_when_all_done(board.round, due_at - timedelta(days=1))
    closings.close(board.round, circle, due_at)
    board.keep_late_promises(due_at)
    db.session.flush()


def _go_on(circle: Circle, slots: list[datetime]) -> None:
    last = slots[-1]
    circle.next_opening_at = _utc(circle, last + timedelta(weeks=WEEKS))
    db.session.add(
        StoredRhythm(
            circle_id=circle.id,
            pattern=Pattern.WEEKLY,
            interval=WEEKS,
            weekday=TUESDAY,
            starts_on=slots[0].date(),
            opens_at=OPENS,
            due_days=DUE_DAYS,
            due_time=DUE,
            used_slot=last,
        )
    )
    db.session.flush()


def _slots(today: date) -> list[datetime]:
    """Return when the rounds opened: Tuesdays four weeks apart, the last at least two weeks ago."""
    earliest = today - timedelta(days=OPEN_SINCE_DAYS)
    last = earliest - timedelta(days=(earliest.weekday() - TUESDAY) % 7)
    rounds = len(story.PROMISES)
    days = [last - timedelta(weeks=WEEKS * back) for back in reversed(range(rounds))]
    return [datetime.combine(day, OPENS) for day in days]


def _utc(circle: Circle, local: datetime) -> datetime:
    return zones.to_utc(local, zones.zone(circle.zone))
