"""Histories: whatever people, rhythms and the worker do in whatever order, a circle's promises hold."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, permutations
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import Select, bindparam, select, text

from circle.extensions import db
from circle.models import Circle, Commitment, Introduction, Membership, RosterMember, Round
from circle.models.base import Base
from circle.rules.errors import Refusal
from circle.rules.limits import Limits
from circle.rules.rhythm import Occurrence, Pattern, Rhythm
from circle.rules.schedule import look, planned
from circle.rules.states import Role, RoundState
from circle.services.giving import commitments, introductions
from circle.services.giving.introductions import Logging
from circle.services.membership import absences, archiving, memberships, seats
from circle.services.rounds import (
    by_hand,
    exceptions,
    late_joining,
    pauses,
    rhythms,
    schedules,
    turns,
)
from circle.services.work import lock_circle, writing
from tests.cast import DOES, NOON, Cast

LIMITS = Limits(4, 6)
OTHERS = [first for first in DOES if first != "Ada"]
PAIRS = list(permutations(DOES, 2))
LATER = timedelta(days=110)
"""PostgreSQL lives its histories over the spring's clock changes, SQLite over the winter."""

WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=date(2026, 11, 3), weekday=1, due_days=5)
RHYTHMS = (
    WEEKLY,
    Rhythm(
        pattern=Pattern.WEEKLY,
        starts_on=WEEKLY.starts_on,
        weekday=6,
        interval=2,
        due_days=9,
        opens_at=time(2, 30),
    ),
    Rhythm(pattern=Pattern.MONTHLY_DAY, starts_on=WEEKLY.starts_on, monthday=31, due_days=12),
    Rhythm(pattern=Pattern.MONTHLY_WEEKDAY, starts_on=WEEKLY.starts_on, weekday=1, nth=-1, due_days=17),
    Rhythm(
        pattern=Pattern.MONTHLY_LAST_DAY,
        starts_on=WEEKLY.starts_on,
        due_days=0,
        opens_at=time(8),
        rounds=5,
    ),
)
OF_THE_CIRCLE = bindparam("circle_id")
ROUNDS = (
    select(Round.id, Round.number, Round.slot, Round.state, Round.due_at, Round.sealed_at, Round.skipped_why)
    .where(Round.circle_id == OF_THE_CIRCLE)
    .order_by(Round.id)
)
ROSTERS = select(RosterMember.round_id, RosterMember.person_id).where(RosterMember.circle_id == OF_THE_CIRCLE)
PROMISES = (
    select(
        Commitment.round_id, Commitment.giver_id, Commitment.receiver_id, Commitment.state, Commitment.late
    )
    .where(Commitment.circle_id == OF_THE_CIRCLE)
    .order_by(Commitment.id)
)
MADE = (
    select(Introduction.round_id, Introduction.id, Introduction.withdrawn_at, Introduction.late)
    .where(Introduction.circle_id == OF_THE_CIRCLE)
    .order_by(Introduction.id)
)

ANY = st.integers(0, 2)
DAYS = st.integers(0, 12)
SHIFTS = st.sampled_from((-8, -7, -1, 0, 1, 3, 8))


class History(RuleBasedStateMachine):
    """One circle of Ada's over months; every step may be refused, none may break a promise."""

    app: Flask

    @initialize(rhythm=st.sampled_from(RHYTHMS))
    def begin(self, rhythm: Rhythm) -> None:
        self.scope = self.app.app_context()
        self.scope.push()
        self.cast = Cast(self.app)
        self.now = NOON if db.engine.dialect.name == "sqlite" else NOON + LATER
        self.stage = self.cast.circle("Ben", "Cy", "Dee", "Eve")
        self.sealed: dict[int, Any] = {}
        self.known: dict[datetime, datetime] = {}
        self.ada = self.cast.person("Ada").id
        rhythms.set_rhythm(self.stage.id, self.ada, rhythm, self.now)

    def teardown(self) -> None:
        if hasattr(self, "scope"):
            db.session.remove()
            with db.engine.connect().execution_options(writes=True) as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608 - our own names
                connection.commit()
            self.scope.pop()

    @rule(days=st.integers(1, 6))
    def days_pass(self, days: int) -> None:
        for _ in range(days):
            self._pass(timedelta(days=1))

    @rule(weeks=st.integers(1, 5), hours=st.integers(0, 23))
    def the_server_was_off(self, weeks: int, hours: int) -> None:
        self._pass(timedelta(weeks=weeks, hours=hours, minutes=1))

    @rule(days=DAYS, hours=st.integers(0, 23))
    def time_passes_without_the_worker(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours, minutes=7)

    @rule(
        what=st.sampled_from(("move", "move", "skip", "restore")),
        at=ANY,
        by=SHIFTS,
        more=DAYS,
    )
    def change_one_round(self, what: str, at: int, by: int, more: int) -> None:
        one = self._ahead(at)
        if one is None:
            return
        if what == "move":
            opens, due = one.opens_local + timedelta(days=by), one.due_local + timedelta(days=by + more)
            self._try(exceptions.alter, one.slot, opens, due)
        else:
            self._try(exceptions.skip if what == "skip" else exceptions.restore, one.slot)

    @rule(rhythm=st.sampled_from((None, *RHYTHMS)))
    def another_rhythm(self, rhythm: Rhythm | None) -> None:
        coming = {slot for slot, opens_at in self.known.items() if opens_at > self.now}
        done = self._try(rhythms.set_rhythm, rhythm) if rhythm else self._try(rhythms.drop_rhythm)
        if done:
            self.known = {slot: at for slot, at in self.known.items() if slot not in coming}

    @rule(days=st.integers(0, 60))
    def pause_or_resume(self, days: int) -> None:
        if days > 9:
            self._try(pauses.pause, self.now.date() + timedelta(days=days))
        else:
            self._try(pauses.resume)

    @rule(what=st.sampled_from(("open", "few", "extend", "close", "reopen")), days=DAYS)
    def by_hand(self, what: str, days: int) -> None:
        due_on, newest = self.now.date() + timedelta(days=days), max(self._numbered(), default=1)
        if what == "open":
            self._allow(
                lambda: by_hand.open_now(self.stage.id, self.ada, due_on, time(17), self.now, limits=LIMITS)
            )
        elif what == "few":
            self._allow(lambda: turns.open_with_few(self.stage.id, self.ada, self.now, LIMITS))
        elif what == "close":
            self._try(by_hand.close, newest)
        elif what == "extend":
            self._try(by_hand.extend, newest, due_on, time(17))
        else:
            # The one before is sealed where the newest has opened.
            self._try(by_hand.reopen, max(1, newest - days % 2), due_on, time(17))

    @rule(what=st.sampled_from(("join", "join this round", "leave")), who=st.sampled_from(OTHERS))
    def come_and_go(self, what: str, who: str) -> None:
        person = self.cast.person(who)
        if what == "leave":
            self._allow(lambda: memberships.leave(self.stage.id, person.id, self.now))
        elif what == "join":
            self._allow(lambda: self._seat(person.id))
        else:
            membership = self._membership(who)
            if membership:
                self._try(late_joining.add_to_round, membership)

    @rule(who=st.sampled_from(["Ada", *OTHERS]), start=st.integers(-3, 5), length=st.integers(0, 20))
    def be_away_or_back(self, who: str, start: int, length: int) -> None:
        person = self.cast.person(who)
        if start < 0:
            self._allow(lambda: absences.come_back(person.id, self.now))
        else:
            first = self.now.date() + timedelta(days=start)
            last = first + timedelta(days=length)
            self._allow(lambda: absences.go_away(person.id, first, last, self.now))

    @rule(
        what=st.sampled_from(("log", "log", "pass", "ask", "take back", "withdraw")),
        pair=st.sampled_from(PAIRS),
        before=st.integers(0, 1),
    )
    def promise(self, what: str, pair: tuple[str, str], before: int) -> None:
        giver, receiver = self.cast.person(pair[0]).id, self._ref(pair[1])
        number = max(self._numbered(), default=1) - before
        at = (giver, self.stage.id, number)
        said = Logging(contact_name="Rosa Lind", receiver_refs=(receiver,), made_on=self.now.date())
        do: dict[str, Callable[[], Any]] = {
            "log": lambda: introductions.log(*at, said, self.now),
            "pass": lambda: commitments.pass_on(*at, receiver, "", self.now),
            "ask": lambda: commitments.ask(*at, receiver, "Rosa Lind", self.now),
            "take back": lambda: commitments.reopen(*at, receiver, self.now),
            "withdraw": lambda: self._withdraw(giver),
        }
        self._allow(do[what])

    @rule(back=st.booleans())
    def archive(self, back: bool) -> None:
        self._try(archiving.unarchive if back else archiving.archive)

    @invariant()
    @precondition(lambda self: hasattr(self, "stage"))
    def the_promises_hold(self) -> None:
        db.session.rollback()
        rounds = self._rounds()
        slots = [one.slot for one in rounds]
        assert len(slots) == len(set(slots)), "a slot was used twice"
        assert sum(one.state is RoundState.OPEN for one in rounds) <= 1, "two rounds are open"
        assert all(one.skipped_why for one in rounds if one.state is RoundState.SKIPPED)
        numbers = sorted(one.number for one in rounds if one.number)
        assert numbers == list(range(1, len(numbers) + 1)), "numbers are not consecutive"
        self._every_slot_is_accounted_for(set(slots))
        self._one_row_a_pair_and_none_of_a_sealed_round_changes(rounds)
        db.session.rollback()

    def _pass(self, by: timedelta) -> None:
        """Let time go by, then look twice as two workers would: at most one round opens of it."""
        self.now += by
        before = self._numbered()
        for _ in range(2):
            for person_id in absences.people_turning(self.now):
                absences.turn(person_id, self.now)
            if self.stage.id in turns.circles_to_open(self.now):
                turns.open_due(self.stage.id, self.now, LIMITS)
            for round_id in turns.rounds_to_turn(self.now):
                turns.turn(round_id, self.now)
        assert len(self._numbered() - before) <= 1, "one downtime opened two rounds"
        self._nothing_waits_but_a_held_round()

    def _every_slot_is_accounted_for(self, used: set[datetime]) -> None:
        """Whatever was once planned is planned still, or written down as opened or skipped."""
        schedule = schedules.schedule_of(self._circle())
        coming = list(islice(planned(schedule), 16)) if schedule else []
        waiting = {one.slot for one in coming}
        assert self.known.keys() - waiting <= used, "a round vanished, and nobody wrote down why"
        self.known |= {one.slot: one.opens_at for one in coming[:6]}

    def _nothing_waits_but_a_held_round(self) -> None:
        circle = self._circle()
        schedule = None if circle.archived_at else schedules.schedule_of(circle)
        past = look(schedule, self.now)[0] if schedule else []
        waiting = [one for one in past if not one.skipped]
        assert len(waiting) <= 1, "slots have passed without a word"
        assert not waiting or circle.held_at, "a slot neither opened nor was skipped, and nothing waits"
        db.session.rollback()

    def _one_row_a_pair_and_none_of_a_sealed_round_changes(self, rounds: Sequence[Any]) -> None:
        rosters, promises, made = self._by_round(ROSTERS), self._by_round(PROMISES), self._by_round(MADE)
        for one in rounds:
            people = {person_id for _, person_id in rosters[one.id]}
            pairs = sorted((giver_id, receiver_id) for _, giver_id, receiver_id, *_ in promises[one.id])
            assert pairs == sorted(permutations(people, 2)), "not one row for each pair of the roster"
            if one.state is RoundState.SEALED:
                facts = (tuple(one), promises[one.id], made[one.id])
                assert self.sealed.setdefault(one.id, facts) == facts, "a sealed round changed"
        assert set(self.sealed) <= {one.id for one in rounds if one.state is RoundState.SEALED}

    def _by_round(self, statement: Select[Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in db.session.execute(statement, {"circle_id": self.stage.id}):
            found[row[0]].append(tuple(row))
        return found

    def _seat(self, person_id: int) -> None:
        with writing():
            circle = lock_circle(self.stage.id)
            seats.take(self.stage.id, person_id, Role.MEMBER, LIMITS, self.now)
            schedules.follow(circle, self.now)

    def _withdraw(self, giver_id: int) -> None:
        newest = select(Introduction.public_id).where(
            Introduction.giver_id == giver_id, Introduction.withdrawn_at.is_(None)
        )
        ref = db.session.scalar(newest.order_by(Introduction.id.desc()).limit(1))
        db.session.rollback()
        if ref:
            introductions.withdraw(giver_id, ref, self.now)

    def _try(self, do: Any, *what: Any) -> bool:
        return self._allow(lambda: do(self.stage.id, self.ada, *what, self.now))

    def _allow(self, do: Callable[[], Any]) -> bool:
        try:
            do()
        except Refusal:
            db.session.rollback()
            return False
        return True

    def _circle(self) -> Circle:
        return db.session.get_one(Circle, self.stage.id, populate_existing=True)

    def _ahead(self, at: int) -> Occurrence | None:
        ahead = schedules.ahead(self.stage.id, self.now, 4)
        db.session.rollback()
        return ahead[at] if at < len(ahead) else None

    def _numbered(self) -> set[int]:
        return {one.number for one in self._rounds() if one.number}

    def _rounds(self) -> Sequence[Any]:
        return db.session.execute(ROUNDS, {"circle_id": self.stage.id}).all()

    def _ref(self, first: str) -> str:
        found = select(Membership.public_id).where(
            Membership.circle_id == self.stage.id, Membership.person_id == self.cast.person(first).id
        )
        ref = db.session.scalar(found)
        db.session.rollback()
        return ref or "nobody"

    def _membership(self, who: str) -> int | None:
        person = self.cast.person(who)
        found = select(Membership.id).where(
            Membership.circle_id == self.stage.id, Membership.person_id == person.id
        )
        row = db.session.scalar(found)
        db.session.rollback()
        return row


def _play(app: Flask, runs: int, *, steps: int, random: bool = False) -> None:
    History.app = app
    found = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, derandomize=not random
    )
    run(History, settings=found)


def test_no_history_breaks_a_promise(app: Flask) -> None:
    _play(app, 120, steps=40)


@pytest.mark.proof
def test_no_history_of_thousands_breaks_a_promise(app: Flask) -> None:
    _play(app, 2500, steps=25, random=True)
