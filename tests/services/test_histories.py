"""Histories: whatever people, rhythms and the worker do in whatever order, a circle's promises hold."""

from datetime import date, datetime, time, timedelta
from itertools import islice, permutations
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from sqlalchemy import select, text

from circle.extensions import db
from circle.models import Circle, Commitment, Membership, RosterMember, Round
from circle.models.base import Base
from circle.rules.errors import Refusal
from circle.rules.limits import Limits
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.schedule import look, planned
from circle.rules.states import Role, RoundState
from circle.services.membership import absences, memberships, seats
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
START = date(2026, 11, 3)

WEEKLY = Rhythm(pattern=Pattern.WEEKLY, starts_on=START, weekday=1, due_days=5)
RHYTHMS = (
    WEEKLY,
    Rhythm(pattern=Pattern.WEEKLY, starts_on=START, weekday=3, interval=2, due_days=9, opens_at=time(1, 30)),
    Rhythm(pattern=Pattern.MONTHLY_DAY, starts_on=START, monthday=31, due_days=12),
    Rhythm(pattern=Pattern.MONTHLY_WEEKDAY, starts_on=START, weekday=1, nth=-1, due_days=17),
    Rhythm(pattern=Pattern.MONTHLY_LAST_DAY, starts_on=START, due_days=0, opens_at=time(8), rounds=5),
)
DAYS = st.integers(0, 20)


class History(RuleBasedStateMachine):
    """One circle of Ada's over months; every step may be refused, none may break a promise."""

    app: Flask

    @initialize(rhythm=st.sampled_from(RHYTHMS))
    def begin(self, rhythm: Rhythm) -> None:
        self.scope = self.app.app_context()
        self.scope.push()
        self.cast = Cast(self.app)
        self.now = NOON
        self.stage = self.cast.circle("Ben", "Cy", "Dee", "Eve")
        self.sealed: dict[int, Any] = {}
        self.due: set[datetime] = set()
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

    @rule(days=DAYS, hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += timedelta(days=days, hours=hours, minutes=7)

    @rule(days=DAYS)
    def the_worker_passes(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=1)
        before = self._numbered()
        for person_id in absences.people_turning(self.now):
            absences.turn(person_id, self.now)
        if self.stage.id in turns.circles_to_open(self.now):
            turns.open_due(self.stage.id, self.now, LIMITS)
        for round_id in turns.rounds_to_turn(self.now):
            turns.turn(round_id, self.now)
        assert len(self._numbered() - before) <= 1, "one downtime opened two rounds"
        self._nothing_is_forgotten()

    @rule(at=st.integers(0, 3), by=st.integers(-9, 9), longer=st.integers(0, 9))
    def move(self, at: int, by: int, longer: int) -> None:
        one = self._ahead(at)
        if one:
            opens, due = one.opens_local + timedelta(days=by), one.due_local + timedelta(days=by + longer)
            self._try(exceptions.alter, one.slot, opens, due)

    @rule(at=st.integers(0, 3))
    def skip(self, at: int) -> None:
        one = self._ahead(at)
        if one:
            self._try(exceptions.skip, one.slot)

    @rule(at=st.integers(0, 3))
    def restore(self, at: int) -> None:
        one = self._ahead(at)
        if one:
            self._try(exceptions.restore, one.slot)

    @rule(rhythm=st.sampled_from(RHYTHMS))
    def edit(self, rhythm: Rhythm) -> None:
        self._try(rhythms.set_rhythm, rhythm)

    @rule()
    def drop(self) -> None:
        self._try(rhythms.drop_rhythm)

    @rule(days=st.integers(1, 60))
    def pause(self, days: int) -> None:
        self._try(pauses.pause, self.now.date() + timedelta(days=days))

    @rule()
    def resume(self) -> None:
        self._try(pauses.resume)

    @rule(days=st.integers(0, 12))
    def open_by_hand(self, days: int) -> None:
        due_on = self.now.date() + timedelta(days=days)
        try:
            by_hand.open_now(self.stage.id, self.ada, due_on, time(17), self.now, limits=LIMITS)
        except Refusal:
            db.session.rollback()

    @rule(days=st.integers(0, 12))
    def extend(self, days: int) -> None:
        self._try(by_hand.extend, self._newest(), self.now.date() + timedelta(days=days), time(17))

    @rule()
    def close_early(self) -> None:
        self._try(by_hand.close, self._newest())

    @rule(days=st.integers(0, 12))
    def reopen(self, days: int) -> None:
        self._try(by_hand.reopen, self._newest(), self.now.date() + timedelta(days=days), time(17))

    @rule()
    def open_with_few(self) -> None:
        try:
            turns.open_with_few(self.stage.id, self.ada, self.now, LIMITS)
        except Refusal:
            db.session.rollback()

    @rule(who=st.sampled_from(OTHERS))
    def join(self, who: str) -> None:
        person = self.cast.person(who)
        try:
            with writing():
                circle = lock_circle(self.stage.id)
                seats.take(self.stage.id, person.id, Role.MEMBER, LIMITS, self.now)
                schedules.follow(circle, self.now)
        except Refusal:
            db.session.rollback()

    @rule(who=st.sampled_from(OTHERS))
    def join_this_round(self, who: str) -> None:
        membership = self._membership(who)
        if membership:
            self._try(late_joining.add_to_round, membership)

    @rule(who=st.sampled_from(OTHERS))
    def leave(self, who: str) -> None:
        memberships.leave(self.stage.id, self.cast.person(who).id, self.now)

    @rule(who=st.sampled_from(["Ada", *OTHERS]), start=st.integers(0, 5), length=st.integers(0, 20))
    def go_away(self, who: str, start: int, length: int) -> None:
        first = self.now.date() + timedelta(days=start)
        try:
            person = self.cast.person(who)
            absences.go_away(person.id, first, first + timedelta(days=length), self.now)
        except Refusal:
            db.session.rollback()

    @rule(who=st.sampled_from(["Ada", *OTHERS]))
    def come_back(self, who: str) -> None:
        absences.come_back(self.cast.person(who).id, self.now)

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
        for one in rounds:
            if one.number:
                self._one_row_a_pair(one)
            if one.state is RoundState.SEALED:
                facts = self._facts(one)
                assert self.sealed.setdefault(one.id, facts) == facts, "a sealed round changed"
        db.session.rollback()

    def _every_slot_is_accounted_for(self, used: set[datetime]) -> None:
        circle = db.session.get_one(Circle, self.stage.id, populate_existing=True)
        schedule = schedules.schedule_of(circle)
        past = look(schedule, self.now)[0] if schedule else []
        waiting = (
            {one.slot for one in past} | {one.slot for one in islice(planned(schedule), 60)}
            if schedule
            else set()
        )
        self.due |= {one.slot for one in past}
        assert self.due - waiting <= used, "a slot has passed and nobody wrote down why it did not open"

    def _one_row_a_pair(self, one: Round) -> None:
        roster = select(RosterMember.person_id).where(RosterMember.round_id == one.id)
        people = set(db.session.scalars(roster))
        pairs = db.session.execute(
            select(Commitment.giver_id, Commitment.receiver_id).where(Commitment.round_id == one.id)
        )
        assert sorted(tuple(pair) for pair in pairs) == sorted(permutations(people, 2))

    def _facts(self, one: Round) -> Any:
        promises = select(Commitment.giver_id, Commitment.receiver_id, Commitment.state, Commitment.late)
        rows = db.session.execute(promises.where(Commitment.round_id == one.id).order_by(Commitment.id))
        return one.number, one.slot, one.due_at, one.sealed_at, one.state, [tuple(row) for row in rows]

    def _nothing_is_forgotten(self) -> None:
        circle = db.session.get_one(Circle, self.stage.id, populate_existing=True)
        schedule = schedules.schedule_of(circle)
        past = look(schedule, self.now)[0] if schedule else []
        waiting = [one for one in past if not one.skipped]
        assert len(waiting) <= 1, "slots have passed without a word"
        assert not waiting or circle.held_at, "a slot neither opened nor was skipped, and nothing waits"
        db.session.rollback()

    def _try(self, do: Any, *what: Any) -> None:
        try:
            do(self.stage.id, self.ada, *what, self.now)
        except Refusal:
            db.session.rollback()

    def _ahead(self, at: int) -> Any:
        ahead = schedules.ahead(self.stage.id, self.now, 4)
        db.session.rollback()
        return ahead[at] if at < len(ahead) else None

    def _newest(self) -> int:
        return max(self._numbered(), default=1)

    def _numbered(self) -> set[int]:
        return {one.number for one in self._rounds() if one.number}

    def _rounds(self) -> list[Round]:
        found = select(Round).where(Round.circle_id == self.stage.id).order_by(Round.id)
        return list(db.session.scalars(found.execution_options(populate_existing=True)))

    def _membership(self, who: str) -> int | None:
        person = self.cast.person(who)
        found = select(Membership.id).where(
            Membership.circle_id == self.stage.id, Membership.person_id == person.id
        )
        row = db.session.scalar(found)
        db.session.rollback()
        return row


def _play(app: Flask, runs: int, *, random: bool = False) -> None:
    History.app = app
    found = settings(
        max_examples=runs, stateful_step_count=25, deadline=None, database=None, derandomize=not random
    )
    run(History, settings=found)


def test_no_history_breaks_a_promise(app: Flask) -> None:
    _play(app, 150)


@pytest.mark.proof
def test_no_history_of_thousands_breaks_a_promise(app: Flask) -> None:
    _play(app, 2500, random=True)
