"""The worker: one pass opens, closes and writes what is due now; the loop passes again and again.

What is to be sent goes out beside it, over connections of its own: a slow mail keeps no round waiting.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from flask import Flask, current_app

from circle import clock
from circle.config import Settings
from circle.letters import sending
from circle.rules.limits import Limits
from circle.rules.wording import count_of
from circle.services.farewell import erasure
from circle.services.knowing import imports, terms
from circle.services.meeting import meetings
from circle.services.membership import absences, archiving, handing_on
from circle.services.post import daily, outbox, plans, retention
from circle.services.rounds import turns
from circle.services.running import site
from circle.services.work import end_reading

SECONDS_TO_END = 5.0
"""From being asked to end until the mails in hand are given back; serve.PATIENCE_SECONDS is longer."""

CONTACTS_A_PASS = 1_000
"""Read anew in one pass, after new rules came with an update: for a second, then rounds and letters again."""

log = logging.getLogger(__name__)


def tick(now: datetime) -> list[str]:
    """Do one pass as of a moment, send over one connection what is due, and say in words what was done."""
    never = threading.Event()
    done = list(_pass(now, never))
    if _settings().sends_mail or _settings().local:
        done += sending.Sender(lambda: now, never, sending.Way()).drain()
    site.record_tick(clock.now())
    return done


def plan(now: datetime) -> list[str]:
    """Say in words what one pass would do as of a moment, and change nothing."""
    return plans.of_a_pass(now)


def run(stop: threading.Event) -> None:
    """Pass until told to stop, or until the program that started this one is gone.

    It ends within SECONDS_TO_END: mails in hand are finished, or given back if their DATA has not begun.
    """
    asked = _stop_on_signals(stop)
    parent = os.getppid()
    senders = _senders()
    senders.start()
    while not stop.is_set() and os.getppid() == parent:
        _pass_once(stop)
        stop.wait(current_app.config["WORKER_SECONDS"])
    senders.end(until=(asked.at or time.monotonic()) + SECONDS_TO_END)


class _Asked:
    """When a signal asked this program to end, as `time.monotonic` tells it."""

    def __init__(self, stop: threading.Event) -> None:
        self.at: float | None = None
        self._stop = stop

    def hear(self, *_: object) -> None:
        self.at = self.at or time.monotonic()
        self._stop.set()


def _senders() -> sending.Senders:
    settings = _settings()
    count = settings["MAIL_CONNECTIONS"] if settings.sends_mail else int(settings.local)
    if count:
        site.try_mail_again()
    # The application itself: a proxy means nothing in another thread.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return sending.Senders(app, count, clock.now, settings["WORKER_SECONDS"])


def _pass_once(stop: threading.Event) -> None:
    try:
        for words in _pass(clock.now(), stop):
            log.info(words)
        site.record_tick(clock.now())
    except Exception:
        # The database may be away for a moment: the next pass looks again.
        log.exception("this pass ended early")
    finally:
        end_reading()


def _pass(now: datetime, stop: threading.Event) -> Iterator[str]:
    limits = _limits()
    each = partial(_each, stop)
    yield from each(absences.people_turning(now), lambda one: absences.turn(one, now))
    yield from each(turns.circles_to_open(now), lambda one: turns.open_due(one, now, limits))
    yield from each(turns.rounds_to_turn(now), lambda one: turns.turn(one, now))
    yield from each(daily.people_due(now), lambda one: _write_daily(one, now))
    yield from each(handing_on.circles_out_of_reach(now), lambda one: handing_on.hand_on(one, now))
    yield from each(archiving.circles_to_erase(now), lambda one: archiving.erase(one, now))
    yield from each(erasure.people_to_erase(now), lambda one: erasure.erase(one, now))
    yield from _settle_lost(now)
    yield from _renew_terms(stop)
    retention.forget_settled(now)
    imports.forget_waiting(now)
    meetings.forget_old(now)


def _each(stop: threading.Event, due: Iterable[int], do: Callable[[int], str]) -> Iterator[str]:
    for one in due:
        if stop.is_set():
            return
        try:
            words = do(one)
        except Exception:
            # What is wrong with one circle must not keep the others waiting.
            log.exception("one piece of work failed")
            words = "Something failed; the log says what."
        if words:
            yield words


def _write_daily(person_id: int, now: datetime) -> str:
    return f"Wrote the daily letter of person {person_id}." if daily.write_daily(person_id, now) else ""


def _settle_lost(now: datetime) -> Iterator[str]:
    lost = outbox.sweep(now)
    if lost:
        yield f"Gave up {lost} mails that ran out or may not have arrived."


def _renew_terms(stop: threading.Event) -> Iterator[str]:
    """Read contacts anew when rules have changed; what a pass leaves is left to the next one."""
    renewed = 0
    try:
        while not stop.is_set() and renewed < CONTACTS_A_PASS and (batch := terms.renew()):
            renewed += batch
    except Exception:
        log.exception("contacts could not be read anew")
    if renewed:
        yield f"Read {count_of(renewed, 'contact')} anew."


def _limits() -> Limits:
    settings = _settings()
    return Limits(settings["CIRCLE_MIN_MEMBERS"], settings["CIRCLE_MAX_MEMBERS"])


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _stop_on_signals(stop: threading.Event) -> _Asked:
    asked = _Asked(stop)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, asked.hear)
    return asked
